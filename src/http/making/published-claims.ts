/** What the file of claims says of each claim: the published status, and the counts behind it. */
import * as v from "valibot";
import type { Claim, Rule } from "../../claims/claims.ts";
import { parseAs } from "../../evaluation/parse.ts";
import { STATUSES } from "../answers/parameters.ts";
import { CLAIMS_FILE } from "../../verification/pack.ts";
import { PairedSchema, SeedsSchema } from "../../verification/report-schema.ts";
import type { Service } from "../service.ts";

const Schema = v.object({
  claims: v.array(
    v.object({
      id: v.string(),
      status: v.optional(v.picklist(STATUSES)),
      reason: v.optional(v.string()),
      late: v.optional(v.string()),
      seeds: v.optional(SeedsSchema),
      rules: v.array(
        v.looseObject({
          kind: v.string(),
          holds: v.optional(v.boolean()),
          ours: v.optional(v.array(v.string())),
          paired: v.optional(PairedSchema),
        }),
      ),
    }),
  ),
});

/** @throws InputError if the file is no such list. */
async function read({ project }: Service, file: string) {
  const text = new TextDecoder().decode(await project.read(file));
  return new Map(parseAs(Schema, text, file).claims.map((claim) => [claim.id, claim]));
}

/** A claim with what is published of it; where nothing is, it is not evaluated. */
export async function publishedClaims(service: Service, claims: Claim[]) {
  const file = service.project.claims?.file ?? CLAIMS_FILE;
  const found = (await service.project.exists(file))
    ? await service.files.get(
        file,
        () => read(service, file),
        () => 65_536,
      )
    : undefined;
  return claims.map((claim) => {
    const known = found?.get(claim.id);
    const status = known?.status ?? ("not-evaluated" as const);
    const reason = known?.status ? known.reason : `${file} does not say what became of it`;
    const { late, seeds } = known ?? {};
    const rules = claim.rules.map((rule, k) => {
      const { kind, holds, ours, paired } = known?.rules[k] ?? {};
      if (kind !== rule.kind) return rule;
      return {
        ...rule,
        ...(holds !== undefined && { holds }),
        ...(ours && { ours }),
        ...(paired && { paired }),
      };
    });
    // Those of further seeds are rules of the claim's own, about other checkpoints.
    const further = (known?.rules.slice(rules.length) ?? []) as unknown as Rule[];
    return {
      ...claim,
      status,
      ...(reason && { reason }),
      ...(late && { late }),
      ...(seeds && { seeds }),
      rules: [...rules, ...further],
    };
  });
}
