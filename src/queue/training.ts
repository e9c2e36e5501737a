/** Trainings handed out by recipe: a worker answers with a checkpoint, whose files lie in parts. */
import * as v from "valibot";
import { InputError, MismatchError } from "../datasets/storage.ts";
import { type Checkpoint, CheckpointSchema } from "../evaluation/checkpoint.ts";
import { printError } from "../print.ts";
import { canonicalDigest } from "../recipe.ts";
import { type Machine, MachineSchema } from "./answer.ts";
import type { Connection } from "./connection.ts";
import { AGAIN, gather } from "./coordinator.ts";
import { drop } from "./drop.ts";
import { nameOf, type TrainingJob } from "./jobs.ts";
import type { Outcome } from "./outcome.ts";
import { openParts, type Parts, PartsGone, StoredSchema } from "./parts.ts";

/** A checkpoint as it lies in models/<id>/. */
export interface CheckpointFiles {
  checkpoint: Checkpoint;
  model: Uint8Array<ArrayBuffer>;
  history: Uint8Array<ArrayBuffer>;
}

const TrainingAnswerSchema = v.object({
  ranOn: MachineSchema,
  checkpoint: CheckpointSchema,
  model: StoredSchema,
  history: StoredSchema,
});
export type TrainingAnswer = v.InferOutput<typeof TrainingAnswerSchema>;

/** What a worker answers: its files go ahead of it. */
export async function trainingAnswer(
  { checkpoint, model, history }: CheckpointFiles,
  ranOn: Machine,
  parts: Parts,
): Promise<TrainingAnswer> {
  const [storedModel, storedHistory] = [await parts.store(model), await parts.store(history)];
  return { ranOn, checkpoint, model: storedModel, history: storedHistory };
}

/**
 * The files of an answer, held against the job.
 * @throws MismatchError with the worker's name where they are not what was asked for
 */
async function filesOf(job: TrainingJob, data: unknown, parts: Parts): Promise<CheckpointFiles> {
  const parsed = v.safeParse(TrainingAnswerSchema, data);
  if (!parsed.success) throw new MismatchError(`${job.checkpoint}: a worker's answer is none`);
  const { ranOn, checkpoint, model, history } = parsed.output;
  const recipeDigest = await canonicalDigest(job.recipe);
  const made = [checkpoint.id, checkpoint.recipeDigest, await canonicalDigest(checkpoint.recipe)];
  const told = [checkpoint.model.sha256, checkpoint.history.sha256];
  if (`${made}` !== `${[job.checkpoint, recipeDigest, recipeDigest]}`)
    throw new MismatchError(
      `worker ${ranOn.worker} trained another recipe than ${job.checkpoint}'s`,
    );
  if (`${told}` !== `${[model.sha256, history.sha256]}`)
    throw new MismatchError(`worker ${ranOn.worker} sent other files than its checkpoint names`);
  printError(`${job.checkpoint}: trained by worker ${ranOn.worker} on ${ranOn.processor}`);
  return { checkpoint, model: await parts.load(model), history: await parts.load(history) };
}

/**
 * What there is of the jobs that are to begin anew is no answer to them.
 * @throws InputError that names those which a worker is at
 */
async function beginAnew(connection: Connection, byName: Map<string, TrainingJob>): Promise<void> {
  const names = [...byName].flatMap(([name, { anew }]) => (anew === undefined ? [] : [name]));
  if (names.length === 0) return;
  const busy = (await drop(connection, "train", names)).map((name) => byName.get(name)?.checkpoint);
  if (busy.length > 0)
    throw new InputError(
      `a worker is training ${busy.join(", ")} already; without --restart you get what it makes`,
    );
}

/**
 * Has recipes trained, and hands over each checkpoint as it comes. Where one cannot be kept, all
 * answers stay at the queue: asked again, nothing is trained again.
 * @throws MismatchError or InputError that names all which were answered wrong, given up or not kept,
 *   once the rest is done; InputError where one is to begin anew that a worker is at
 */
export async function trainByWorkers(
  connection: Connection,
  jobs: TrainingJob[],
  onFiles: (files: CheckpointFiles) => Promise<void>,
): Promise<void> {
  const byName = new Map<string, TrainingJob>();
  for (const job of jobs) byName.set(await nameOf(job), job);
  await beginAnew(connection, byName);
  const parts = openParts(connection);
  const problems: Error[] = [];
  const discarded = new Set<string>();
  const again = new Set<string>();

  /** Once: where they are gone again, the queue keeps nothing. */
  function handOutAnew(name: string): typeof AGAIN | undefined {
    const id = byName.get(name)?.checkpoint;
    if (again.has(name)) {
      problems.push(new InputError(`${id}: the queue at ${connection.name} lost its files twice`));
      discarded.add(name);
      return undefined;
    }
    again.add(name);
    printError(`${id}: what was trained is gone from the queue; it is handed out anew`);
    return AGAIN;
  }

  /** The files; undefined where it is no answer to the job. */
  async function filesFrom(name: string, answer: unknown) {
    try {
      return await filesOf(byName.get(name) as TrainingJob, answer, parts);
    } catch (error) {
      if (error instanceof PartsGone) return handOutAnew(name);
      if (!(error instanceof MismatchError)) throw error;
      problems.push(error);
      discarded.add(name);
    }
  }

  async function take(name: string, outcome: Outcome): Promise<unknown> {
    if (outcome.failed !== undefined) {
      problems.push(new InputError(`${byName.get(name)?.checkpoint} was ${outcome.failed}`));
      return;
    }
    const files = await filesFrom(name, outcome.answer);
    if (files === AGAIN) return AGAIN;
    try {
      if (files) await onFiles(files);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      const remedy = "then ask again: it was trained, and stays at the queue for a day";
      const problem = new InputError(`${error.message}; ${remedy}`);
      printError(problem.message); // the others may take longer than that
      problems.push(problem);
      throw problem;
    }
  }

  try {
    await gather({
      connection,
      queue: "train",
      jobs: byName,
      onOutcome: take,
      discarded,
      onNobody: () =>
        printError(`no worker trains at ${connection.name}: rethink work --jobs train --queue URL`),
    });
  } catch (error) {
    if (!problems.includes(error as Error)) throw error;
  } finally {
    parts.close();
  }
  if (problems.length === 0) return;
  const wrong = problems.some((problem) => problem instanceof MismatchError);
  const message = problems.map((problem) => problem.message).join("; ");
  throw wrong ? new MismatchError(message) : new InputError(message);
}
