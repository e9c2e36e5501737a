/** What a worker does with an evaluation: model by digest, shards, counts. */
import { sha256Hex } from "../datasets/digest.ts";
import { MachineFault, type Storage } from "../datasets/storage.ts";
import { resultOf } from "../evaluation/compare.ts";
import { checkImages, evaluate } from "../evaluation/evaluate.ts";
import { asPublished } from "../onnx/foreign.ts";
import { loadModel } from "../evaluation/external.ts";
import type { Runtime, Session } from "../evaluation/runtimes/runtime.ts";
import { RECIPES } from "../recipes.ts";
import { type Answer, type Machine, packed } from "./answer.ts";
import type { Crew } from "./crew.ts";
import { ofMachine } from "./faults.ts";
import type { EvaluationJob } from "./jobs.ts";
import { equipment, Unequipped } from "./unequipped.ts";

export interface Workshop {
  machine: Machine;
  runtimes: Runtime[];
  crew: Crew;
  /** The dataset; an InputError from it is the machine's fault. */
  dataset: Storage;
  /** A model's bytes. */
  model(wanted: Pick<EvaluationJob, "checkpoint" | "sha256">): Promise<Uint8Array<ArrayBuffer>>;
}

/** A dataset whose faults are the machine's. */
export function datasetOfMachine(dataset: Storage): Storage {
  return {
    read: (...args) => ofMachine(dataset.read(...args)),
    exists: (path) => ofMachine(dataset.exists(path)),
    version: (path) => dataset.version(path),
  };
}

/**
 * @throws Unequipped if the job's model cannot be had here, InputError if it is none or of another view,
 *   MachineFault if this machine is not fit for any
 */
export async function evaluateJob(job: EvaluationJob, shop: Workshop): Promise<Answer> {
  const started = performance.now();
  const { checkpoint, sha256, view, split } = job;
  const runtime = shop.runtimes.find(({ name }) => name === job.runtime.name);
  if (!runtime || runtime.version !== job.runtime.version)
    throw new MachineFault(`this machine has no ${job.runtime.package} ${job.runtime.version}`);

  async function load(on: Runtime): Promise<Session> {
    const bytes = await equipment(shop.model(job));
    const found = await sha256Hex(bytes);
    if (found !== sha256)
      throw new Unequipped(`${checkpoint}'s model has SHA-256 ${found} here, not ${sha256}`);
    if (job.given) return await on.load(asPublished(bytes, job.given));
    const recipe = Object.hasOwn(RECIPES, checkpoint) ? RECIPES[checkpoint] : undefined;
    return recipe ? await loadModel(on, shop.dataset, { recipe }, bytes) : await on.load(bytes);
  }

  const key = job.given ? `${sha256} ${JSON.stringify(job.given)}` : sha256;
  const shards = await shop.crew.use(runtime.name, { key, load }, async (session) => {
    const done: Answer["shards"] = [];
    async function count() {
      for await (const shard of evaluate(shop.dataset, view, session, split, job.shards)) {
        done.push(await packed(await resultOf(runtime as Runtime, shard)));
      }
    }
    checkImages(session, view); // or every worker that takes it would leave
    await ofMachine(count()); // an InputError here is of the dataset, whose bytes are other ones
    return done;
  });
  return {
    ranOn: shop.machine,
    runtime: { package: runtime.package, version: runtime.version },
    seconds: Math.round(performance.now() - started) / 1000,
    shards,
  };
}
