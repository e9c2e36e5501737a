/** /v1/claims/{id}/verification: the verdict now, or its progress as server-sent events and then the verdict. */
import { type Context, Hono } from "hono";
import { accepts } from "hono/accepts";
import type { Claim } from "../../claims/claim.ts";
import { DEFAULT_SHARDS } from "../../evaluation/extent.ts";
import type { Sampling } from "../../evaluation/verify.ts";
import { BUNDLE_TYPE } from "../../receipts/receipt.ts";
import { claimsIn } from "../../verification/pack.ts";
import type { Report } from "../../verification/verify-claims.ts";
import { mostWanted } from "../answers/accept.ts";
import { assertMatch, etagOf, notModified } from "../answers/conditional.ts";
import { untilDeadline } from "../making/deadline.ts";
import { createHandlers, describe, type Operation } from "../answers/describe.ts";
import { type JsonAnswer, jsonText } from "../answers/json.ts";
import { byId, runtimeOf } from "../making/lookup.ts";
import { checked, VerificationQuery } from "../answers/parameters.ts";
import { Problem } from "../answers/problem.ts";
import { receipt } from "./receipts.ts";
import { verificationEvents } from "./verification-events.ts";
import { signalOf, type VerificationOptions, verify } from "../making/verifications.ts";
import { VerificationAnswer } from "../answers/schemas.ts";
import type { Service } from "../service.ts";
import { taskDigest, type Verified, verificationTask } from "../making/verify-claim.ts";

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

/** @throws Problem if the verdict is not the one that the client expects. */
function assertVerdict(expected: VerificationQuery["expect"], { verdicts }: Report): void {
  const [verdict] = verdicts;
  if (expected === undefined || verdict?.status === expected) return;
  const { status = "not-evaluated", reason = "" } = verdict ?? {};
  throw new Problem("other-verdict", `the claim is ${status}${reason && `: ${reason}`}`);
}

/** An answer has one status: a stream has sent it before there is a verdict, and HEAD finds none. */
function assertCanExpect(c: Context, type: string): void {
  if (type === "text/event-stream" || c.req.method === "HEAD") {
    throw new Problem("bad-parameter", "expect: only GET of JSON or a receipt has a status for it");
  }
}

/** Who would take a receipt gets what else they would take where there is no key, and is told so if nothing. */
function typeFor(c: Context, { signingKey }: Service, supports: string[]): string {
  const options = { header: "Accept" as const, match: mostWanted };
  const wanted = accepts(c, { ...options, supports, default: "application/json" });
  if (wanted !== BUNDLE_TYPE || signingKey) return wanted;
  const others = supports.filter((type) => type !== BUNDLE_TYPE);
  return accepts(c, { ...options, supports: others, default: BUNDLE_TYPE });
}

/** @param render makes a page of a report, where a person may ask for one here */
export function verificationOf(
  service: Service,
  render?: (claim: Claim, report: Report) => Promise<string>,
) {
  const about: Operation = {
    summary: "Recompute what bears on a claim, and decide it",
    description:
      "Draws shards of 1,000 examples, recomputes them and compares each with what is published. The verdict is of the published totals, so it stands only if every drawn shard matched; `report.checkpoints[].splits` lists those, and `full` draws them all, whatever `shards` says. It is of seed 0 alone where a claim names no other; `leftOut` names the networks of further seeds, which `full` takes as well. `report.counted` tells whether all published predictions were counted against the labels as well, which a server with the dataset on its disk does. An event stream has an event `shard` for each, then `verification` with the whole answer, or `problem`. That last one has the id `done`: a browser's EventSource, which connects again when a stream ends, sends it as Last-Event-ID and is told by 204 to stop. With `expect` the status tells whether the verdict is that one, so that `curl -f` can guard a claim. A bundle is two lines of JSON, each a signed in-toto statement: the counts, and the test result that follows from them.",
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
      "other-verdict",
    ],
  };
  const supports = [...Object.keys(about.content), ...(render ? ["text/html"] : [])];
  const handlers = createHandlers(checked("query", VerificationQuery), async (c) => {
    const query = c.req.valid("query");
    const claim = byId(claimsIn(service.project), c.req.param("id"), "claim");
    const runtime = runtimeOf(service, query.runtime);
    const task = await verificationTask(service, claim, runtime, samplingOf(query));
    const seeded = query.seed !== undefined;
    c.header("Vary", "Accept");
    const type = typeFor(c, service, supports);
    if (query.expect !== undefined) assertCanExpect(c, type);
    const digest = seeded ? await taskDigest(service, task) : undefined;
    const ETag = digest && type === "application/json" ? etagOf(digest) : undefined;
    assertMatch(c, ETag);
    const answer = (signal: AbortSignal, options?: VerificationOptions) =>
      answerWith(seeded, () => verify(service, task, digest, signal, options));
    if (type === "text/event-stream") {
      return verificationEvents(c, service, task, digest, answer) as JsonAnswer<Answer>;
    }
    const check = (report: Report) => assertVerdict(query.expect, report);
    if (type === BUNDLE_TYPE) {
      return (await receipt(c, service, task, digest, check)) as JsonAnswer<Answer>;
    }
    const decided = async () => {
      const verified = await untilDeadline(
        c,
        service,
        ({ signal }) => answer(signal),
        (own) => signalOf(service, digest, own),
      );
      check(verified.report);
      return verified;
    };
    if (type === "text/html" && render) {
      const html = c.req.method === "HEAD" ? "" : await render(claim, (await decided()).report);
      const page = c.html(html, 200, { "Cache-Control": "no-store" });
      return page as unknown as JsonAnswer<Answer>;
    }
    const headers: Record<string, string> = ETag
      ? { ETag, "Cache-Control": "public, max-age=300" }
      : { "Cache-Control": "no-store" };
    // The tag is the answer's to every expectation, so it says nothing of this one.
    const unchanged = ETag && query.expect === undefined && notModified(c, headers);
    if (unchanged) return unchanged as JsonAnswer<Answer>;
    if (c.req.method === "HEAD") return jsonText<Answer>(c, "", headers);
    return jsonText<Answer>(c, JSON.stringify(await decided()), headers);
  });
  return { about, handlers };
}

export function verification(service: Service) {
  const { about, handlers } = verificationOf(service);
  return new Hono().get("/:id/verification", describe(about), ...handlers);
}
