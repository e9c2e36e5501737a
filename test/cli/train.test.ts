/** The train command's run of a small recipe: stopped, gone on, refused. */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { trainNet } from "../../src/cli/train-net.ts";
import { InputError } from "../../src/datasets/storage.ts";
import type { TrainingRecipe } from "../../src/recipe.ts";
import { RECIPES } from "../../src/recipes.ts";

const base = RECIPES["mlp-1x512.true"] as TrainingRecipe;
const test = suite("train", { folder: "" });

test.before(async (context) => {
  context.folder = await mkdtemp(join(tmpdir(), "rethink-train-"));
});
test.after((context) => rm(context.folder, { recursive: true }));

/** Trains on 20 images with plain JavaScript, which needs no set-up. */
function run(
  statePath: string,
  { epochs = 2, commit = "one", restart = false, recipeDigest = "d" } = {},
) {
  const recipe = { ...base, epochs, batchSize: 10, view: { ...base.view, examples: 20 } };
  const metadata = { id: "mlp-1x512.true", recipeDigest };
  return trainNet(recipe, metadata, commit, { backend: "cpu", restart }, statePath);
}

async function refused(running: Promise<unknown>, message: RegExp): Promise<void> {
  await running.then(
    () => assert.unreachable("it was not refused"),
    (error: unknown) => {
      assert.instance(error, InputError);
      assert.match((error as Error).message, message);
    },
  );
}

test("what was stopped goes on to the same model, and names both commits", async ({ folder }) => {
  const [whole, stopped] = [join(folder, "whole"), join(folder, "stopped")];
  const { model } = await run(whole);
  await run(stopped, { epochs: 1 });
  const resumed = await run(stopped, { commit: "two" });
  assert.equal(resumed.model, model);
  assert.equal(resumed.commits, ["one", "two"]);
  assert.equal(
    resumed.history.map(({ epoch }) => epoch),
    [1, 2],
  );
});

test("another form of the recipe, or other switches, are refused and lose nothing", async ({
  folder,
}) => {
  const path = join(folder, "kept");
  await run(path, { epochs: 1 });
  const saved = await readFile(path);
  await refused(
    run(path, { recipeDigest: "e" }),
    /another form of the recipe; --restart .* 1 epochs/,
  );
  assert.equal(await readFile(path), saved);
  const { decodeTraining, encodeTraining } = await import("../../src/training/saved-state.ts");
  const training = await decodeTraining(new Uint8Array(saved));
  const elsewhere = [...training.computedWith.slice(1), "A=1"];
  await writeFile(path, await encodeTraining({ ...training, computedWith: elsewhere }));
  await refused(
    run(path),
    /computed with A=1, and here it would be tfjs [^;]*; go on with the same/,
  );
  assert.is((await run(path, { restart: true })).history.length, 2);
});

test("a recipe that diverges ends in one line", async ({ folder }) => {
  const recipe: TrainingRecipe = {
    ...base,
    epochs: 3,
    batchSize: 10,
    view: { ...base.view, examples: 20 },
    optimizer: { ...base.optimizer, learningRate: 1e30 },
  };
  const metadata = { id: "mlp-1x512.true", recipeDigest: "d" };
  await refused(
    trainNet(recipe, metadata, "one", { backend: "cpu" }, join(folder, "diverged")),
    /this recipe diverges here/,
  );
});

test.run();
