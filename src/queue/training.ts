/** Trainings handed out by recipe: a worker answers with a checkpoint, whose files lie in parts. */
import * as v from "valibot";
import { InputError, MismatchError } from "../datasets/storage.ts";
import { type Checkpoint, CheckpointSchema } from "../evaluation/checkpoint.ts";
import { oneLine, printError } from "../print.ts";
import { canonicalDigest } from "../recipe.ts";
import { type Machine, MachineSchema } from "./answer.ts";
import type { Connection } from "./connection.ts";
import { gather, type Outcome } from "./coordinator.ts";
import { nameOf, type TrainingJob, TRIES } from "./jobs.ts";
import { openParts, type Parts, StoredSchema } from "./parts.ts";

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
 * Has recipes trained, and hands over each checkpoint as it comes.
 * @throws InputError that names those which nobody could train, once the rest is done
 */
export async function trainByWorkers(
  connection: Connection,
  jobs: TrainingJob[],
  onFiles: (files: CheckpointFiles) => Promise<void>,
): Promise<void> {
  const byName = new Map<string, TrainingJob>();
  for (const job of jobs) byName.set(await nameOf(job), job);
  const parts = openParts(connection);
  const failed: string[] = [];
  const wrong: string[] = [];
  let last = Promise.resolve();

  async function take(job: TrainingJob, outcome: Outcome): Promise<void> {
    if (outcome.failed !== undefined) {
      const by = `${TRIES} tries, last by worker ${oneLine(outcome.worker)}`;
      failed.push(`${job.checkpoint} was given up after ${by}: ${oneLine(outcome.failed)}`);
      return;
    }
    try {
      await onFiles(await filesOf(job, outcome.answer, parts));
    } catch (error) {
      if (!(error instanceof MismatchError)) throw error;
      wrong.push(error.message);
    }
  }

  try {
    await gather({
      connection,
      queue: "train",
      jobs: byName,
      onOutcome(name, outcome) {
        const job = byName.get(name);
        if (job) last = last.then(() => take(job, outcome));
        last.catch(() => {}); // thrown below
      },
      onNobody: () =>
        printError(`no worker trains at ${connection.name}: rethink work --jobs train --queue URL`),
    });
    await last;
  } finally {
    parts.close();
  }
  if (wrong.length > 0) throw new MismatchError(wrong.join("; "));
  if (failed.length > 0) throw new InputError(failed.join("; "));
}
