/** CONTRIBUTING.md, followed: what it adds is there, and nothing else need be touched. */
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { ROOT } from "../home.ts";
import { applyBlock, blocksOf } from "./guide.ts";

const guide = readFileSync(join(ROOT, ".github/CONTRIBUTING.md"), "utf8");
const launch = "Deno" in globalThis ? ["run", "-A"] : ["--import", "tsx"];

/** Asks the copy for what was added. */
const QUESTIONS = `
import { CLAIMS } from "./src/claims/claims.ts";
import { exportNet } from "./src/onnx/net.ts";
import { netText } from "./src/cards/describe.ts";
import { parameterCount } from "./src/nets/net.ts";
import { NETS } from "./src/nets/registry.ts";
import { initialState } from "./src/training/initialize.ts";
import { RECIPES } from "./src/recipes.ts";
import { RecipeSchema } from "./src/recipe.ts";
import { parse } from "valibot";
import { openService } from "./test/http/service.ts";

const net = NETS["tiny"];
const recipe = RECIPES["tiny.random-labels"];
const { app } = openService();
const response = await app.request("/v1/nets");
const openapi = await (await app.request("/openapi.json")).json();
console.log(JSON.stringify({
  parameters: parameterCount(net),
  bytes: exportNet(net, initialState(net, 0), { id: "tiny.true" }).length,
  text: netText(recipe),
  recipe: parse(RecipeSchema, recipe).net,
  claim: CLAIMS.find(({ id }) => id === "tiny-at-chance").rules[0].checkpoints,
  answer: await response.json(),
  described: Object.keys(openapi.paths).includes("/v1/nets"),
}));
process.exit(0);
`;

test("a net, a recipe, a claim and a route take what the page says", () => {
  const copy = mkdtempSync(join(tmpdir(), "rethink-guide-"));
  for (const part of ["src", "test", "package.json", "tsconfig.json", "deno.json", "fixtures"])
    cpSync(join(ROOT, part), join(copy, part), { recursive: true });
  for (const part of ["node_modules", "models", ".cache"])
    symlinkSync(join(ROOT, part), join(copy, part));
  const blocks = blocksOf(guide);
  assert.is(blocks.length, 6); // two files of their own, and four lists
  for (const block of blocks) applyBlock(block, copy);
  writeFileSync(join(copy, "ask.ts"), QUESTIONS);
  const asked = spawnSync(process.execPath, [...launch, "ask.ts"], { cwd: copy, encoding: "utf8" });
  rmSync(copy, { recursive: true });
  assert.is(asked.status, 0, asked.stderr);
  const { bytes, answer, ...rest } = JSON.parse(asked.stdout.trim().split("\n").at(-1) as string);
  assert.ok(bytes > 1000);
  assert.ok(answer.nets.includes("tiny"));
  assert.equal(rest, {
    parameters: 3 * 3 * 3 * 8 + 8 + 8 * 10 + 10, // kernel and biases, twice
    text: "one convolution of 8 filters",
    recipe: "tiny",
    claim: ["tiny.random-labels"],
    described: true,
  });
});

test("each is shown in ten lines of prose at most, and the page's links lead somewhere", () => {
  const prose = guide.replace(/^```[\s\S]*?^```$/gm, "");
  for (const section of prose.split(/^## /m).slice(1))
    assert.ok(section.trim().split("\n").length <= 10, section);
  for (const [, path = ""] of guide.matchAll(/\]\(([^)#:]+)\)/g))
    readFileSync(join(ROOT, ".github", path));
});

test.run();
