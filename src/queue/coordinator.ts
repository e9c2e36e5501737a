/** Hands jobs out and gathers what came of each, whatever happens to workers, queue or events. */
import { setTimeout as sleep } from "node:timers/promises";
import { Queue, QueueEvents } from "bullmq";
import { type Connection, isLoss, PREFIX, watch } from "./connection.ts";
import { JOB_OPTIONS } from "./jobs.ts";
import { type Outcome, outcomeOf } from "./outcome.ts";
import { lacked, lackedByAll, workersAt } from "./unequipped.ts";

export interface GatherOptions {
  connection: Connection;
  queue: string;
  /** Jobs by name. */
  jobs: Map<string, unknown>;
  /**
   * Told once of each job; what it gives is waited for before it is told of another. AGAIN has the
   * job handed out anew, and told of again.
   */
  onOutcome(name: string, outcome: Outcome): unknown;
  /** Told where nothing has come for a while and nobody works on this queue; again after a minute. */
  onNobody?(): void;
  signal?: AbortSignal;
  /** Jobs whose answers are not to be used again, also where the signal ends it. */
  discarded?: Set<string>;
  say?: (line: string) => void;
}

/** Of an answer that is of no use any more. */
export const AGAIN = Symbol("again");

const CHUNK = 500;
/** Without news for so long, everything is asked for: an event may be lost, or the whole queue. */
const SILENCE = 5_000;
const SECOND = 1_000;
/** That nobody works is not said more often. */
const MINUTE = 60_000;

/** Parts of a list, in order. */
function* chunks<T>(all: T[]): Generator<T[]> {
  for (let at = 0; at < all.length; at += CHUNK) yield all.slice(at, at + CHUNK);
}

/** Waits for the last of it, but not for a queue that is lost. @returns whether it was done */
async function inTime(work: Promise<unknown>, limit = SILENCE): Promise<boolean> {
  const done = new AbortController();
  const late = sleep(limit, false, { signal: done.signal }).catch(() => false);
  return await Promise.race([work.then(() => true), late]).finally(() => done.abort());
}

/**
 * Settles once `onOutcome` is done with every job, and takes them off the queue: who is killed
 * before that finds the answers again. Two that gather the same jobs share the work: a job has
 * one name for both.
 * @throws the signal's reason once it is aborted, or the first of what `onOutcome` threw once it was
 *   told of all; then the jobs stay
 */
export async function gather(options: GatherOptions): Promise<void> {
  const { connection, queue: name, jobs, onOutcome, onNobody, signal } = options;
  const shared = { connection: connection.options, prefix: PREFIX };
  const queue = new Queue(name, shared);
  const events = new QueueEvents(name, shared);
  const open = new Set(jobs.keys());
  const left = new Set(jobs.keys()); // of those, and of what is being handed over
  const { lost, back } = watch(connection, options.say);
  let finish = () => {};
  let fail = (_: unknown) => {};
  const finished = new Promise<void>((resolve, reject) => {
    finish = resolve;
    fail = reject;
  });
  finished.catch(() => {});
  let news = performance.now();
  const thrown: unknown[] = [];
  let handedOver: Promise<unknown> = Promise.resolve();

  function settle(id: string, outcome: Outcome | undefined): void {
    if (!outcome || !open.delete(id)) return;
    news = performance.now();
    handedOver = handedOver
      .then(() => onOutcome(id, outcome))
      .then(async (given) => {
        if (given !== AGAIN) return left.delete(id);
        await queue.remove(id);
        open.add(id);
        await add([id]);
      })
      .catch((error: unknown) => {
        left.delete(id); // the others have their turn
        thrown.push(error);
      })
      .then(() => left.size === 0 && finish());
  }

  async function add(ids: string[]): Promise<void> {
    const entries = ids.map((jobId) => ({
      name,
      data: jobs.get(jobId),
      opts: { ...JOB_OPTIONS, jobId },
    }));
    await queue.addBulk(entries);
  }

  /**
   * Asks for every open job: what is done is taken, what is gone is handed out again, and
   * what none of the workers that are there can do is given up.
   * @param workers that may have been asked; none of them where a run begins
   */
  async function ask(workers: string[], first = false): Promise<void> {
    for (const ids of chunks([...open])) {
      const found = await Promise.all(ids.map((id) => queue.getJob(id)));
      const outcomes = await Promise.all(found.map(outcomeOf));
      const again = ids.filter((id, k) => {
        const [job, outcome] = [found[k], outcomes[k]];
        if (job === undefined) return true;
        const lacking = Object.keys(lacked(job)).length > 0;
        if (first && (outcome?.failed !== undefined || (lacking && !outcome))) return true; // of a run before
        const failed = lackedByAll(job, workers);
        settle(id, outcome ?? (failed === undefined ? undefined : { failed }));
        return false;
      });
      await Promise.all(again.map((id) => queue.remove(id)));
      if (again.length > 0) await add(again);
    }
  }

  /** Removes jobs; where the queue is lost nobody waits for that, and what stays expires. */
  async function takeOff(ids: string[]): Promise<void> {
    for (const some of chunks(ids))
      if (!(await inTime(Promise.all(some.map((id) => queue.remove(id)))))) return;
  }

  const onError = (error: NodeJS.ErrnoException) => (isLoss(error) ? lost : fail)(error);
  queue.on("error", onError);
  events.on("error", onError);
  events.on("completed", ({ jobId, returnvalue }) => settle(jobId, { answer: returnvalue }));
  events.on("failed", ({ jobId }) => {
    if (open.has(jobId))
      void queue
        .getJob(jobId)
        .then(outcomeOf)
        .then((outcome) => settle(jobId, outcome), fail);
  });
  const onAbort = () => fail(signal?.reason);
  signal?.addEventListener("abort", onAbort);
  let lastTold = Number.NEGATIVE_INFINITY;

  function tellOfNobody(): void {
    if (open.size === 0 || performance.now() - lastTold < MINUTE) return;
    lastTold = performance.now();
    onNobody?.();
  }

  let asking = false;
  const watching = setInterval(async () => {
    if (asking || performance.now() - news < SILENCE) return;
    asking = true;
    try {
      const workers = await workersAt(queue);
      await ask(workers);
      if (workers.length === 0) tellOfNobody();
    } catch (error) {
      if (!isLoss(error as Error)) fail(error);
    }
    asking = false;
  }, SECOND);
  try {
    signal?.throwIfAborted();
    await Promise.race([finished, events.waitUntilReady()]);
    queue.backend.on("ready", back);
    if (jobs.size === 0) return;
    await Promise.race([finished, ask([], true)]);
    await finished;
    if (thrown.length > 0) throw thrown[0];
    await takeOff([...jobs.keys()]);
  } catch (error) {
    await takeOff([...(options.discarded ?? [])]);
    throw error;
  } finally {
    clearInterval(watching);
    signal?.removeEventListener("abort", onAbort);
    // Not by a goodbye, for which it would wait where the queue is lost.
    await inTime(Promise.allSettled([events.close(), queue.disconnect()]), SECOND);
  }
}
