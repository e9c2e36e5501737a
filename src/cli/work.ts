/** `work`: a worker, which takes jobs from a queue until it is told to stop. */
import { availableParallelism } from "node:os";
import { InputError } from "../datasets/storage.ts";
import { fittingThreads } from "../evaluation/runtimes/memory.ts";
import { openRuntime } from "../evaluation/runtimes/open.ts";
import type { Runtime } from "../evaluation/runtimes/runtime.ts";
import { openDataset } from "../local/dataset.ts";
import { openPack } from "../local/pack.ts";
import { project } from "../local/project.ts";
import { printError } from "../print.ts";
import { connect } from "../queue/connection.ts";
import { openCrew } from "../queue/crew.ts";
import { datasetOfMachine, evaluateJob, type Workshop } from "../queue/evaluate-job.ts";
import { type Kind, readEvaluation, queueOf } from "../queue/jobs.ts";
import { thisMachine } from "../queue/machine.ts";
import { type Post, startWorker } from "../queue/worker.ts";

export interface WorkOptions {
  queue: URL;
  pack?: string;
  jobs: Kind[];
  concurrency?: number;
  name?: string;
  patience: number;
}

/** What runs models here, and how many jobs at once: as many as are wanted, or as wasm has memory for. */
async function openRuntimes(wanted: number) {
  let size = wanted;
  const runtimes: Runtime[] = [];
  const lacking: InputError[] = [];
  async function add(open: () => Promise<Runtime>): Promise<void> {
    try {
      runtimes.push(await open());
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      lacking.push(error);
    }
  }
  await add(() => openRuntime("native"));
  await add(async () => {
    const fitting = fittingThreads(wanted);
    const wasm = await openRuntime("wasm");
    size = fitting;
    return wasm;
  });
  const [one] = runtimes;
  if (!one) throw lacking[0];
  for (const { message } of lacking) printError(`${one.name} alone runs the models: ${message}`);
  return { runtimes, size };
}

/** Evaluations on every runtime that this machine has, each version in a queue of its own. */
async function evaluationPosts({ pack: folder, name, concurrency, patience }: WorkOptions) {
  const pack = await openPack(folder);
  const { runtimes, size } = await openRuntimes(concurrency ?? availableParallelism());
  const crew = openCrew(runtimes, size);
  const shop: Workshop = {
    machine: thisMachine(name),
    runtimes,
    crew,
    dataset: datasetOfMachine(await openDataset()),
    async model({ checkpoint }) {
      const path = `models/${checkpoint}/model.onnx`;
      return await ((await pack.exists(path)) ? pack : project).read(path);
    },
  };
  const posts = runtimes.map(
    (runtime): Post => ({
      queue: queueOf({ kind: "evaluate", runtime }),
      concurrency: size,
      patience,
      work: async (data) => await evaluateJob(readEvaluation(data), shop),
    }),
  );
  return { posts, stop: crew.stop, versions: runtimes.map((r) => `${r.package} ${r.version}`) };
}

/**
 * Works until SIGTERM or SIGINT, and then until what it began is done; a second signal ends it.
 * @returns the exit code
 */
export async function work(options: WorkOptions): Promise<number> {
  const connection = await connect(options.queue);
  const { worker: name } = thisMachine(options.name);
  const posts: Post[] = [];
  const stops: (() => void)[] = [];
  const offers: string[] = [];
  if (options.jobs.includes("evaluate")) {
    const evaluations = await evaluationPosts(options);
    posts.push(...evaluations.posts);
    stops.push(evaluations.stop);
    offers.push(`evaluates with ${evaluations.versions.join(" and ")}`);
  }
  if (options.jobs.includes("train")) {
    const training = (await import("./train-post.ts")).trainPost(connection, thisMachine(name));
    posts.push(training);
    stops.push(training.stop);
    offers.push("trains by recipe");
  }
  const worker = startWorker({ connection, name, posts });
  printError(`worker ${name} at ${connection.name} ${offers.join(" and ")}`);
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.once(signal, () => {
      printError(`worker ${name} finishes what it began, or saves it and gives it back`);
      void worker.drain();
    });
  }
  try {
    await worker.ended;
    printError(`worker ${name} has ended`);
    return 0;
  } finally {
    for (const stop of stops) stop();
    setTimeout(() => process.exit(), 1000).unref(); // a lost queue would be looked for for ever
  }
}
