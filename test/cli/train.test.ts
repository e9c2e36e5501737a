/** The train command's run of a small recipe: stopped, gone on, refused. */
import { spawnSync } from "node:child_process";
import { mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { trainNet } from "../../src/cli/train-net.ts";
import { InputError } from "../../src/datasets/storage.ts";
import type { TrainingRecipe } from "../../src/recipe.ts";
import { RECIPES } from "../../src/recipes.ts";
import { decodeTraining, encodeTraining } from "../../src/training/saved-state.ts";
import { ROOT } from "../home.ts";

const test = suite("train", { folder: "" });

test.before(async (context) => {
  context.folder = await mkdtemp(join(tmpdir(), "rethink-train-"));
});
test.after((context) => rm(context.folder, { recursive: true }));

/** Trains on 20 images with plain JavaScript, which needs no set-up. */
function run(
  statePath: string,
  {
    epochs = 2,
    commit = "one",
    restart = false,
    mixed = false as boolean | "no choice",
    recipeDigest = "d",
    learningRate = 0.01,
    decayPerEpoch = 0.95,
    hits = false,
    id = "mlp-1x512.true",
  } = {},
) {
  const base = RECIPES[id] as TrainingRecipe;
  const optimizer = { ...base.optimizer, learningRate, decayPerEpoch };
  const recipe = {
    ...base,
    optimizer,
    epochs,
    batchSize: 10,
    view: { ...base.view, examples: 20 },
  };
  const metadata = { id, recipeDigest };
  const options = { backend: "cpu", restart, hits } as const;
  const chosen = mixed === "no choice" ? options : { ...options, mixed };
  return trainNet(recipe, metadata, commit, chosen, statePath, 0);
}

async function refused(
  running: Promise<unknown>,
  message: RegExp,
  kind: new () => Error = InputError,
): Promise<void> {
  await running.then(
    () => assert.unreachable("it was not refused"),
    (error: unknown) => {
      assert.instance(error, kind);
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
  const training = await decodeTraining(new Uint8Array(saved));
  const computedWith = { ...training.computedWith, version: "tfjs 0", environment: { A: "1" } };
  await writeFile(path, await encodeTraining({ ...training, computedWith }));
  await refused(
    run(path),
    /computed with something else: version is tfjs \S+, not tfjs 0, A is not set, not 1[^;]*; go on with the same or with --mixed/,
  );
  await refused(run(path, { mixed: "no choice" }), /go on with the same, or --restart/);
  assert.is((await run(path, { restart: true })).history.length, 2);
});

test("with --mixed another device goes on, and each is named with its epochs", async ({
  folder,
}) => {
  const path = join(folder, "mixed");
  /** Lets what is saved so far seem to be the work of another device. */
  async function computedOn(device: string): Promise<void> {
    const training = await decodeTraining(new Uint8Array(await readFile(path)));
    const computedWith = { ...training.computedWith, device };
    await writeFile(path, await encodeTraining({ ...training, computedWith }));
  }
  const stretches = async (epochs: number, mixed: boolean) => {
    const { trained, history } = await run(path, { epochs, mixed });
    assert.is(history.length, epochs);
    return trained.before?.map(({ device, epochs }) => [device, epochs]);
  };
  assert.is(await stretches(1, true), undefined);
  await computedOn("first");
  assert.equal(await stretches(3, true), [["first", 1]]);
  await computedOn("second");
  const both = [
    ["first", 1],
    ["second", 2],
  ];
  assert.equal(await stretches(4, true), both);
  assert.equal(await stretches(5, false), both, "nothing else goes on");
});

test("what fails in an epoch has saved the one before, and --restart forgets it at once", async ({
  folder,
}) => {
  const path = join(folder, "broken-off");
  await refused(run(path, { epochs: 3, decayPerEpoch: 1e30 }), /diverges here/);
  const { history } = await decodeTraining(new Uint8Array(await readFile(path)));
  assert.is(history.length, 1);
  await refused(run(path, { learningRate: 1e30, restart: true }), /diverges here/);
  await refused(readFile(path), /ENOENT/, Error);
});

test("counting hits after each epoch leaves the model as it is, to the byte", async ({
  folder,
}) => {
  const id = "mlp-1x512.noise-40";
  const with_ = await run(join(folder, "with"), { id, hits: true });
  const without = await run(join(folder, "without"), { id });
  assert.equal(with_.model, without.model);
  const bare = with_.history.map(({ hits: _, ...epoch }) => ({ ...epoch, seconds: 0 }));
  assert.equal(
    bare,
    without.history.map((epoch) => ({ ...epoch, seconds: 0 })),
  );
  for (const { hits } of with_.history) {
    assert.is(hits?.test.total, 10_000);
    assert.is((hits?.changed?.total ?? 0) + (hits?.unchanged?.total ?? 0), 20);
    assert.ok((hits?.changed?.total ?? 0) > 0);
  }
});

test("a state that cannot be saved costs no model", async ({ folder }) => {
  const nowhere = join(folder, "nowhere");
  await symlink(join(folder, "none"), nowhere);
  const { model } = await run(join(folder, "saved"));
  assert.equal((await run(join(nowhere, "state"))).model, model);
});

test("a recipe that diverges ends in one line", async ({ folder }) => {
  await refused(run(join(folder, "diverged"), { learningRate: 1e30 }), /this recipe diverges here/);
});

test("Theorem 1's network is constructed again to the published bytes", async ({ folder }) => {
  const id = "theorem1.random-labels";
  const launch = "Deno" in globalThis ? ["run", "-A"] : ["--import", "tsx"];
  const run = spawnSync(process.execPath, [...launch, "src/cli/main.ts", "train", id], {
    cwd: ROOT,
    encoding: "utf8",
    env: { ...process.env, RETHINK_HOME: folder },
  });
  assert.is(run.status, 0, run.stderr);
  const [made, published] = [folder, ROOT].map((home) => join(home, "models", id));
  for (const file of ["model.onnx", "history.json"])
    assert.equal(
      await readFile(join(made as string, file)),
      await readFile(join(published as string, file)),
    );
});

test.run();
