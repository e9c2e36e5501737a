/** Solves for a kernel machine by its recipe; the factor of its matrix is kept as it grows, to go on from. */
import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { SingleBar } from "cli-progress";
import { DATASETS } from "../datasets/datasets.ts";
import { InputError } from "../datasets/storage.ts";
import { readTrainingImages } from "../datasets/view.ts";
import { openDataset } from "../local/dataset.ts";
import { exportKernel } from "../onnx/kernel.ts";
import { rounded } from "../onnx/norm.ts";
import { canonicalDigest, type KernelRecipe } from "../recipe.ts";
import { openBackend } from "../training/backend.ts";
import { dispose, type Factor, factorize, workOf } from "../training/kernel/factor.ts";
import { gramOf } from "../training/kernel/gram.ts";
import { solve } from "../training/kernel/solve.ts";
import { keptBlocks } from "./kept-blocks.ts";
import type { Made, TrainOptions } from "./made.ts";
import { printError } from "../print.ts";
import { makeFolder } from "../make-folder.ts";

const CLASSES = 10;
/** Blocks of rows and columns that the matrix is cut into: 6,000² of MNIST's 60,000². */
const BLOCKS = 10;
const ROUNDS = 1;
/** With a residual below it the largest of ten outputs is the label's. */
const FITTING = 1 / 2;

/** All training images of a view, and their given labels one-hot. */
async function readAll({ view }: KernelRecipe) {
  const { imageBytes } = DATASETS[view.dataset];
  const { images, given } = await readTrainingImages(await openDataset(view.dataset), view);
  const oneHot = new Float64Array(given.length * CLASSES);
  for (const [i, label] of given.entries()) oneHot[i * CLASSES + label] = 1;
  return { images, imageBytes, oneHot };
}

/** The last factor, for a recipe that comes next and differs in its labels alone. */
let last: { folder: string; factor: Factor; seconds: number } | undefined;

/**
 * Labels have no part in the factor, so that recipes that differ in nothing else share it. It stays
 * until it is deleted.
 * @param place the folder in which the factor's own is
 * @throws InputError if the matrix is not positive definite in float32, or so nearly that what solves
 *   for it does not fit the labels.
 */
export async function solveKernel(
  recipe: KernelRecipe,
  metadata: { id: string; recipeDigest: string },
  commit: string,
  options: TrainOptions,
  place: string,
): Promise<Made> {
  if (options.backend !== "tensorflow")
    throw new InputError("a kernel is solved by TensorFlow alone; leave out --backend");
  const { id } = metadata;
  const { view, gamma, penalty } = recipe;
  const backend = await openBackend("tensorflow");
  const { computedWith } = backend;
  const matrix = { dataset: view.dataset, examples: view.examples ?? null, gamma, penalty };
  const name = await canonicalDigest({ ...matrix, blocks: BLOCKS, computedWith, commit });
  const folder = join(place, `factor-${name.slice(0, 16)}`);
  // Begun anew already, where that is asked for; what is deleted is not gone on from, in memory neither.
  const isAtHand = last?.folder === folder && existsSync(folder);
  if (options.restart && !isAtHand) await rm(folder, { recursive: true, force: true });
  await makeFolder(folder);
  printError(`solving ${id} with ${computedWith.version} on ${computedWith.device}`);
  printError(`its factor is kept in ${folder}`);
  const { images, imageBytes, oneHot } = await readAll(recipe);
  const gram = gramOf(images, imageBytes, recipe, BLOCKS);
  const refining = (ROUNDS + 1) * ((BLOCKS * (BLOCKS + 1)) / 2);
  const bar = new SingleBar({
    format: `${id} {bar} {value}/{total} {eta_formatted} left`,
    stream: process.stderr,
    etaBuffer: 50,
  });
  const total = workOf(gram) + refining;
  let done = 0;
  let told = 1; // twentieths
  bar.start(total, 0);
  const advance = (more: number) => {
    done += more;
    bar.update(done);
    if (!process.stderr.isTTY && done * 20 >= told * total) {
      printError(`${id} ${done}/${total}`);
      told++;
    }
  };
  try {
    if (!last || !isAtHand) {
      dispose(last?.factor ?? []);
      last = undefined;
      const { store, seconds } = await keptBlocks(folder);
      const factor = await factorize(gram, store, advance);
      last = { folder, factor, seconds: seconds() };
    } else advance(workOf(gram));
    const { factor, seconds } = last;
    const started = Date.now();
    const solved = solve(gram, factor, oneHot, CLASSES, ROUNDS, () => advance(1));
    const { alpha, product, residual } = solved;
    // Without what the penalty adds to the product: the norm is the function's.
    const squared = alpha.reduce(
      (sum, a, k) => sum + a * ((product[k] as number) - penalty * a),
      0,
    );
    const norm = rounded(Math.sqrt(squared));
    printError(`largest residual ${residual.toExponential(2)}, norm ${norm}`);
    if (!(residual < FITTING))
      throw new InputError(
        `${id} is not solved: the largest residual is ${residual}, not below ${FITTING}; a smaller width or a penalty would mend it`,
      );
    const machine = { dataset: view.dataset, gamma, images, alpha: Float32Array.from(alpha) };
    return {
      model: exportKernel(machine, metadata),
      parameters: alpha.length,
      norm,
      history: [],
      trained: {
        ...computedWith,
        seconds: Math.round(seconds * 10 + (Date.now() - started) / 100) / 10,
      },
    };
  } finally {
    bar.stop();
    gram.dispose();
  }
}
