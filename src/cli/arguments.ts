/** How the command line reads an option's text; each throws InvalidArgumentError that says what it must be. */
import { InvalidArgumentError, Option } from "commander";
import { LONGEST } from "../queue/longest.ts";
import type { Part } from "../verification/part.ts";

export function whole(least: number, most = Number.MAX_SAFE_INTEGER) {
  const bounded = most < Number.MAX_SAFE_INTEGER;
  const range = bounded ? `from ${least} to ${most}` : `of ${least} or more`;
  return (text: string): number => {
    const n = Number(text);
    if (/^\d+$/.test(text) && n >= least && n <= most) return n;
    const limit = n > most && !bounded ? `, ${most} at most` : "";
    throw new InvalidArgumentError(`it must be an integer ${range}${limit}.`);
  };
}

export function origin(text: string): URL {
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol)) {
    throw new InvalidArgumentError("it must be an http or https address.");
  }
  return new URL(text);
}

export function queue(text: string): URL {
  if (!URL.canParse(text) || !/^(redis|valkey)s?:$|^rediss:$/.test(new URL(text).protocol)) {
    throw new InvalidArgumentError("it must be the address of Redis or Valkey, redis://HOST:PORT.");
  }
  return new URL(text);
}

/** A list with commas, each of a few names. */
export function among<T extends string>(names: readonly T[]) {
  return (text: string): T[] => {
    const all = text.split(",");
    const unknown = all.find((name) => !names.includes(name as T));
    if (unknown !== undefined)
      throw new InvalidArgumentError(`${unknown} is none of ${names.join(", ")}.`);
    return all as T[];
  };
}

/** A variable that is not set leaves an empty text behind. */
function nameOf(what: string) {
  return (text: string): string => {
    if (text === "") throw new InvalidArgumentError(`it must name a ${what}.`);
    return text;
  };
}

export const named = nameOf("file");
export const namedFolder = nameOf("folder");

/** A worker's name, as long as an answer may have it. */
export function workerName(text: string): string {
  if (text.length > 0 && text.length <= LONGEST) return text;
  throw new InvalidArgumentError(`it must have 1 to ${LONGEST} characters.`);
}

/** "2/8" */
export function part(text: string): Part {
  const [, k, n] = /^([1-9]\d{0,5})\/([1-9]\d{0,5})$/.exec(text) ?? [];
  if (!k || !n || Number(k) > Number(n))
    throw new InvalidArgumentError("it must be k/n, the k-th of n parts: 2/8.");
  return { part: Number(k), of: Number(n) };
}

/** Where models come from, for each command that may need one. */
export const fromOption = new Option(
  "--from <place>",
  "where models are fetched from: a folder, an archive, or an address (RETHINK_MODELS)",
);

/** Whose networks and claims. */
export const packOption = new Option(
  "--pack <folder>",
  "other networks and claims than the paper's: claims.json, models/, fixtures/ (RETHINK_PACK)",
).argParser(namedFolder);
