/** The files beside others that are being written, and those that a killed process left. */
import { readlinkSync } from "node:fs";
import { readdir, rename, rm, stat } from "node:fs/promises";
import { hostname } from "node:os";
import { basename, dirname, join } from "node:path";
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";

/** Whose writer cannot be asked for is left this long: nothing here takes longer to write. */
const HOUR = 3_600_000;

/** Where processes have their numbers: containers may share a host's name and not those. */
function placeOfNumbers(): string {
  try {
    return readlinkSync("/proc/self/ns/pid");
  } catch {
    return ""; // no Linux
  }
}

const PLACE = `${hostname()}${placeOfNumbers()}`;
const HOST = bytesToHex(sha256(new TextEncoder().encode(PLACE))).slice(0, 8);
const NAME = /\.(?:([0-9a-f]{8})-(\d+)-)?[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\.part$/;

/** Names that this process gave and has not taken back. */
const live = new Set<string>();
const swept = new Set<string>();

/** A name for what will be `path`, which says who writes it. */
export function nameBeside(path: string): string {
  const name = `${path}.${HOST}-${process.pid}-${crypto.randomUUID()}.part`;
  live.add(name);
  return name;
}

/** Says that a name is no longer written to. */
export function doneBeside(name: string): void {
  live.delete(name);
}

function runs(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM"; // another user's
  }
}

async function isLeft(path: string, [, host, pid]: RegExpExecArray): Promise<boolean> {
  if (live.has(path)) return false;
  if (host === HOST && Number(pid) === process.pid) return true; // of one that had our number
  if (host === HOST && !runs(Number(pid))) return true;
  const found = await stat(path).catch(() => undefined);
  return found !== undefined && Date.now() - found.mtimeMs > HOUR;
}

/**
 * A name for what will be `path`, with what others left of it, if they did: who renames it has it
 * alone, and no one waits for anyone.
 */
export async function takeBeside(path: string): Promise<string> {
  const name = nameBeside(path);
  const folder = dirname(path);
  for (const other of await readdir(folder)) {
    const match = other.startsWith(`${basename(path)}.`) && NAME.exec(other);
    if (match && (await isLeft(join(folder, other), match)))
      await rename(join(folder, other), name).catch(() => {}); // another has it
  }
  return name;
}

/** Removes what killed processes left in a folder; once for each process. */
export async function sweep(folder: string): Promise<void> {
  if (swept.has(folder)) return;
  swept.add(folder);
  for (const name of await readdir(folder)) {
    const match = NAME.exec(name);
    const path = join(folder, name);
    // What cannot be removed is in nobody's way.
    if (match && (await isLeft(path, match)))
      await rm(path, { recursive: true, force: true }).catch(() => {});
  }
}
