/** A verification's progress as server-sent events, and then the verdict. */
import type { Context } from "hono";
import type { Comparison } from "../../evaluation/compare.ts";
import { planWork, shardCount } from "../../verification/work.ts";
import { EVENT_STREAM_HEADERS, eventStream } from "../answers/event-stream.ts";
import { ClientGone, problemOf, report } from "../answers/failure.ts";
import { problemDocument } from "../answers/problem.ts";
import type { Service } from "../service.ts";
import { clientOf } from "../making/asker.ts";
import { untilDeadline } from "../making/deadline.ts";
import { placeFor, signalOf, type VerificationOptions } from "../making/verifications.ts";
import type { VerificationTask, Verified } from "../making/verify-claim.ts";

/**
 * The id of a stream's last event. When a stream ends, a browser's EventSource connects again and
 * names the last id that it got, until it is answered with 204 (HTML standard, section 9.2).
 */
const DONE = "done";

/** Events: `shard` for each, then as `done` `verification` with the same answer as JSON has, or `problem`. */
export function verificationEvents(
  c: Context,
  service: Service,
  task: VerificationTask,
  digest: string | undefined,
  verify: (signal: AbortSignal, options: VerificationOptions) => Promise<Verified>,
): Response {
  if (c.req.header("Last-Event-ID") === DONE) {
    return c.body(null, 204, { "Cache-Control": "no-store" });
  }
  if (c.req.method === "HEAD") return c.body(null, 200, EVENT_STREAM_HEADERS);
  // A refusal still has a status of its own; and whoever asks for the same from now on joins.
  const place = placeFor(service, digest, clientOf(c));
  let leave = () => {};
  const done: object[] = [];
  let tell = () => {};
  const begin = async (controller: AbortController) => {
    leave = () => controller.abort(new ClientGone("the client went away"));
    return await verify(controller.signal, {
      ...(place && { place }),
      onShard(checkpoint, split, comparison: Comparison) {
        done.push({ checkpoint, split, ...comparison });
        tell();
      },
    });
  };
  const answer = untilDeadline(c, service, begin, (own) => signalOf(service, digest, own)).finally(
    () => place?.leave(),
  );
  answer.catch(() => {}); // told below
  return eventStream(c, async ({ send, onAbort }) => {
    onAbort(leave);
    try {
      const { checkpoints, sampling, runtime } = task;
      const of = shardCount(await planWork(service.project, checkpoints, sampling, runtime.name));
      let told = 0;
      tell = () => {
        for (; told < done.length; told++) {
          send("shard", { done: told + 1, of, ...done[told] }).catch(() => {}); // onAbort sees it
        }
      };
      tell();
      await send("verification", await answer, DONE);
    } catch (error) {
      report(c, service, error);
      await send("problem", problemDocument(c, problemOf(error), service.prefix), DONE);
    }
  });
}
