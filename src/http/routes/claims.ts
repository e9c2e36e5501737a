/** /v1/claims: the paper's statements. */
import { Hono } from "hono";
import { type Claim, groupsOf } from "../../claims/claim.ts";
import { bearingOn } from "../../claims/seeds.ts";
import { isPublished } from "../../evaluation/published.ts";
import { createHandlers, describe, type Operation } from "../answers/describe.ts";
import { download } from "../answers/download.ts";
import { json } from "../answers/json.ts";
import { archivesOf } from "../making/archive.ts";
import { knownFor } from "../making/bearing.ts";
import { ofClaim } from "../making/archive-files.ts";
import { publishedClaims } from "../making/published-claims.ts";
import { byId } from "../making/lookup.ts";
import { checked, claimsQuery, noQuery } from "../answers/parameters.ts";
import { ClaimAnswer, ClaimsAnswer } from "../answers/schemas.ts";
import { claimsIn } from "../../verification/pack.ts";
import type { Service } from "../service.ts";

/** Claims with their published status and counts, and the checkpoints that bear on them. */
async function answersOf(service: Service, claims: Claim[]) {
  const known = await knownFor(service, claims);
  const there = await Promise.all(known.map((id) => isPublished(service.project, id)));
  const published = known.filter((_, k) => there[k]);
  return (await publishedClaims(service, claims)).map((claim, k) => {
    const bearing = bearingOn(claims[k] as Claim, (id) => known.includes(id));
    const checkpoints = bearing.map((id) => ({ id, published: published.includes(id) }));
    const at = `${service.prefix}/v1/claims/${claim.id}`;
    const links = { verification: `${at}/verification`, archive: `${at}/archive.zip` };
    return { ...claim, checkpoints, links };
  });
}

export function claimList(service: Service) {
  const about: Operation = {
    summary: "The claims, what is published of them, and the checkpoints that bear on them",
    tags: ["claims"],
    tagged: true,
    content: { "application/json": ClaimsAnswer },
    problems: ["bad-parameter", "data-unavailable"],
  };
  const all = claimsIn(service.project);
  const handlers = createHandlers(checked("query", claimsQuery(groupsOf(all))), async (c) => {
    const { group, status } = c.req.valid("query");
    const of = all.filter((claim) => group === undefined || claim.group === group);
    const answers = await answersOf(service, of);
    return json(c, {
      claims: answers.filter((claim) => status === undefined || claim.status === status),
    });
  });
  return { about, handlers };
}

export function oneClaim(service: Service) {
  const about: Operation = {
    summary: "One claim",
    tags: ["claims"],
    tagged: true,
    content: { "application/json": ClaimAnswer },
    problems: ["bad-parameter", "unknown-id", "data-unavailable"],
  };
  const handlers = createHandlers(noQuery, async (c) => {
    const claim = byId(claimsIn(service.project), c.req.param("id"), "claim");
    const [answer] = await answersOf(service, [claim]);
    return json(c, answer as NonNullable<typeof answer>);
  });
  return { about, handlers };
}

export function claims(service: Service) {
  const archiveOf = archivesOf(service);
  const list = claimList(service);
  const one = oneClaim(service);
  return new Hono()
    .get("/", describe(list.about), ...list.handlers)
    .get("/:id", describe(one.about), ...one.handlers)
    .get(
      "/:id/archive.zip",
      describe({
        summary:
          "All that decides a claim, in one file: every published model of it, scripts, terms",
        description: "404 where no checkpoint that bears on the claim is published.",
        tags: ["claims"],
        tagged: true,
        also: { 206: "A range of the file" },
        content: { "application/zip": null },
        problems: [
          "bad-parameter",
          "unknown-id",
          "not-found",
          "range-not-satisfiable",
          "published-mismatch",
          "data-unavailable",
        ],
      }),
      noQuery,
      async (c) => {
        const claim = byId(claimsIn(service.project), c.req.param("id"), "claim");
        const archive = await archiveOf(await ofClaim(service, claim));
        const filename = `${claim.id}.zip`;
        return await download(c, { ...archive, type: "application/zip", filename, pinned: false });
      },
    );
}
