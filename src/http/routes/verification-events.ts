/** A verification's progress as server-sent events, and then the verdict. */
import type { Context } from "hono";
import { planWork, shardCount } from "../../verification/work.ts";
import { EVENT_STREAM_HEADERS, eventStream } from "../answers/event-stream.ts";
import { ClientGone, problemOf, report } from "../answers/failure.ts";
import { problemDocument } from "../answers/problem.ts";
import type { Service } from "../service.ts";
import { clientOf } from "../work/asker.ts";
import { untilDeadline } from "../work/deadline.ts";
import type { VerificationTask, Verified } from "../work/verify-claim.ts";
import type { Request } from "../../verification/verify-claims.ts";

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
  verify: (signal: AbortSignal, onShard: Request["onShard"]) => Promise<Verified>,
): Response {
  if (c.req.header("Last-Event-ID") === DONE) {
    return c.body(null, 204, { "Cache-Control": "no-store" });
  }
  if (c.req.method === "HEAD") return c.body(null, 200, EVENT_STREAM_HEADERS);
  const place = service.limiter.hold(clientOf(c)); // a refusal still has a status of its own
  return eventStream(c, async ({ send, onAbort }) => {
    let done = 0;
    try {
      const { checkpoints, sampling, runtime } = task;
      const of = shardCount(await planWork(service.project, checkpoints, sampling, runtime.name));
      const answer = await untilDeadline(c, service, async (controller) => {
        place.use(controller.signal);
        onAbort(() => controller.abort(new ClientGone("the client went away")));
        return await verify(controller.signal, (checkpoint, split, comparison) => {
          done++;
          send("shard", { done, of, checkpoint, split, ...comparison }).catch(() => {}); // onAbort sees it
        });
      });
      await send("verification", answer, DONE);
    } catch (error) {
      report(c, service, error);
      await send("problem", problemDocument(c, problemOf(error), service.prefix), DONE);
    } finally {
      place.leave();
    }
  });
}
