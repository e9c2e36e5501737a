/** What is published is read only if its bytes, digests and counts agree. */
import { createHash } from "node:crypto";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { folderStorage } from "../../src/local/folder.ts";
import { MismatchError } from "../../src/datasets/storage.ts";
import { gapOf } from "../../src/evaluation/fixture.ts";
import {
  knownIds,
  publishedIds,
  readCheckpoint,
  readModel,
  readPublished,
} from "../../src/evaluation/published.ts";
import { contents, edit, flipByte, homeOf, homeOfOne, ID } from "../home.ts";

const test = suite("published", { home: "" });
test.before.each((context) => {
  context.home = homeOfOne();
});
test.after.each((context) => rmSync(context.home, { recursive: true }));

const model = `models/${ID}/model.onnx`;
const checkpoint = `models/${ID}/checkpoint.json`;
const fixture = `fixtures/${ID}.json`;
const storage = (home: string) => folderStorage(home, "restore it from the repository");

test("a published norm that is not the weights' is a contradiction", async () => {
  const id = "mlp-1x512.true";
  const home = homeOf([id]);
  try {
    const published = await readCheckpoint(storage(home), id);
    await readModel(storage(home), published);
    const norm = (published.model.norm ?? 0) + 0.001;
    const told = readModel(storage(home), { ...published, model: { ...published.model, norm } });
    const error = await told.catch((error: Error) => error);
    assert.instance(error, MismatchError);
    assert.match((error as Error).message, /model\.onnx has norm \d+\.\d+, not the published \d+/);
  } finally {
    rmSync(home, { recursive: true });
  }
});

test("what is untouched is read", async ({ home }) => {
  assert.equal(await publishedIds(storage(home)), [ID]);
  const { fixture, predictions } = await readPublished(storage(home), ID);
  assert.is(fixture.splits.train.correct, 50_000);
  assert.is(predictions.test.length, 10_000);
});

type Tampering = [what: string, tamper: (home: string) => void, line: RegExp];

const contradictions: Tampering[] = [
  [
    "a byte of the model",
    (home) => flipByte(join(home, model), 5000),
    /^models\/theorem1\.random-labels\/model\.onnx has SHA-256 \w{64}, not the published 986c/,
  ],
  [
    "a count of the fixture",
    (home) => edit(join(home, fixture), '"correct": 50000', '"correct": 49999'),
    /train's shards add up to 50000 correct, not 49999$/,
  ],
  [
    "a shard's count of the fixture",
    (home) => edit(join(home, fixture), '"correct": 110,', '"correct": 111,'),
    /test's shards add up to 993 correct, not 992$/,
  ],
  [
    "a good shard counted twice, in the place of another",
    (home) => {
      const path = join(home, fixture);
      const changed = JSON.parse(readFileSync(path, "utf8"));
      const { test: split } = changed.splits;
      split.correct += split.shards[0].correct - split.shards[1].correct;
      split.shards[1] = split.shards[0];
      changed.gap = gapOf(changed.splits.train, split);
      writeFileSync(path, JSON.stringify(changed));
    },
    /test's shards leave a hole at 1000$/,
  ],
  [
    "a last shard that is left out",
    (home) => {
      const path = join(home, fixture);
      const changed = JSON.parse(readFileSync(path, "utf8"));
      const { test: split } = changed.splits;
      split.correct -= split.shards.pop().correct;
      changed.gap = gapOf(changed.splits.train, split);
      writeFileSync(path, JSON.stringify(changed));
    },
    /test's shards end at 9000, not at 10000$/,
  ],
  [
    "the gap of the fixture",
    (home) => edit(join(home, fixture), '"numerator": 563', '"numerator": 564'),
    /the gap is 563\/625, not 564\/625$/,
  ],
  [
    "a prediction",
    (home) => flipByte(join(home, "fixtures/predictions", `${ID}.train.bin`), 0),
    /^fixtures\/predictions\/theorem1\.random-labels\.train\.bin has SHA-256 .* not the published .*; .* npm run fixtures -- theorem1\.random-labels$/,
  ],
  [
    "the fixture's digest of the model",
    (home) => edit(join(home, fixture), '"sha256": "986c', '"sha256": "0000'),
    /is of another model\.onnx than models\/theorem1\.random-labels\/checkpoint\.json; .* npm run fixtures -- theorem1\.random-labels$/,
  ],
  [
    "the history, by which claims are decided too",
    (home) => writeFileSync(join(home, "models", ID, "history.json"), "[ ]"),
    /^models\/theorem1\.random-labels\/history\.json has SHA-256 \w{64}, not the published/,
  ],
  [
    "a checkpoint under another's name",
    (home) => edit(join(home, checkpoint), `"id": "${ID}"`, '"id": "mlp-1x512.true"'),
    /^models\/theorem1\.random-labels\/checkpoint\.json is of another checkpoint$/,
  ],
  [
    "another recipe than the id's",
    (home) => edit(join(home, checkpoint), '"seed": 0', '"seed": 1'),
    /checkpoint\.json was made by another recipe than theorem1\.random-labels's/,
  ],
  [
    "another recipe digest",
    (home) => {
      const path = join(home, checkpoint);
      const text = readFileSync(path, "utf8");
      const [line = "", digest = ""] = /"recipeDigest": "(\w{64})"/.exec(text) ?? [];
      edit(path, line, line.replace(digest, "0".repeat(64)));
    },
    /checkpoint\.json was made by another recipe than theorem1\.random-labels's/,
  ],
  [
    "another view in the fixture",
    (home) => edit(join(home, fixture), '"fraction": "1/1"', '"fraction": "1/2"'),
    /^fixtures\/theorem1\.random-labels\.json has another view than models\//,
  ],
  [
    "a fragile example where the margin allows none",
    (home) => edit(join(home, fixture), '"fragile": []', '"fragile": [7]'),
    /has 1 fragile examples, a margin of \S+ and a deviation of \S+$/,
  ],
  [
    "a reference that is no shard, and would be compared with none",
    (home) => {
      const path = join(home, fixture);
      const cut = JSON.parse(readFileSync(path, "utf8"));
      cut.splits.test.reference[0].end = 100;
      writeFileSync(path, JSON.stringify(cut));
    },
    /test's reference 0 to 100 is none of its shards$/,
  ],
  [
    "a fixture of fewer examples than the view has",
    (home) => {
      const path = join(home, fixture);
      const cut = JSON.parse(readFileSync(path, "utf8"));
      const { test: split } = cut.splits;
      const [shard] = split.shards;
      const reference = split.reference.slice(0, 1);
      Object.assign(split, {
        shards: [shard],
        total: shard.end,
        correct: shard.correct,
        reference,
      });
      cut.gap = gapOf(cut.splits.train, split);
      writeFileSync(path, JSON.stringify(cut));
    },
    /^fixtures\/theorem1\.random-labels\.json counts 1000 of test's 10000$/,
  ],
];

const unreadable: Tampering[] = [
  [
    "a missing fixture",
    (home) => rmSync(join(home, fixture)),
    /^fixtures\/theorem1\.random-labels\.json is missing; restore it .*: npm run fixtures -- theorem1\.random-labels$/,
  ],
  [
    "a model file that is no model, whatever digests say",
    (home) => {
      writeFileSync(join(home, model), "junk");
      const digest = createHash("sha256").update("junk").digest("hex");
      const path = join(home, checkpoint);
      const [, published = ""] = /"sha256": "(986c\w+)"/.exec(readFileSync(path, "utf8")) ?? [];
      edit(path, published, digest);
      edit(join(home, fixture), published, digest);
    },
    /^models\/theorem1\.random-labels\/model\.onnx is no ONNX model$/,
  ],
  [
    "a missing model",
    (home) => rmSync(join(home, model)),
    /^models\/theorem1\.random-labels\/model\.onnx is missing; restore it/,
  ],
  [
    "a missing history",
    (home) => rmSync(join(home, "models", ID, "history.json")),
    /^models\/theorem1\.random-labels\/history\.json is missing; restore it/,
  ],
  [
    "half a fixture",
    (home) => {
      const text = readFileSync(join(home, fixture), "utf8");
      writeFileSync(join(home, fixture), text.slice(0, text.length / 2));
    },
    /^fixtures\/theorem1\.random-labels\.json is not JSON; restore it from the repository$/,
  ],
  [
    "a fixture with a word for a count",
    (home) => edit(join(home, fixture), '"correct": 50000', '"correct": "all"'),
    /^fixtures\/theorem1\.random-labels\.json: splits\.train\.correct: /,
  ],
  [
    "a fixture of another checkpoint",
    (home) => edit(join(home, fixture), `"checkpoint": "${ID}"`, '"checkpoint": "mlp-1x512.true"'),
    /is of another checkpoint$/,
  ],
  [
    "a checkpoint without its parameters",
    (home) => edit(join(home, checkpoint), '"parameters"', '"parameter"'),
    /^models\/theorem1\.random-labels\/checkpoint\.json: model\.parameters: /,
  ],
];

for (const [what, tamper, line] of [...contradictions, ...unreadable]) {
  test(`${what} is a mismatch in one line, and nothing is repaired`, async ({ home }) => {
    tamper(home);
    const before = contents(home);
    try {
      await readPublished(storage(home), ID);
      assert.unreachable("it was accepted");
    } catch (error) {
      assert.instance(error, MismatchError);
      assert.match((error as Error).message, line);
      assert.not.match((error as Error).message, "\n");
    }
    assert.equal(contents(home), before);
  });
}

test("CRLF in the place of LF and a Git LFS pointer are called so, with what to do", async ({
  home,
}) => {
  const refused = async (line: RegExp) =>
    await readPublished(storage(home), ID).then(
      () => assert.unreachable("it was accepted"),
      (error) => assert.match(error.message, line),
    );
  const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${"0".repeat(64)}\nsize 7\n`;
  for (const path of [model, fixture, checkpoint]) {
    const before = readFileSync(join(home, path));
    writeFileSync(join(home, path), pointer);
    await refused(/ is a Git LFS pointer and not the file: git lfs pull/);
    writeFileSync(join(home, path), before);
  }
  // Theorem 1's history is empty, so its digest is given to one of two lines.
  const history = join(home, "models", ID, "history.json");
  const digest = (text: string) => createHash("sha256").update(text).digest("hex");
  edit(join(home, checkpoint), digest(readFileSync(history, "utf8")), digest("[\n]\n"));
  writeFileSync(history, "[\r\n]\r\n");
  await refused(/history\.json has SHA-256 .* end in CRLF, with LF it is the published one: git /);
});

test("a checkpoint of which any file is left does not vanish", async ({ home }) => {
  assert.equal(await knownIds(storage(home)), [ID]);
  rmSync(join(home, checkpoint));
  assert.equal(await publishedIds(storage(home)), []);
  assert.equal(await knownIds(storage(home)), [ID]);
  rmSync(join(home, "models"), { recursive: true });
  rmSync(join(home, fixture));
  assert.equal(await knownIds(storage(home)), [ID], "its predictions are left");
  rmSync(join(home, "fixtures"), { recursive: true });
  assert.equal(await knownIds(storage(home)), []);
});

test.run();
