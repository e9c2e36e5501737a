/** Claims that somebody else wrote down: the rules that counts alone decide. */
import * as v from "valibot";
import type { Claim } from "./claim.ts";

const fraction = v.strictTuple([
  v.pipe(v.number(), v.safeInteger()),
  v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
]);

/** By kind: how many checkpoints the rule is about, and its bounds. */
const KINDS = {
  fits: [1, { atLeast: fraction }],
  "fails-to-converge": [1, { atMost: fraction }],
  "at-chance": [1, {}],
  generalizes: [1, { atLeast: fraction }],
  gap: [1, { atLeast: v.optional(fraction), atMost: v.optional(fraction) }],
  "gap-jumps": [2, { atLeast: fraction }],
  gain: [2, { atLeast: fraction, atMost: fraction }],
  "error-grows": [undefined, {}],
} as const;

const kinds = Object.keys(KINDS).join(", ");

const RuleSchema = v.variant(
  "kind",
  Object.entries(KINDS).map(([kind, [count, bounds]]) =>
    v.object({
      kind: v.literal(kind),
      checkpoints:
        count === undefined
          ? v.pipe(v.array(v.string()), v.minLength(2, "it must name two checkpoints or more"))
          : v.pipe(v.array(v.string()), v.length(count, `it must name ${count} of checkpoints`)),
      ...bounds,
    }),
  ),
  `there is no such kind of rule here; there are ${kinds}`,
);

/** claims.json of a pack. */
export const PackClaimsSchema = v.object({
  claims: v.pipe(
    v.array(
      v.object({
        id: v.pipe(v.string(), v.nonEmpty()),
        statement: v.string(),
        rules: v.pipe(v.array(RuleSchema), v.minLength(1)),
      }),
    ),
    v.minLength(1),
  ),
});

/** As the rules' judge takes them. */
export function packClaims({ claims }: v.InferOutput<typeof PackClaimsSchema>): Claim[] {
  return claims.map((claim) => ({ group: "Theorem 1", where: "", ...claim }) as unknown as Claim);
}
