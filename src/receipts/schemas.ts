/** What a receipt's statements must hold, so that they can be checked and told. */
import * as v from "valibot";
import { STATEMENT } from "./statement.ts";

export const StatementSchema = v.looseObject({
  _type: v.literal(STATEMENT),
  subject: v.array(v.looseObject({ name: v.string() })),
  predicateType: v.string(),
  predicate: v.looseObject({}),
});

const Count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const Result = v.picklist(["match", "mismatch", "not-certified"]);
const Shard = v.looseObject({ published: Count, recomputed: Count, result: Result });
const Shards = v.looseObject({ train: v.array(Shard), test: v.array(Shard) });
const Of = v.looseObject({ shards: Count });

/** As much of a counts predicate as the test result is derived from, and a person is told. */
export const CountsSchema = v.looseObject({
  finishedOn: v.pipe(v.string(), v.isoTimestamp()),
  report: v.looseObject({
    runtime: v.looseObject({
      name: v.picklist(["native", "wasm"]),
      package: v.string(),
      version: v.string(),
    }),
    server: v.optional(v.string()),
    workers: v.optional(v.array(v.string())),
    sampling: v.looseObject({ shards: v.union([Count, v.literal("all")]), seed: Count }),
    counted: v.boolean(),
    checkpoints: v.pipe(
      v.array(
        v.looseObject({
          checkpoint: v.string(),
          dataset: v.picklist(["cifar10", "mnist"]),
          result: Result,
          sha256: v.looseObject({ model: v.string(), history: v.string(), fixture: v.string() }),
          splits: Shards,
          published: v.looseObject({ train: Of, test: Of }),
        }),
      ),
      v.minLength(1),
    ),
    verdicts: v.array(
      v.looseObject({
        claim: v.string(),
        status: v.picklist(["reproduced", "not-reproduced", "not-evaluated"]),
        reason: v.string(),
      }),
    ),
    matched: v.boolean(),
    passed: v.boolean(),
  }),
});
