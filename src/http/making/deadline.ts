/** Work ends when the client goes away or the time is up. */
import type { Context } from "hono";
import { keepGoing, setAsker } from "./asker.ts";
import { busy } from "./limiter.ts";
import { untilAborted } from "./until-aborted.ts";
import { ClientGone } from "../answers/failure.ts";
import { Problem } from "../answers/problem.ts";
import type { Service } from "../service.ts";

/** What to say once the time is up: who never had a turn would ask for less in vain. */
function tooLate({ limits: { seconds } }: Service, waits: boolean): Problem {
  if (waits) return busy(`its turn did not come within ${seconds} s`);
  return new Problem(
    "timed-out",
    `it took longer than ${seconds} s; ask for less: a smaller range, fewer shards or images`,
  );
}

/**
 * Runs a task with a signal that aborts with ClientGone or the problem `timed-out`, or `busy` if
 * the limiter has not let it begin, and then waits for it no longer: what the task itself waits
 * for may heed no signal.
 * @param given which signal the limiter was given, where that is not the task's own
 */
export async function untilDeadline<T>(
  c: Context,
  service: Service,
  task: (controller: AbortController) => Promise<T>,
  given = (own: AbortSignal): AbortSignal | undefined => own,
): Promise<T> {
  const controller = new AbortController();
  setAsker(controller.signal, c);
  const { signal } = c.req.raw;
  const gone = () => controller.abort(new ClientGone("the client went away"));
  const late = () => {
    const waits = service.limiter.waits(given(controller.signal));
    controller.abort(tooLate(service, waits));
  };
  // A timer of our own: AbortSignal.timeout would keep each request's memory until it fires.
  const timer = setTimeout(late, service.limits.seconds * 1000);
  signal.addEventListener("abort", gone);
  try {
    if (signal.aborted) gone();
    const work = task(controller);
    keepGoing(controller.signal, work);
    return await untilAborted(controller.signal, work);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", gone);
  }
}
