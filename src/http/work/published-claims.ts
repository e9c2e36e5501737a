/** What fixtures/claims.json says of each claim: the published status, and the counts behind it. */
import * as v from "valibot";
import type { Claim } from "../../claims/claims.ts";
import { parseAs } from "../../evaluation/parse.ts";
import { STATUSES } from "../answers/parameters.ts";
import type { Service } from "../service.ts";

const FILE = "fixtures/claims.json";

const Schema = v.object({
  claims: v.array(
    v.object({
      id: v.string(),
      status: v.picklist(STATUSES),
      reason: v.optional(v.string()),
      rules: v.array(
        v.object({
          kind: v.string(),
          holds: v.optional(v.boolean()),
          ours: v.optional(v.array(v.string())),
        }),
      ),
    }),
  ),
});

/** @throws InputError if the file is no such list. */
async function read({ project }: Service) {
  const text = new TextDecoder().decode(await project.read(FILE));
  return new Map(parseAs(Schema, text, FILE).claims.map((claim) => [claim.id, claim]));
}

/** A claim with what is published of it; where nothing is, it is not evaluated. */
export async function publishedClaims(service: Service, claims: Claim[]) {
  const found = (await service.project.exists(FILE))
    ? await service.files.get(
        FILE,
        () => read(service),
        () => 65_536,
      )
    : undefined;
  return claims.map((claim) => {
    const known = found?.get(claim.id);
    const status = known?.status ?? ("not-evaluated" as const);
    const reason = known ? known.reason : `${FILE} does not have it`;
    const rules = claim.rules.map((rule, k) => {
      const { kind, holds, ours } = known?.rules[k] ?? {};
      if (kind !== rule.kind) return rule;
      return { ...rule, ...(holds !== undefined && { holds }), ...(ours && { ours }) };
    });
    return { ...claim, status, ...(reason && { reason }), rules };
  });
}
