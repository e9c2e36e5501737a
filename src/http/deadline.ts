/** Work ends when the client goes away or the time is up. */
import type { Context } from "hono";
import { Problem } from "./problem.ts";
import type { Service } from "./service.ts";

/** Nobody waits for the answer any more. */
export class ClientGone extends Error {
  override name = "ClientGone";
}

/** Runs a task with a signal that aborts with ClientGone or the problem `timed-out`. */
export async function untilDeadline<T>(
  c: Context,
  { limits: { seconds } }: Service,
  task: (controller: AbortController) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const { signal } = c.req.raw;
  const gone = () => controller.abort(new ClientGone("the client went away"));
  const late = () =>
    controller.abort(
      new Problem("timed-out", `it took longer than ${seconds} s; ask for a smaller range`),
    );
  // A timer of our own: AbortSignal.timeout would keep each request's memory until it fires.
  const timer = setTimeout(late, seconds * 1000);
  signal.addEventListener("abort", gone);
  try {
    if (signal.aborted) gone();
    return await task(controller);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", gone);
  }
}
