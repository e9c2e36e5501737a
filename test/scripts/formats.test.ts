/** fixtures/README.md, by which others recompute, against values of an independent program. */
import { readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { CLAIMS } from "../../src/claims/claims.ts";
import { OFFICIAL_SHA256 } from "../../src/datasets/cifar10.ts";
import { sha256Hex } from "../../src/datasets/digest.ts";
import { readLabels, viewSize } from "../../src/datasets/view.ts";
import { openDataset } from "../../src/local/dataset.ts";
import { keyed, permutation } from "../../src/prng.ts";
import { canonicalDigest } from "../../src/recipe.ts";
import { RECIPES } from "../../src/recipes.ts";
import vectors from "../vectors.json" with { type: "json" };

interface Published {
  id: string;
  statement: string;
  rules: { kind: string; checkpoints: string[] }[];
}

const read = (name: string) =>
  readFileSync(new URL(`../../fixtures/${name}`, import.meta.url), "utf8");
const page = read("README.md");
const claims = read("claims.json");

test("it has the digests of the official files", () => {
  for (const [name, sha256] of Object.entries(OFFICIAL_SHA256)) {
    assert.ok(page.includes(`${sha256}  ${name}`), name);
  }
});

test("its example of the generator is the independent program's", () => {
  const [{ key, state, words, below10 }] = vectors.generator as [(typeof vectors.generator)[0]];
  for (const part of [
    key,
    state.join(", "),
    words.slice(0, 3).join(", "),
    below10.slice(0, 4).join(", "),
  ]) {
    assert.ok(page.replace(/\s+/g, " ").includes(part), part);
  }
});

test("it has the digest of the labels that every recipe gives", () => {
  for (const { view } of Object.values(RECIPES)) {
    const { labels } = view;
    if (labels.kind === "true") continue;
    if (labels.seed > 0 || view.dataset !== "cifar10") continue; // the next test's
    const known = vectors.labels.find(
      ({ fraction, seed }) => fraction === labels.fraction && seed === labels.seed,
    );
    const row = page.split("\n").find((line) => line.startsWith(`| ${labels.fraction} `)) ?? "";
    assert.ok(row.includes(`\`${known?.sha256}\``), labels.fraction);
    assert.ok(row.includes(` ${known?.equalToTrue.toLocaleString("en")} |`), labels.fraction);
  }
  assert.ok(page.includes(vectors.trueLabelsSha256.train));
});

test("it has the digest of the labels of further seeds, and of MNIST's", async () => {
  const dataset = await openDataset();
  for (const { view } of Object.values(RECIPES)) {
    const { labels } = view;
    if (labels.kind === "true" || (labels.seed === 0 && view.dataset === "cifar10")) continue;
    const size = viewSize(view, "train");
    const { given, labels: own } = await readLabels(dataset, view, "train", 0, size);
    const digest = await sha256Hex(given);
    const equal = given.filter((label, i) => label === own[i]).length.toLocaleString("en");
    const row = page.split("\n").find((line) => line.includes(digest));
    assert.ok(row?.includes(` ${equal} |`), `${view.dataset} ${labels.fraction} ${labels.seed}`);
  }
});

test("it has the digest of the first images of every corruption of the pixels", () => {
  const { shuffled, random, gaussianFirst20: gaussian } = vectors.imagesSha256;
  for (const [kind, { train, test }] of Object.entries({ shuffled, random, gaussian })) {
    const row = page.split("\n").find((line) => line.startsWith(`| \`${kind}\``)) ?? "";
    assert.ok(row.includes(`| \`${train}\` | \`${test}\` |`), kind);
  }
});

test("its example of shards drawn is what a seed of 0 draws", () => {
  const drawn = (split: string, of: number) => permutation(keyed(`verify-${split}`, 0, 0), of);
  const [first, second] = drawn("train", 50);
  const [third, fourth] = drawn("test", 10);
  const text = `train's 50 are ${first} and ${second}, of test's 10 they are ${third} and ${fourth}.`;
  assert.ok(page.replace(/\s+/g, " ").includes(text), text);
});

test("claims.json is enough to decide whether labels are fitted", () => {
  for (const { rules } of JSON.parse(claims).claims) {
    for (const { kind, atLeast, ours, holds } of rules) {
      if (kind !== "fits" || ours === undefined) continue;
      const [hits, total] = ours[0].split("/").map(Number);
      assert.is(hits * atLeast[1] >= atLeast[0] * total, holds);
    }
  }
});

test("it explains every rule that a claim has", () => {
  const kinds = new Set(CLAIMS.flatMap(({ rules }) => rules.map(({ kind }) => kind)));
  for (const kind of kinds) assert.ok(page.includes(`| \`${kind}\``), kind);
  assert.ok(kinds.size >= 10);
});

test("by its rule anyone gets the registered digests from claims.json", async () => {
  const { claims: those } = JSON.parse(claims) as { claims: Published[] };
  const registered = JSON.parse(read("registered.json")).claims as { id: string; sha256: string }[];
  const bounds =
    "kind checkpoints equals atLeast atMost reached threshold relations fraction".split(" ");
  for (const { id, statement, rules } of those) {
    const own = rules.filter(
      ({ kind, checkpoints }) =>
        !rules.some((rule) =>
          [1, 2].some(
            (n) =>
              rule.kind === kind &&
              checkpoints.join() === rule.checkpoints.map((one) => `${one}.seed-${n}`).join(),
          ),
        ),
    );
    const form = {
      id,
      statement,
      rules: own.map((rule) =>
        Object.fromEntries(Object.entries(rule).filter(([name]) => bounds.includes(name))),
      ),
    };
    const digest = await canonicalDigest(form);
    assert.is(registered.findLast((entry) => entry.id === id)?.sha256, digest, id);
  }
});

test.run();
