/**
 * A verification as in-toto statements (Statement v1). A statement has one
 * predicate, so there are two: our counts, and the test result v0.1 that
 * follows from them and that any policy engine understands.
 */
import { toBase64 } from "../base64.ts";
import { counted } from "../counted.ts";
import { DATASETS } from "../datasets/datasets.ts";
import { InputError } from "../datasets/storage.ts";
import { canonicalForm } from "../recipe.ts";
import type { CheckpointReport, Report } from "../verification/verify-claims.ts";

export const STATEMENT = "https://in-toto.io/Statement/v1";
export const TEST_RESULT = "https://in-toto.io/attestation/test-result/v0.1";
/** What was counted: a Report, and when it was finished. */
export const COUNTS = "urn:rethink:counts:v1";
export const PAYLOAD_TYPE = "application/vnd.in-toto+json";

/** in-toto's ResourceDescriptor, as far as it is used here. */
interface Resource {
  name: string;
  digest?: { sha256: string };
  mediaType?: string;
  /** Base64. */
  content?: string;
}

export interface Statement<Predicate> {
  _type: typeof STATEMENT;
  subject: Resource[];
  predicateType: string;
  predicate: Predicate;
}

/** A report, and of a queue who answered: what ran is their word, where this is there. */
export interface Attested extends Report {
  workers?: string[];
}

export interface Counts {
  /** ISO 8601, UTC, by the clock of whoever verified. */
  finishedOn: string;
  report: Attested;
}

export interface TestResult {
  result: "PASSED" | "WARNED" | "FAILED";
  configuration: Resource[];
  passedTests: string[];
  warnedTests: string[];
  failedTests: string[];
}

/** The models, and the datasets that they were evaluated on. */
function subjects({ checkpoints }: Report): Resource[] {
  const models = checkpoints.map((c) => ({
    name: `models/${c.checkpoint}/model.onnx`,
    digest: { sha256: c.sha256.model },
  }));
  const datasets = [...new Set(checkpoints.map((c) => c.dataset))];
  const data = datasets.flatMap((dataset) =>
    DATASETS[dataset].files.map(({ path, sha256 }) => ({ name: path, digest: { sha256 } })),
  );
  return [...models, ...data];
}

/** What the run was to meet, how it sampled, and whose word it is if others ran the models. */
function configuration({ checkpoints, runtime, server, workers, sampling }: Attested): Resource[] {
  const files = checkpoints.flatMap(({ checkpoint, sha256 }: CheckpointReport) => [
    { name: `fixtures/${checkpoint}.json`, digest: { sha256: sha256.fixture } },
    { name: `models/${checkpoint}/history.json`, digest: { sha256: sha256.history } },
  ]);
  const others = { ...(server !== undefined && { server }), ...(workers && { workers }) };
  const run = { runtime, sampling, ...others };
  const content = toBase64(canonicalForm(run));
  return [...files, { name: "run", mediaType: "application/json", content }];
}

/**
 * The test result that follows from counts: a test for each checkpoint and each claim.
 * What is not certified, not evaluated, or a server's or workers' word is a warning, never a pass.
 */
function testResult(report: Attested): TestResult {
  const outcomes = [
    ...report.checkpoints.map((c) => ({ test: `checkpoint ${c.checkpoint}`, is: c.result })),
    ...report.verdicts.map((v) => ({ test: `claim ${v.claim}`, is: v.status })),
  ];
  const named = (...kinds: string[]) =>
    outcomes.filter(({ is }) => kinds.includes(is)).map(({ test }) => test);
  const failedTests = named("mismatch", "not-reproduced");
  const warnedTests = named("not-certified", "not-evaluated");
  // Whoever reads the verdict alone must see it: nobody here has seen the models run.
  if (report.server !== undefined) warnedTests.push(`run by ${report.server}, by its word`);
  if (report.workers)
    warnedTests.push(
      `run by ${counted(report.workers.length, "worker")} of a queue, by their word`,
    );
  const passedTests = named("match", "reproduced");
  return {
    result: failedTests.length > 0 ? "FAILED" : warnedTests.length > 0 ? "WARNED" : "PASSED",
    configuration: configuration(report),
    passedTests,
    warnedTests,
    failedTests,
  };
}

/**
 * Both statements of a verification; the second is a function of the first.
 * @throws InputError if nothing was evaluated: there is nothing to attest.
 */
export function statements(counts: Counts): [Statement<Counts>, Statement<TestResult>] {
  const { report } = counts;
  if (report.checkpoints.length === 0) {
    throw new InputError("nothing was evaluated, so there is nothing to sign");
  }
  const subject = subjects(report);
  return [
    { _type: STATEMENT, subject, predicateType: COUNTS, predicate: counts },
    { _type: STATEMENT, subject, predicateType: TEST_RESULT, predicate: testResult(report) },
  ];
}
