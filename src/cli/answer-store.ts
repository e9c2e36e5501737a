/** Answers of a server on disk: `remote/<fixture's SHA-256>.<runtime>.<origin>.json` in the cache. */
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import * as v from "valibot";
import { fromBase64, toBase64 } from "../base64.ts";
import type { Answer } from "../client/evaluations.ts";
import type { AnswerStore } from "../client/remote.ts";
import { sha256Hex } from "../datasets/digest.ts";
import { InputError } from "../datasets/storage.ts";
import { writeWhole } from "../local/folder.ts";
import { printError } from "../print.ts";

const StateSchema = v.record(
  v.string(),
  v.object({
    runtime: v.object({ package: v.string(), version: v.string() }),
    correct: v.number(),
    predictions: v.string(),
    logitsSha256: v.optional(v.string()),
  }),
);

export async function answerStore(cache: string, origin: URL): Promise<AnswerStore> {
  const server = (await sha256Hex(new TextEncoder().encode(origin.href))).slice(0, 16);
  const path = (fixture: string, runtime: string) =>
    join(cache, "remote", `${fixture}.${runtime}.${server}.json`);
  let unsaved = false;
  return {
    async load(...key) {
      const text = await readFile(path(...key), "utf8").catch((error: NodeJS.ErrnoException) => {
        if (error.code === "ENOENT" || error.code === "ENOTDIR") return undefined;
        throw new InputError(
          `cannot read ${path(...key)} (${error.code}); mend that, or delete it`,
        );
      });
      if (text === undefined) return new Map();
      try {
        const state = v.parse(StateSchema, JSON.parse(text));
        const entries = Object.entries(state).map(
          ([shard, { predictions, logitsSha256, ...rest }]): [string, Answer] => [
            shard,
            {
              ...rest,
              predictions: fromBase64(predictions),
              ...(logitsSha256 !== undefined && { logitsSha256 }),
            },
          ],
        );
        printError(
          `${entries.length} answers of ${origin.origin} are from a run that was interrupted; delete ${path(...key)} to ask again`,
        );
        return new Map(entries);
      } catch {
        throw new InputError(`${path(...key)} is not what was written there; delete it`);
      }
    },
    async save(fixture, runtime, answers) {
      const state = [...answers].map(([shard, answer]) => [
        shard,
        { ...answer, predictions: toBase64(answer.predictions) },
      ]);
      try {
        await writeWhole(path(fixture, runtime), JSON.stringify(Object.fromEntries(state)));
      } catch (error) {
        if (!(error instanceof InputError)) throw error;
        if (!unsaved) printError(`${error.message}; the run goes on, but not after a break`);
        unsaved = true;
      }
    },
    // What stays is used again, and said to be: no reason to fail after all is done.
    clear: (...key) => rm(path(...key), { force: true }).catch(() => {}),
  };
}
