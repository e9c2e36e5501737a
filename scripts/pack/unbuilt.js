#!/usr/bin/env node
/**
 * What `npm pack` alone packs: .npmrc turns npm's scripts off, so that nothing was built, and this says so,
 * where it is installed or called. In a clone there is nothing to say.
 */
import { existsSync } from "node:fs";

if (!existsSync(new URL("../../src", import.meta.url))) {
  console.error(
    "rethink: this package was packed without being built; in the clone, npm run pack (or npm pack --ignore-scripts=false) makes the one to install",
  );
  process.exitCode = 2;
}
