/** Bounds how many evaluations run at once, and how many may wait for their turn. */
import { Problem } from "./problem.ts";

export interface Limiter {
  /**
   * Runs the task when it is its turn.
   * @throws Problem `busy` if too many wait already; the signal's reason if it aborts the wait.
   */
  run<T>(signal: AbortSignal, task: () => Promise<T>): Promise<T>;
  /** @throws Problem `busy` if a task given now would not even wait. */
  assertRoom(): void;
  /** How many tasks run now. */
  running(): number;
}

export function createLimiter(limits: { running: number; waiting: number }): Limiter {
  let running = 0;
  const waiting: (() => void)[] = [];

  function assertRoom(): void {
    if (running < limits.running || waiting.length < limits.waiting) return;
    throw new Problem(
      "busy",
      `${running} evaluations run and ${waiting.length} wait; ask again in a second`,
      { "Retry-After": "1" },
    );
  }

  async function turn(signal: AbortSignal): Promise<void> {
    assertRoom();
    if (running < limits.running) {
      running++;
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const leave = () => {
        waiting.splice(waiting.indexOf(start), 1);
        reject(signal.reason);
      };
      const start = () => {
        signal.removeEventListener("abort", leave);
        resolve();
      };
      waiting.push(start);
      signal.addEventListener("abort", leave, { once: true });
    });
  }

  return {
    assertRoom,
    async run(signal, task) {
      signal.throwIfAborted();
      await turn(signal);
      try {
        return await task();
      } finally {
        const next = waiting.shift(); // whoever is next takes this place
        if (next) next();
        else running--;
      }
    },
    running: () => running,
  };
}
