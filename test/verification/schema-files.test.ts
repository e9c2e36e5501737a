/** The published JSON Schemas are those of the code, and a stranger's validator accepts what runs write. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { recordOf } from "../../src/cli/ran.ts";
import { CLAIMS } from "../../src/claims/claims.ts";
import { InputError, MismatchError } from "../../src/datasets/storage.ts";
import { schemaFiles } from "../../src/verification/schema-files.ts";
import { ROOT } from "../home.ts";
import { reported } from "./reported.ts";

for (const [path, text] of Object.entries(schemaFiles())) {
  test(`${path} is what npm run schemas writes`, () => {
    assert.is(readFileSync(join(ROOT, path), "utf8"), text);
  });
}

const ajv = new Ajv2020({ formats: { "date-time": true } });
const path = "fixtures/schemas/verification.json";
const valid = ajv.compile(JSON.parse(readFileSync(join(ROOT, path), "utf8")));

function accepts(record: unknown): void {
  assert.ok(valid(JSON.parse(JSON.stringify(record))), ajv.errorsText(valid.errors));
}

test("a validator accepts a run that matched, one that did not, and one that never began", async () => {
  const report = await reported();
  const ran = { report, claims: CLAIMS };
  accepts(recordOf(ran, new Date()));
  const spread = [{ quantity: "gap", least: "1/10", most: "2/10" }];
  const verdicts = report.verdicts.map((one) => ({
    ...one,
    seeds: { holding: 2, of: 3, rules: 1, spread },
  }));
  assert.ok(verdicts.length > 0);
  accepts(recordOf({ ...ran, report: { ...report, verdicts } }, new Date()));
  const bad = { checkpoint: "a", runtime: "native", result: "mismatch", reason: "b" } as const;
  const mixed = { ...report, checkpoints: [...report.checkpoints, bad] };
  accepts(recordOf({ ...ran, report: mixed, error: new InputError("no disk") }, new Date()));
  const nothing = { counted: false, checkpoints: [], verdicts: [], matched: false, passed: false };
  accepts(recordOf({ ...ran, report: nothing, error: new MismatchError("no") }, new Date()));
});

test("it refuses another version and a count that is none", async () => {
  const record = recordOf({ report: await reported(), claims: [] }, new Date());
  for (const change of [{ version: 2 }, { counted: 7 }, { exitCode: 4 }, { verdicts: undefined }])
    assert.not(valid(JSON.parse(JSON.stringify({ ...record, ...change }))));
});

test.run();
