/**
 * A receipt: both statements of a verification, each in an envelope of its own,
 * in an in-toto bundle (JSON Lines; `.intoto.jsonl`).
 */
import * as v from "valibot";
import { InputError, MismatchError } from "../datasets/storage.ts";
import { worst } from "../evaluation/compare.ts";
import { faultOf } from "../issue.ts";
import { canonicalDigest, canonicalForm } from "../recipe.ts";
import { type CheckpointReport, outcomeOf } from "../verification/report.ts";
import { EnvelopeSchema, open, sign } from "./dsse.ts";
import type { SigningKey, VerifyingKey } from "./keys.ts";
import { CountsSchema, StatementSchema } from "./schemas.ts";
import {
  type Attested,
  COUNTS,
  type Counts,
  PAYLOAD_TYPE,
  type Statement,
  statements,
  TEST_RESULT,
  type TestResult,
} from "./statement.ts";

/** The media type of a bundle (in-toto attestation framework, bundle layer). */
export const BUNDLE_TYPE = "application/vnd.in-toto.bundle";

/** What a checked receipt says. */
export interface Receipt {
  counts: Counts;
  testResult: TestResult;
}

/** A verification as a signed bundle, two lines. */
export async function writeReceipt(
  report: Attested,
  key: SigningKey,
  finishedOn = new Date(),
): Promise<string> {
  const lines = [];
  for (const statement of statements({ finishedOn: finishedOn.toISOString(), report })) {
    lines.push(JSON.stringify(await sign(PAYLOAD_TYPE, canonicalForm(statement), key)));
  }
  return `${lines.join("\n")}\n`;
}

function check<S extends v.GenericSchema>(schema: S, data: unknown, what: string) {
  const parsed = v.safeParse(schema, data, { abortEarly: true });
  if (parsed.success) return parsed.output;
  throw new InputError(`${what}: ${faultOf(parsed.issues[0])}`);
}

function parse<S extends v.GenericSchema>(schema: S, text: string, what: string) {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    throw new InputError(`${what} is no part of a receipt: it is not JSON; is the file whole?`);
  }
  return check(schema, data, what);
}

async function openStatement(line: string, key: VerifyingKey, what: string) {
  const envelope = parse(EnvelopeSchema, line, what);
  const body = await open(envelope, key);
  if (envelope.payloadType !== PAYLOAD_TYPE) {
    throw new InputError(`${what} has payload type ${envelope.payloadType}, not ${PAYLOAD_TYPE}`);
  }
  return parse(StatementSchema, new TextDecoder().decode(body), `${what}'s statement`);
}

/** One after the other: all at once, empty lines would take a hundred times their size. */
function* linesOf(text: string): Generator<string> {
  for (let at = 0; at < text.length; ) {
    const end = text.indexOf("\n", at);
    yield text.slice(at, end < 0 ? undefined : end);
    at = end < 0 ? text.length : end + 1;
  }
}

/**
 * Whether a checkpoint's result is the one of its shards, and those that match have equal counts;
 * others may as well, for predictions and logits are compared too. Without shards it is no match.
 */
function followsFromShards({ result, splits }: CheckpointReport): boolean {
  const shards = [...splits.train, ...splits.test];
  const equal = shards.every((s) => s.result !== "match" || s.recomputed === s.published);
  return equal && result === worst(shards.map((s) => s.result));
}

/**
 * Checks a receipt offline: both statements signed by the key, in either order, the results
 * those of the shards, and the test result the one that follows from the counts. Nothing else may be in it: a line that is not
 * checked would look as if it were. A byte order mark and empty lines say nothing.
 * @throws InputError if it cannot be read, MismatchError if signatures or statements disagree.
 */
export async function readReceipt(text: string, key: VerifyingKey): Promise<Receipt> {
  const found: v.InferOutput<typeof StatementSchema>[] = [];
  let number = 0;
  for (const line of linesOf(text.replace(/^\uFEFF/, ""))) {
    number++;
    if (line.trim() === "") continue;
    const what = `line ${number}`;
    const statement = await openStatement(line, key, what);
    const { predicateType } = statement;
    if (predicateType !== COUNTS && predicateType !== TEST_RESULT) {
      throw new InputError(`${what} is no part of a receipt: its statement is ${predicateType}`);
    }
    found.push(statement);
  }
  const only = (type: string) => {
    const [first, second] = found.filter((statement) => statement.predicateType === type);
    if (second)
      throw new InputError(`two statements are ${type}; a receipt is of one verification`);
    if (first) return first;
    throw new InputError(`no statement is ${type}; is it a receipt of Rethink?`);
  };
  const counts = only(COUNTS);
  const testResult = only(TEST_RESULT);
  const predicate = check(CountsSchema, counts.predicate, "the counts") as unknown as Counts;
  const { report } = predicate;
  const odd = report.checkpoints.find((checkpoint) => !followsFromShards(checkpoint));
  if (odd)
    throw new MismatchError(
      `${odd.checkpoint} is said to be ${odd.result}, which its shards are not`,
    );
  const outcome = outcomeOf(report);
  if (report.matched !== outcome.matched || report.passed !== outcome.passed) {
    throw new MismatchError("the counts say another outcome than their results");
  }
  const expected = statements(predicate);
  for (const [k, statement] of [counts, testResult].entries()) {
    if ((await canonicalDigest(statement)) !== (await canonicalDigest(expected[k]))) {
      throw new MismatchError(`the statement ${statement.predicateType} does not fit the counts`);
    }
  }
  return {
    counts: predicate,
    testResult: (testResult as unknown as Statement<TestResult>).predicate,
  };
}
