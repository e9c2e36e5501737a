#!/usr/bin/env node
/** `rethink`. Its version is said without loading what the commands need. */
import about from "../../package.json" with { type: "json" };
import { print } from "../print.ts";

const [first] = process.argv.slice(2);
if (first === "--version" || first === "-V") print(about.version);
else await import("./main.ts");
