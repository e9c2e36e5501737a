/** Bounds how many evaluations run at once, how many may wait for their turn, and how many bodies arrive meanwhile. */
import { Problem } from "../answers/problem.ts";

export interface Limiter {
  /**
   * Runs the task when it is its turn.
   * @throws Problem `busy` if too many wait already; the signal's reason if it aborts the wait.
   */
  run<T>(signal: AbortSignal, task: () => Promise<T>): Promise<T>;
  /** @throws Problem `busy` if a task given now would not even wait. */
  assertRoom(): void;
  /**
   * Receives what a task will need; it has a body's memory for as long as the client likes to send.
   * @throws Problem `busy` as assertRoom does, or if as many are received as may run and wait.
   */
  receive<T>(body: () => Promise<T>): Promise<T>;
  /** Whether the task that was given with this signal still waits for its turn. */
  waits(signal: AbortSignal): boolean;
  /** How many tasks run now. */
  running(): number;
}

export function busy(reason: string): Problem {
  return new Problem("busy", `${reason}; ask again in a second`, { "Retry-After": "1" });
}

export function createLimiter(limits: { running: number; waiting: number }): Limiter {
  let running = 0;
  let receiving = 0;
  const waiting: { signal: AbortSignal; start(): void }[] = [];

  function assertRoom(): void {
    if (running < limits.running || waiting.length < limits.waiting) return;
    throw busy(`${running} evaluations run and ${waiting.length} wait`);
  }

  async function turn(signal: AbortSignal): Promise<void> {
    assertRoom();
    if (running < limits.running) {
      running++;
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const leave = () => {
        waiting.splice(waiting.indexOf(place), 1);
        reject(signal.reason);
      };
      const start = () => {
        signal.removeEventListener("abort", leave);
        resolve();
      };
      const place = { signal, start };
      waiting.push(place);
      signal.addEventListener("abort", leave, { once: true });
    });
  }

  return {
    assertRoom,
    async receive(body) {
      assertRoom();
      if (receiving >= limits.running + limits.waiting) {
        throw busy(`${receiving} requests are being received`);
      }
      receiving++;
      try {
        return await body();
      } finally {
        receiving--;
      }
    },
    async run(signal, task) {
      signal.throwIfAborted();
      await turn(signal);
      try {
        return await task();
      } finally {
        const next = waiting.shift(); // whoever is next takes this place
        if (next) next.start();
        else running--;
      }
    },
    waits: (signal) => waiting.some((place) => place.signal === signal),
    running: () => running,
  };
}
