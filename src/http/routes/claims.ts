/** /v1/claims: the paper's statements. */
import { Hono } from "hono";
import { checkpointsOf } from "../../claims/claim.ts";
import { CLAIMS, type Claim } from "../../claims/claims.ts";
import { publishedIds } from "../../evaluation/published.ts";
import { describe } from "../answers/describe.ts";
import { json } from "../answers/json.ts";
import { byId } from "../work/lookup.ts";
import { noQuery } from "../answers/parameters.ts";
import { ClaimAnswer, ClaimsAnswer } from "../answers/schemas.ts";
import type { Service } from "../service.ts";

function answerOf({ prefix }: Service, claim: Claim, published: string[]) {
  const checkpoints = checkpointsOf(claim).map((id) => ({ id, published: published.includes(id) }));
  const links = { verification: `${prefix}/v1/claims/${claim.id}/verification` };
  return { ...claim, checkpoints, links };
}

export function claims(service: Service) {
  return new Hono()
    .get(
      "/",
      describe({
        summary: "The claims and the checkpoints that bear on them",
        tags: ["claims"],
        tagged: true,
        content: { "application/json": ClaimsAnswer },
        problems: ["bad-parameter", "data-unavailable"],
      }),
      noQuery,
      async (c) => {
        const published = await publishedIds(service.project);
        return json(c, { claims: CLAIMS.map((claim) => answerOf(service, claim, published)) });
      },
    )
    .get(
      "/:id",
      describe({
        summary: "One claim",
        tags: ["claims"],
        tagged: true,
        content: { "application/json": ClaimAnswer },
        problems: ["bad-parameter", "unknown-id", "data-unavailable"],
      }),
      noQuery,
      async (c) => {
        const claim = byId(CLAIMS, c.req.param("id"), "claim");
        return json(c, answerOf(service, claim, await publishedIds(service.project)));
      },
    );
}
