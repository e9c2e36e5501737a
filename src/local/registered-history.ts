/** Whether what is registered was committed before what it is about: asked of git, not of the file. */
import { execFileSync, spawnSync } from "node:child_process";
import * as v from "valibot";
import {
  checkpointsOfEntry,
  type Entry,
  type Registered,
  RegisteredSchema,
  sayingOf,
} from "../claims/registered.ts";
import { InputError, MismatchError } from "../datasets/storage.ts";

const FILE = "fixtures/registered.json";

interface Tally {
  /** Entries in a commit before the first one with a model that they are about. */
  before: number;
  late: number;
  /** Entries about models that no commit has. */
  open: number;
}

function gitIn(folder: string) {
  return (...args: string[]): string => {
    try {
      return execFileSync("git", args, {
        cwd: folder,
        encoding: "utf8",
        maxBuffer: 2 ** 28,
        stdio: ["ignore", "pipe", "pipe"],
      }).trim();
    } catch (error) {
      const [line] = String((error as { stderr?: string }).stderr || error).split("\n");
      throw new InputError(`git ${args[0]} fails (${line}); this needs a clone with its history`);
    }
  };
}

/** The first commit with each checkpoint's model. */
function firstModels(git: ReturnType<typeof gitIn>): Map<string, string> {
  const log = git("log", "--reverse", "--no-renames", "--diff-filter=A", "--name-only", "--format=:%H", "--", "models"); // biome-ignore format: one command
  const first = new Map<string, string>();
  let commit = "";
  for (const line of log.split("\n")) {
    if (line.startsWith(":")) commit = line.slice(1);
    const id = /^models\/(.+)\/model\.onnx$/.exec(line)?.[1];
    if (id && !first.has(id)) first.set(id, commit);
  }
  return first;
}

const keyOf = (entry: Entry) =>
  `${"checkpoints" in entry ? "claim" : "recipe"} ${sayingOf(entry)}: ${entry.late ?? ""}`;

/**
 * The first commit with each entry, by its key.
 * @throws MismatchError if an entry was taken back, moved or changed after it was committed.
 */
function firstEntries(git: ReturnType<typeof gitIn>, now: Registered): Map<string, string> {
  const commits = git("log", "--reverse", "--diff-filter=AM", "--format=%H", "--", FILE)
    .split("\n")
    .filter(Boolean);
  const first = new Map<string, string>();
  let before: Registered = { recipes: [], claims: [] };
  const follow = (next: Registered, commit: string | undefined) => {
    for (const list of ["recipes", "claims"] as const) {
      const [was, is] = [before[list].map(keyOf), next[list].map(keyOf)];
      const lost = was.findIndex((key, k) => is[k] !== key);
      if (lost >= 0)
        throw new MismatchError(
          `${FILE}: ${before[list][lost]?.id} was changed or moved ${commit ? `in ${commit.slice(0, 12)}` : "here"}, after it was registered`,
        );
      for (const key of is) if (commit && !first.has(key)) first.set(key, commit);
    }
    before = next;
  };
  for (const commit of commits)
    follow(v.parse(RegisteredSchema, JSON.parse(git("show", `${commit}:${FILE}`))), commit);
  follow(now, undefined);
  return first;
}

/**
 * Holds every entry that is not late against the commits of a clone.
 * @throws MismatchError if one was registered with or after a model that it is about, or changed since;
 *   InputError without the whole history
 */
export function checkHistory(folder: string, registered: Registered): Tally {
  const git = gitIn(folder);
  if (git("rev-parse", "--is-shallow-repository") === "true")
    throw new InputError("this clone has a part of the history alone; git fetch --unshallow");
  const models = firstModels(git);
  const entries = firstEntries(git, registered);
  const earlier = new Map<string, boolean>();
  /** Whether a commit is an ancestor of another. */
  const isBefore = (a: string, b: string): boolean => {
    const key = `${a} ${b}`;
    const known = earlier.get(key);
    if (known !== undefined) return known;
    const asked = spawnSync("git", ["merge-base", "--is-ancestor", a, b], { cwd: folder });
    const is = a !== b && asked.status === 0;
    earlier.set(key, is);
    return is;
  };
  const tally: Tally = { before: 0, late: 0, open: 0 };
  for (const entry of [...registered.recipes, ...registered.claims]) {
    const about = checkpointsOfEntry(entry).filter((id) => models.has(id));
    if (entry.late) tally.late++;
    else if (about.length === 0) tally.open++;
    else {
      const since = entries.get(keyOf(entry));
      const known = about.find((id) => !since || !isBefore(since, models.get(id) as string));
      if (known)
        throw new MismatchError(
          `${entry.id} was registered ${since ? `in ${since.slice(0, 12)}` : "in no commit"}, not before ${known} was published in ${models.get(known)?.slice(0, 12)}, and does not say that it is late`,
        );
      tally.before++;
    }
  }
  return tally;
}
