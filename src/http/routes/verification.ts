/** /v1/claims/{id}/verification: the verdict now, or its progress as server-sent events and then the verdict. */
import { type Context, Hono } from "hono";
import { accepts } from "hono/accepts";
import { streamSSE } from "hono/streaming";
import { CLAIMS } from "../../claims/claims.ts";
import { DEFAULT_SHARDS, type Sampling } from "../../evaluation/verify.ts";
import { BUNDLE_TYPE } from "../../receipts/receipt.ts";
import { shardCount } from "../../verification/verify-claims.ts";
import { mostWanted } from "../answers/accept.ts";
import { etagOf, notModified } from "../answers/conditional.ts";
import { untilDeadline } from "../work/deadline.ts";
import { describe } from "../answers/describe.ts";
import { ClientGone, problemOf, report } from "../answers/failure.ts";
import { type JsonAnswer, jsonText } from "../answers/json.ts";
import { byId, runtimeOf } from "../work/lookup.ts";
import { checked, VerificationQuery } from "../answers/parameters.ts";
import { problemDocument } from "../answers/problem.ts";
import { receipt } from "./receipts.ts";
import { VerificationAnswer } from "../answers/schemas.ts";
import type { Service } from "../service.ts";
import {
  taskDigest,
  type VerificationTask,
  type Verified,
  verificationTask,
  verifyClaim,
} from "../work/verify-claim.ts";

/**
 * The id of a stream's last event. When a stream ends, a browser's EventSource connects again and
 * names the last id that it got, until it is answered with 204 (HTML standard, section 9.2).
 */
const DONE = "done";

type Answer = Verified & { times?: { started: string; seconds: number } };

function samplingOf({ full, shards = DEFAULT_SHARDS, seed }: VerificationQuery): Sampling {
  const drawn = full ? 0 : (crypto.getRandomValues(new Uint32Array(1))[0] as number);
  return { shards: full ? "all" : shards, seed: seed ?? drawn };
}

/** A seeded answer leaves the times out: it is the same whenever it is computed. */
async function answerWith(seeded: boolean, work: () => Promise<Verified>): Promise<Answer> {
  const started = new Date();
  const verified = await work();
  if (seeded) return verified;
  const seconds = (Date.now() - started.getTime()) / 1000;
  return { ...verified, times: { started: started.toISOString(), seconds } };
}

/** Events: `shard` for each, then as `done` `verification` with the same answer as JSON has, or `problem`. */
function streamed(c: Context, service: Service, task: VerificationTask, seeded: boolean): Response {
  const headers = { "Content-Type": "text/event-stream", "Cache-Control": "no-store" };
  if (c.req.header("Last-Event-ID") === DONE) {
    return c.body(null, 204, { "Cache-Control": "no-store" });
  }
  if (c.req.method === "HEAD") return c.body(null, 200, headers);
  service.limiter.assertRoom(); // a refusal still has a status of its own
  const response = streamSSE(c, async (stream) => {
    const send = async (event: string, data: unknown, id?: typeof DONE) =>
      await stream.writeSSE({ event, data: JSON.stringify(data), ...(id && { id }) });
    let done = 0;
    try {
      const of = await shardCount({ ...task, project: service.project }, task.runtime.name);
      const answer = await untilDeadline(c, service, async (controller) => {
        stream.onAbort(() => controller.abort(new ClientGone("the client went away")));
        return await answerWith(seeded, () =>
          verifyClaim(service, task, controller.signal, (checkpoint, split, comparison) => {
            done++;
            send("shard", { done, of, checkpoint, split, ...comparison }).catch(() => {}); // onAbort sees it
          }),
        );
      });
      await send("verification", answer, DONE);
    } catch (error) {
      report(c, service, error);
      await send("problem", problemDocument(c, problemOf(error)), DONE);
    }
  });
  // Only now: streamSSE itself sets no-cache.
  response.headers.set("Cache-Control", headers["Cache-Control"]);
  return response;
}

export function verification(service: Service) {
  return new Hono().get(
    "/:id/verification",
    describe({
      summary: "Recompute what bears on a claim, and decide it",
      description:
        "Draws shards of 1,000 examples, recomputes them and compares each with what is published. The verdict is of the published totals, so it stands only if every drawn shard matched; `report.checkpoints[].splits` lists those, and `full` draws them all, whatever `shards` says. `report.counted` tells whether all published predictions were counted against the labels as well, which a server with the dataset on its disk does. An event stream has an event `shard` for each, then `verification` with the whole answer, or `problem`. That last one has the id `done`: a browser's EventSource, which connects again when a stream ends, sends it as Last-Event-ID and is told by 204 to stop. A bundle is two lines of JSON, each a signed in-toto statement: the counts, and the test result that follows from them.",
      tags: ["claims"],
      headers: {
        "Last-Event-ID": {
          description: "The id of the last event that an event stream's reader got.",
          schema: { type: "string" },
        },
      },
      content: {
        "application/json": VerificationAnswer,
        "text/event-stream": null,
        [BUNDLE_TYPE]: null,
      },
      tagged: true,
      also: {
        204: "The client has had the whole stream; nothing was computed",
        304: "The client has the answer to this seed; nothing was computed",
      },
      problems: [
        "bad-parameter",
        "unknown-id",
        "busy",
        "published-mismatch",
        "data-unavailable",
        "timed-out",
        "no-receipts",
        "nothing-to-sign",
      ],
    }),
    checked("query", VerificationQuery),
    async (c) => {
      const query = c.req.valid("query");
      const claim = byId(CLAIMS, c.req.param("id"), "claim");
      const runtime = runtimeOf(service, query.runtime);
      const task = await verificationTask(service, claim, runtime, samplingOf(query));
      const seeded = query.seed !== undefined;
      c.header("Vary", "Accept");
      const type = accepts(c, {
        header: "Accept",
        supports: ["application/json", "text/event-stream", BUNDLE_TYPE],
        default: "application/json",
        match: mostWanted,
      });
      if (type === "text/event-stream") return streamed(c, service, task, seeded);
      if (type === BUNDLE_TYPE) return (await receipt(c, service, task)) as JsonAnswer<Answer>;
      const headers: Record<string, string> = seeded
        ? { ETag: etagOf(await taskDigest(service, task)), "Cache-Control": "public, max-age=300" }
        : { "Cache-Control": "no-store" };
      const unchanged = seeded && notModified(c, headers);
      if (unchanged) return unchanged as JsonAnswer<Answer>;
      if (c.req.method === "HEAD") return jsonText<Answer>(c, "", headers);
      const answer = await untilDeadline(c, service, ({ signal }) =>
        answerWith(seeded, () => verifyClaim(service, task, signal)),
      );
      return jsonText<Answer>(c, JSON.stringify(answer), headers);
    },
  );
}
