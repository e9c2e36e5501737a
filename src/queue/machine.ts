/** What a worker says of itself. */
import { arch, cpus, hostname, platform, release } from "node:os";
import type { Machine } from "./answer.ts";

/** @param name of the worker; by default its host's and its process's */
export function thisMachine(name = `${hostname()}-${process.pid}`): Machine {
  const deno = (globalThis as { Deno?: { version: { deno: string } } }).Deno;
  return {
    worker: name,
    software: deno ? `deno ${deno.version.deno}` : `node ${process.versions.node}`,
    platform: `${platform()} ${release()} ${arch()}`,
    processor: cpus()[0]?.model.trim() || "unknown",
  };
}
