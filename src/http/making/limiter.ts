/**
 * Bounds how many evaluations run at once, how many may wait for their turn, and how many bodies
 * arrive meanwhile; and what one client takes of that while others are there.
 */
import { Problem } from "../answers/problem.ts";
import { askerOf } from "./asker.ts";

/** A place that is kept for a task which has not been given yet. */
export interface Hold {
  /**
   * The task that is given with this signal takes the place; to be called once at most. Of a place that
   * was left meanwhile it is nothing: the task, which others may wait for, takes one of its own.
   */
  use(signal: AbortSignal): void;
  /** Leaves the place, if no task took it; to be called once. */
  leave(): void;
}

export interface Limiter {
  /**
   * Runs the task when it is its turn. A client runs all but one of as many as run at once, and
   * who has most waits longest; who is there alone may have every place where one waits.
   * @throws Problem `busy` if too many wait already, or another client that has fewer places comes
   *   when there is none; the signal's reason if it aborts the wait.
   */
  run<T>(signal: AbortSignal, task: () => Promise<T>): Promise<T>;
  /** @throws Problem `busy` if a task given now would not even wait. */
  assertRoom(client?: unknown): void;
  /** Keeps a place. @throws Problem `busy` as assertRoom does. */
  hold(client?: unknown): Hold;
  /**
   * Receives what a task will need; it has a body's memory for as long as the client likes to send.
   * @throws Problem `busy` as assertRoom does, or if as many are received as may run and wait, or
   *   half of them for the same client.
   */
  receive<T>(body: () => Promise<T>, client?: unknown): Promise<T>;
  /** Whether the task that was given with this signal still waits for its turn. */
  waits(signal: AbortSignal | undefined): boolean;
  /** How many tasks run now. */
  running(): number;
  /** How many places are taken: by tasks that run or wait, or kept for one. */
  taken(): number;
}

export function busy(reason: string): Problem {
  return new Problem("busy", `${reason}; ask again in a second`, { "Retry-After": "1" });
}

/** How many of something each client has. */
function tally() {
  const counts = new Map<unknown, number>();
  let total = 0;
  function add(client: unknown, by: 1 | -1): void {
    const count = (counts.get(client) ?? 0) + by;
    if (count > 0) counts.set(client, count);
    else counts.delete(client);
    total += by;
  }
  return { add, of: (client: unknown) => counts.get(client) ?? 0, total: () => total };
}

interface Waiting {
  signal: AbortSignal;
  client: unknown;
  start(): void;
  refuse(reason: unknown): void;
}

export function createLimiter(limits: { running: number; waiting: number }): Limiter {
  const places = limits.running + limits.waiting;
  const most = Math.max(1, limits.running - 1);
  const running = tally();
  const taken = tally(); // by those that run, wait, or hold a place
  const receiving = tally();
  const holds = new WeakSet<AbortSignal>();
  const waiting: Waiting[] = [];

  const mayRun = (client: unknown) => running.total() < limits.running && running.of(client) < most;

  /** The last place in the queue of the client that has most, if that is more than another would have. */
  function spareFor(client: unknown): Waiting | undefined {
    let spare: Waiting | undefined;
    for (const place of waiting) {
      if (!spare || taken.of(place.client) >= taken.of(spare.client)) spare = place;
    }
    return spare && taken.of(spare.client) > taken.of(client) + 1 ? spare : undefined;
  }

  function assertRoom(client: unknown = {}): void {
    if (taken.total() < places || spareFor(client)) return;
    throw busy(`${running.total()} evaluations run and ${waiting.length} wait`);
  }

  function take(client: unknown): void {
    assertRoom(client);
    if (taken.total() >= places) spareFor(client)?.refuse(busy("others came who have less"));
    taken.add(client, 1);
  }

  function remove(place: Waiting): void {
    waiting.splice(waiting.indexOf(place), 1);
    taken.add(place.client, -1);
  }

  async function turn(signal: AbortSignal, client: unknown): Promise<void> {
    if (!holds.delete(signal)) take(client); // else the place that was held is this one's now
    if (mayRun(client)) {
      running.add(client, 1);
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const leave = () => place.refuse(signal.reason);
      const place: Waiting = {
        signal,
        client,
        start() {
          signal.removeEventListener("abort", leave);
          waiting.splice(waiting.indexOf(place), 1);
          running.add(client, 1);
          resolve();
        },
        refuse(reason) {
          signal.removeEventListener("abort", leave);
          remove(place);
          reject(reason);
        },
      };
      waiting.push(place);
      signal.addEventListener("abort", leave, { once: true });
    });
  }

  /** Whoever may run of those who wait: first who has the least running, then who came first. */
  function startNext(): void {
    const [next] = waiting
      .filter(({ client }) => mayRun(client))
      .sort((a, b) => running.of(a.client) - running.of(b.client));
    next?.start();
  }

  return {
    assertRoom,
    hold(client = {}) {
      take(client);
      let used: AbortSignal | undefined;
      let isLeft = false;
      return {
        use(signal) {
          if (isLeft) return;
          taken.add(client, -1);
          taken.add(askerOf(signal), 1); // as its task will be counted
          holds.add(signal);
          used = signal;
        },
        leave() {
          isLeft = true;
          if (!used) taken.add(client, -1);
          else if (holds.delete(used)) taken.add(askerOf(used), -1);
        },
      };
    },
    async receive(body, client = {}) {
      assertRoom(client);
      const half = Math.max(1, Math.floor(places / 2));
      if (receiving.total() >= places || receiving.of(client) >= half) {
        throw busy(`${receiving.total()} requests are being received`);
      }
      receiving.add(client, 1);
      try {
        return await body();
      } finally {
        receiving.add(client, -1);
      }
    },
    async run(signal, task) {
      signal.throwIfAborted();
      const client = askerOf(signal);
      await turn(signal, client);
      try {
        return await task();
      } finally {
        running.add(client, -1);
        taken.add(client, -1);
        startNext();
      }
    },
    waits: (signal) => waiting.some((place) => place.signal === signal),
    running: () => running.total(),
    taken: () => taken.total(),
  };
}
