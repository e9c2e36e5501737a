/** A worker: takes jobs from queues until it is told to stop, and ends what it began. */
import { setTimeout as sleep } from "node:timers/promises";
import { type Job, Worker, WaitingError } from "bullmq";
import { MachineFault } from "../datasets/storage.ts";
import { oneLine, printError } from "../print.ts";
import { type Connection, isLoss, PREFIX, watch } from "./connection.ts";
import { DAY, DEATHS } from "./jobs.ts";
import { lacked, passOn, STEP_BACK, Unequipped } from "./unequipped.ts";

/** What a worker does with the jobs of one queue. */
export interface Post {
  queue: string;
  /** Jobs at once. */
  concurrency: number;
  /** Seconds of silence after which others take a job over. */
  patience: number;
  /** @param signal aborted when the worker is to stop, for what takes too long to be finished */
  work(data: unknown, signal: AbortSignal): Promise<unknown>;
}

export interface WorkerOptions {
  connection: Connection;
  name: string;
  posts: Post[];
  say?: (line: string) => void;
}

export interface RunningWorker {
  /** Takes nothing more, finishes what it began, and ends. */
  drain(): Promise<void>;
  /** Settles when it has ended. @throws MachineFault if this machine is not fit */
  ended: Promise<void>;
}

/** What was begun when a worker is to stop, and goes on elsewhere. */
class GivenBack extends Error {
  override name = "GivenBack";
}

const SECOND = 1000;
/** A worker that fails leaves more and more of the work to others, up to this. */
const LONGEST_REST = 30 * SECOND;
/** For goodbye, where the queue is lost. */
const CLOSING = 10 * SECOND;

export function startWorker({
  connection,
  name,
  posts,
  say = printError,
}: WorkerOptions): RunningWorker {
  const stopping = new AbortController();
  const { lost, back } = watch(connection, say);
  const passed = new Set<string>();
  let failures = 0;
  let fault: Error | undefined;
  const busy = new Set<Promise<unknown>>();
  let finish = () => {};
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });

  /**
   * What the queue is to be told of a job that is not done. A machine that is not fit gives it back,
   * which is none the worse, and leaves: it would fail one after the other, faster than any other works.
   */
  async function failed(worker: Worker, job: Job, error: unknown, token?: string): Promise<Error> {
    if (error instanceof MachineFault || error instanceof GivenBack) {
      if (error instanceof MachineFault) fault ??= error;
      void drain();
      await job.moveToWait(token); // as if it had never been taken
      return new WaitingError();
    }
    if (error instanceof Unequipped && Date.now() - job.timestamp < DAY * SECOND) {
      if (!passed.has(error.message)) say(`${name} leaves to others: ${oneLine(error.message)}`);
      passed.add(error.message);
      if (Object.hasOwn(lacked(job), name)) stepBack(worker);
      return await passOn(job, name, error, token);
    }
    const reason = error instanceof Error ? error : new Error(String(error));
    say(`${name}: ${job.id?.slice(0, 12)} failed: ${oneLine(reason.message)}`);
    const rest = Math.min(LONGEST_REST, 300 * 2 ** failures++);
    await sleep(rest, undefined, { signal: stopping.signal }).catch(() => {});
    return reason;
  }

  const workers = posts.map(({ queue, concurrency, patience, work }) => {
    const process = async (job: Job, token?: string) => {
      const working = work(job.data, stopping.signal);
      busy.add(working);
      try {
        const answer = await working;
        failures = 0;
        return answer;
      } catch (error) {
        throw await failed(worker, job, error, token);
      } finally {
        busy.delete(working);
      }
    };
    const worker = new Worker(queue, process, {
      connection: connection.options,
      prefix: PREFIX,
      name,
      concurrency,
      lockDuration: patience * SECOND,
      stalledInterval: (patience * SECOND) / 2,
      maxStalledCount: DEATHS - 1,
      runRetryDelay: SECOND,
    });
    worker.on("error", (error: NodeJS.ErrnoException) => {
      if (/could not renew lock|Missing lock/i.test(error.message))
        say(`${name}: another worker took a job over; done twice, it counts once`);
      else if (isLoss(error)) lost(error);
      else say(`${name}: ${error.message}`);
    });
    worker.backend.on("ready", back);
    return worker;
  });

  /** Takes nothing for a while, where others may have what is lacked here. */
  function stepBack(worker: Worker): void {
    const back = () => !stopping.signal.aborted && worker.resume();
    void worker.pause(true).then(() => setTimeout(back, STEP_BACK).unref());
  }

  /** Where the queue is lost there is nobody to say goodbye to, once nothing is being done. */
  async function goodbye(): Promise<void> {
    const closed = Promise.all(workers.map((worker) => worker.close())).then(() => true);
    for (;;) {
      await Promise.allSettled([...busy]);
      const late = sleep(CLOSING, false, { ref: false });
      if (await Promise.race([closed, late.then(() => busy.size === 0)])) return;
    }
  }

  function drain(): Promise<void> {
    if (!stopping.signal.aborted) {
      stopping.abort(new GivenBack("the worker stops"));
      void goodbye().then(finish);
    }
    return finished;
  }

  const ended = finished.then(() => {
    if (fault) throw fault;
  });
  ended.catch(() => {}); // thrown to whoever waits
  return { drain, ended };
}
