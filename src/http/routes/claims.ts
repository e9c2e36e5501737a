/** /v1/claims: the paper's statements. */
import { Hono } from "hono";
import { checkpointsOf } from "../../claims/claim.ts";
import { CLAIMS, type Claim } from "../../claims/claims.ts";
import { publishedIds } from "../../evaluation/published.ts";
import { describe } from "../answers/describe.ts";
import { json } from "../answers/json.ts";
import { publishedClaims } from "../work/published-claims.ts";
import { byId } from "../work/lookup.ts";
import { checked, ClaimsQuery, noQuery } from "../answers/parameters.ts";
import { ClaimAnswer, ClaimsAnswer } from "../answers/schemas.ts";
import type { Service } from "../service.ts";

/** Claims with their published status and counts, and the checkpoints that bear on them. */
async function answersOf(service: Service, claims: Claim[]) {
  const published = await publishedIds(service.project);
  return (await publishedClaims(service, claims)).map((claim) => {
    const checkpoints = checkpointsOf(claim).map((id) => ({
      id,
      published: published.includes(id),
    }));
    const links = { verification: `${service.prefix}/v1/claims/${claim.id}/verification` };
    return { ...claim, checkpoints, links };
  });
}

export function claims(service: Service) {
  return new Hono()
    .get(
      "/",
      describe({
        summary: "The claims, what is published of them, and the checkpoints that bear on them",
        tags: ["claims"],
        tagged: true,
        content: { "application/json": ClaimsAnswer },
        problems: ["bad-parameter", "data-unavailable"],
      }),
      checked("query", ClaimsQuery),
      async (c) => {
        const { group, status } = c.req.valid("query");
        const of = CLAIMS.filter((claim) => group === undefined || claim.group === group);
        const answers = await answersOf(service, of);
        return json(c, {
          claims: answers.filter((claim) => status === undefined || claim.status === status),
        });
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
        const [answer] = await answersOf(service, [claim]);
        return json(c, answer as NonNullable<typeof answer>);
      },
    );
}
