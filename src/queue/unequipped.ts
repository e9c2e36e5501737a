/**
 * What a worker lacks for a job, as its model: the job is passed on, until a coordinator sees that no
 * worker can do it. One that nobody gathers any more is at its end after a day, as an answer is.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { DelayedError, type Job, type Queue } from "bullmq";
import { InputError, MachineFault } from "../datasets/storage.ts";
import { oneLine } from "../print.ts";

/** This worker cannot do that job, and is fit for others. */
export class Unequipped extends InputError {
  override name = "Unequipped";
}

/** Milliseconds until a job that was passed on is taken again; a coordinator's silence is longer. */
const LATER = 2_000;
/** Milliseconds for which who is offered what it passed on takes nothing: it would be first again, and again. */
export const STEP_BACK = 20_000;
/** Milliseconds between two jobs that are passed on, for there may be thousands. */
const PAUSE = 50;

/**
 * What a job wants of a worker, as its model.
 * @throws Unequipped in place of an InputError that is not the machine's fault
 */
export async function equipment<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof InputError && !(error instanceof MachineFault))
      throw new Unequipped(error.message);
    throw error;
  }
}

/** What workers lacked for a job, by their names. */
export function lacked({ progress }: Job): Record<string, string> {
  return typeof progress === "object" ? (progress as Record<string, string>) : {};
}

/**
 * Leaves a job to others: behind those that wait, with what is lacked, and with all its tries.
 * @returns what the queue is to be told
 */
export async function passOn(
  job: Job,
  worker: string,
  { message }: Unequipped,
  token: string | undefined,
): Promise<DelayedError> {
  await sleep(PAUSE);
  await job.updateProgress({ ...lacked(job), [worker]: message });
  await job.moveToDelayed(Date.now() + LATER, token);
  return new DelayedError();
}

/** Names of the workers that are at a queue. */
export async function workersAt(queue: Queue): Promise<string[]> {
  const workers = await queue.getWorkers();
  return workers.map(({ rawname = "" }) => rawname.slice(rawname.indexOf(":w:") + ":w:".length));
}

/** Why a job is given up; undefined where one of the workers, or all whom nobody knows yet, may do it. */
export function lackedByAll(job: Job, workers: string[]): string | undefined {
  const lacks = lacked(job);
  const [first] = workers;
  if (first === undefined || !workers.every((worker) => Object.hasOwn(lacks, worker))) return;
  const others = workers.length > 1 ? `, and ${workers.length - 1} more like it` : "";
  return `given up, for no worker can do it: ${oneLine(first)} lacks it${others}: ${oneLine(lacks[first] ?? "")}`;
}
