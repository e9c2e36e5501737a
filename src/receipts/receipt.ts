/**
 * A receipt: both statements of a verification, each in an envelope of its own,
 * in an in-toto bundle (JSON Lines; `.intoto.jsonl`).
 */
import * as v from "valibot";
import { InputError, MismatchError } from "../datasets/storage.ts";
import { canonicalDigest, canonicalForm } from "../recipe.ts";
import { outcomeOf, type Report } from "../verification/verify-claims.ts";
import { EnvelopeSchema, open, sign } from "./dsse.ts";
import type { SigningKey, VerifyingKey } from "./keys.ts";
import {
  COUNTS,
  type Counts,
  PAYLOAD_TYPE,
  STATEMENT,
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
  report: Report,
  key: SigningKey,
  finishedOn = new Date(),
): Promise<string> {
  const lines = [];
  for (const statement of statements({ finishedOn: finishedOn.toISOString(), report })) {
    lines.push(JSON.stringify(await sign(PAYLOAD_TYPE, canonicalForm(statement), key)));
  }
  return `${lines.join("\n")}\n`;
}

const StatementSchema = v.looseObject({
  _type: v.literal(STATEMENT),
  subject: v.array(v.looseObject({ name: v.string() })),
  predicateType: v.string(),
  predicate: v.looseObject({}),
});

/** As much of a counts predicate as the test result is derived from. */
const CountsSchema = v.looseObject({
  finishedOn: v.pipe(v.string(), v.isoTimestamp()),
  report: v.looseObject({
    checkpoints: v.pipe(
      v.array(
        v.looseObject({
          checkpoint: v.string(),
          dataset: v.picklist(["cifar10"]),
          result: v.picklist(["match", "mismatch", "not-certified"]),
          sha256: v.looseObject({ model: v.string(), history: v.string(), fixture: v.string() }),
        }),
      ),
      v.minLength(1),
    ),
    verdicts: v.array(
      v.looseObject({
        claim: v.string(),
        status: v.picklist(["reproduced", "not-reproduced", "not-evaluated"]),
      }),
    ),
    matched: v.boolean(),
    passed: v.boolean(),
  }),
});

function check<S extends v.GenericSchema>(schema: S, data: unknown, what: string) {
  const parsed = v.safeParse(schema, data);
  if (parsed.success) return parsed.output;
  const issue = parsed.issues[0];
  throw new InputError(`${what}: ${v.getDotPath(issue) ?? "it"}: ${issue.message}`);
}

function parse<S extends v.GenericSchema>(schema: S, text: string, what: string) {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    throw new InputError(`${what} is not JSON; is the file whole?`);
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

/**
 * Checks a receipt offline: both statements signed by the key, and the test
 * result the one that follows from the counts. As in-toto wants it, lines that
 * the key did not sign or of another kind are passed over, in any order.
 * @throws InputError if it cannot be read, MismatchError if signatures or statements disagree.
 */
export async function readReceipt(text: string, key: VerifyingKey): Promise<Receipt> {
  const found: v.InferOutput<typeof StatementSchema>[] = [];
  const refusals: unknown[] = [];
  for (const [k, line] of text.split("\n").entries()) {
    if (line.trim() === "") continue;
    try {
      found.push(await openStatement(line, key, `line ${k + 1}`));
    } catch (error) {
      refusals.push(error);
    }
  }
  const only = (type: string) => {
    const [first, second] = found.filter((statement) => statement.predicateType === type);
    if (second)
      throw new InputError(`two statements are ${type}; a receipt is of one verification`);
    if (first) return first;
    throw refusals[0] ?? new InputError(`no statement is ${type}; is it a receipt of Rethink?`);
  };
  const counts = only(COUNTS);
  const testResult = only(TEST_RESULT);
  const predicate = check(CountsSchema, counts.predicate, "the counts") as unknown as Counts;
  const { report } = predicate;
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
