/** What somebody expects of a run: statuses and digests, so that any change is seen, for the better too. */
import * as v from "valibot";
import { Sha256 } from "../evaluation/checkpoint.ts";
import { parseAs } from "../evaluation/parse.ts";
import type { RunRecord } from "./record.ts";
import { isUncompared } from "./report.ts";

const StatusSchema = v.picklist(["reproduced", "not-reproduced", "not-evaluated"]);

export const ExpectationSchema = v.pipe(
  v.strictObject({
    version: v.literal(1),
    claims: v.pipe(v.record(v.string(), StatusSchema), v.description("by id")),
    checkpoints: v.pipe(
      v.record(
        v.string(),
        v.strictObject({
          result: v.picklist(["match", "not-certified"]),
          model: Sha256,
          history: Sha256,
          fixture: Sha256,
        }),
      ),
      v.description("by id: the result, and the SHA-256 of the files that decide"),
    ),
  }),
  v.title("What rethink verify --expect expects"),
);

export type Expectation = v.InferOutput<typeof ExpectationSchema>;

type Seen = Pick<RunRecord, "checkpoints" | "verdicts">;

/** @throws InputError if it is none */
export function parseExpectation(text: string, name: string): Expectation {
  return parseAs(ExpectationSchema, text, name, "--write-expect makes one");
}

/** What a run that went as it should would have expected; undefined of one that did not. */
export function expectationOf({ checkpoints, verdicts }: Seen): Expectation | undefined {
  const entries = checkpoints.flatMap((report) => {
    if (isUncompared(report) || report.result === "mismatch") return [];
    const { checkpoint, result, sha256 } = report;
    return [[checkpoint, { result, ...sha256 }] as const];
  });
  if (entries.length < checkpoints.length || entries.length === 0) return undefined;
  return {
    version: 1,
    claims: Object.fromEntries(verdicts.map(({ claim, status }) => [claim, status])),
    checkpoints: Object.fromEntries(entries),
  };
}

/** Each name of either, with what is expected and what is so; undefined where it is not there. */
function pairs<A, B>(
  expected: Record<string, A>,
  found: Map<string, B>,
  wanted: (name: string) => boolean,
) {
  const names = new Set([...found.keys(), ...Object.keys(expected).filter(wanted)]);
  return [...names].map((name) => {
    const wanted = Object.hasOwn(expected, name) ? expected[name] : undefined;
    return [name, wanted, found.get(name)] as const;
  });
}

/**
 * Everything that is otherwise than expected, a line each.
 * @param published of a run that was of all there is, every id, for those of further seeds may not have
 *   been asked for: what else it lacks then differs, too
 */
export function differencesFrom(expected: Expectation, seen: Seen, published?: string[]): string[] {
  const statuses = new Map(seen.verdicts.map(({ claim, status }) => [claim, status]));
  const claims = pairs(expected.claims, statuses, () => published !== undefined).flatMap(
    ([id, wanted, is]) =>
      wanted === is ? [] : [`claim ${id} is ${is ?? "gone"}, expected ${wanted ?? "is no such"}`],
  );
  const reports = new Map(seen.checkpoints.map((report) => [report.checkpoint, report]));
  const checkpoints = pairs(
    expected.checkpoints,
    reports,
    (id) => published?.includes(id) === false,
  ).flatMap(([id, wanted, is]) => {
    if (!is) return [`checkpoint ${id} is gone, expected ${wanted?.result}`];
    if (!wanted) return [`checkpoint ${id} is ${is.result}, expected is no such`];
    const result =
      is.result === wanted.result
        ? []
        : [`checkpoint ${id} is ${is.result}, expected ${wanted.result}`];
    if (isUncompared(is)) return result;
    const files = (["model", "history", "fixture"] as const).flatMap((file) =>
      is.sha256[file] === wanted[file]
        ? []
        : [`${file} of ${id} has SHA-256 ${is.sha256[file]}, expected ${wanted[file]}`],
    );
    return [...result, ...files];
  });
  return [...claims, ...checkpoints];
}
