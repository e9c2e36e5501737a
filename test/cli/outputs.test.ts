/** Nothing is written over what is read, or twice, whatever paths and links it is named by. */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { prepareDelivery } from "../../src/cli/deliver.ts";
import { evaluateFile, type EvaluateOptions } from "../../src/cli/evaluate.ts";
import { mergeReports } from "../../src/cli/merge.ts";
import { checkOutputs } from "../../src/cli/outputs.ts";
import { signingKeyFile } from "../../src/local/signing-key.ts";
import { refusal } from "../refusal.ts";

const test = suite("outputs", { folder: "" });
test.before.each((context) => {
  context.folder = mkdtempSync(join(tmpdir(), "rethink-"));
});
test.after.each(({ folder }) => rmSync(folder, { recursive: true }));

const json = (file: string) => [{ kind: "json" as const, file }];
const read = (file: string) => readFileSync(file, "utf8");

test("what is read, all of a pack's published files and the signing key are written by none", async ({
  folder,
}) => {
  const [expect, link] = [join(folder, "expected.json"), join(folder, "link")];
  writeFileSync(expect, "{}");
  symlinkSync(folder, link);
  const pack = join(folder, "pack");
  for (const [options, why] of [
    [{ expect, report: json(join(link, "expected.json")) }, /is read as well; name another file$/],
    [{ expect, writeExpect: join(folder, "x", "..", "expected.json") }, /is read as well/],
    [{ pack, receipt: join(pack, "claims.json") }, /is read as well/],
    [{ pack, report: json(join(pack, "models/a/model.onnx")) }, /lies in .*models, which is read/],
    [{ from: folder, receipt: join(folder, "a.onnx") }, /lies in .*, which is read/],
    [{ receipt: signingKeyFile() }, /signing-key\.pem is to be written, and is the signing key/],
  ] as const)
    assert.match(await refusal(prepareDelivery(options)), why);
  assert.is(read(expect), "{}");
  await prepareDelivery({ pack, from: folder, report: json(join(pack, "report.json")) });
});

test("two things are written to two files, but to one device", async ({ folder }) => {
  const file = join(folder, "one");
  const twice = /one is to be written twice; name another file for one of the two$/;
  for (const options of [
    { report: [...json(file), { kind: "junit" as const, file }] },
    { report: json(file), receipt: join(folder, ".", "one") },
    { receipt: file, writeExpect: file },
  ])
    assert.match(await refusal(prepareDelivery(options)), twice);
  await prepareDelivery({ report: [...json("/dev/null"), ...json("/dev/null")] });
  await checkOutputs(["/dev/null", file], [{ path: "/dev/null" }]);
});

test("a report in the folder of the parts would be one the next time", async ({ folder }) => {
  const part = join(folder, "1.json");
  writeFileSync(part, "{}");
  for (const file of [part, join(folder, "whole.json")]) {
    assert.is(await mergeReports(folder, { report: json(file), quiet: true }), 2);
    assert.is(read(part), "{}", "nor is word of the failure written over it");
    assert.not.ok(existsSync(join(folder, "whole.json")));
  }
  await prepareDelivery({
    folders: [folder],
    report: [{ kind: "junit", file: join(folder, "x.xml") }],
  });
});

test("a fixture is not written over its model", async ({ folder }) => {
  mkdirSync(join(folder, "predictions"));
  const model = join(folder, "net.onnx");
  writeFileSync(model, "a model");
  const options = { split: "both", fixture: model } as EvaluateOptions;
  assert.match(await refusal(evaluateFile(model, options)), /net\.onnx is to be written, and is r/);
  const named = { split: "both", fixture: join(folder, "ü b.json") } as EvaluateOptions;
  assert.match(await refusal(evaluateFile(model, named)), /^ü b\.json cannot name a network/);
  assert.is(read(model), "a model");
  const unnamed = { split: "both" } as EvaluateOptions;
  assert.match(await refusal(evaluateFile(join(folder, "ü b.onnx"), unnamed)), /^cannot read \S+ü/);
});

test.run();
