/** claims.json of a pack, and fixtures/claims.json, which has the same of the paper's claims. */
import * as v from "valibot";
import { canonicalForm } from "../recipe.ts";
import type { Claim, Rule } from "./claim.ts";
import { drawsOf } from "./seeds.ts";

const whole = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const fraction = v.strictTuple([
  v.pipe(v.number(), v.safeInteger()),
  v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
]);
const id = v.pipe(
  v.string(),
  v.regex(/^[\w-][\w.-]{0,99}$/, "it must be of letters, digits, . _ and -"),
);

/** What is printed in a line may begin no other: to a runner of CI a line may be a command. */
const line = v.pipe(v.string(), v.regex(/^\P{Cc}*$/u, "it must be a line of text"));

/** How many checkpoints a rule is about: so many, or a row of them. */
const one = v.pipe(v.array(id), v.length(1, "it must name one checkpoint"));
const two = v.pipe(v.array(id), v.length(2, "it must name two checkpoints"));
const row = v.pipe(v.array(id), v.minLength(2, "it must name two checkpoints or more"));
const pairs = v.pipe(
  v.array(id),
  v.check((ids) => ids.length >= 4 && ids.length % 2 === 0, "it must name two pairs or more"),
);

/** By kind: the checkpoints that the rule is about, and its bounds. */
const KINDS = {
  weights: { checkpoints: one, equals: whole },
  fits: { checkpoints: one, atLeast: fraction },
  "fits-online": { checkpoints: one, atLeast: fraction },
  "fails-to-converge": { checkpoints: one, atMost: fraction },
  "at-chance": { checkpoints: one },
  generalizes: { checkpoints: one, atLeast: fraction },
  "confidently-wrong": { checkpoints: one, atLeast: fraction },
  gap: { checkpoints: one, atLeast: v.optional(fraction), atMost: v.optional(fraction) },
  "stopping-gains": { checkpoints: one, atMost: fraction },
  "unchanged-first": { checkpoints: one, reached: fraction },
  "gap-jumps": { checkpoints: two, atLeast: fraction },
  gain: { checkpoints: two, atLeast: fraction, atMost: fraction },
  better: { checkpoints: two },
  agree: { checkpoints: two, atLeast: fraction },
  "agree-at-chance": { checkpoints: two },
  diluted: { checkpoints: two, fraction, atMost: fraction },
  "norm-grows": { checkpoints: two, atLeast: fraction },
  "loss-order": {
    checkpoints: row,
    threshold: v.number(),
    relations: v.array(v.picklist(["<", "≤"])),
  },
  "time-grows": { checkpoints: row, reached: fraction, atMost: v.number() },
  "error-grows": { checkpoints: row },
  outweighs: { checkpoints: pairs },
} satisfies Record<Rule["kind"], v.ObjectEntries>;

/** In percent; null where there is none. */
const numbers = v.optional(
  v.array(
    v.pipe(
      v.nullable(v.number()),
      v.transform((percent) => percent ?? undefined),
    ),
  ),
);

const percents = { paper: numbers, reproduction: numbers };
const anything = v.optional(v.unknown());
/** What came of a rule, as `npm run cards` writes it. */
const found = { ours: anything, holds: anything, paired: anything };

const RuleSchema = v.pipe(
  v.variant(
    "kind",
    Object.entries(KINDS).map(([kind, fields]) =>
      // A bound that is none of its kind's, or is misspelt, would be met by anything.
      v.strictObject({ kind: v.literal(kind), ...fields, ...percents, ...found }),
    ),
    `there is no such kind of rule here; there are ${Object.keys(KINDS).join(", ")}`,
  ),
  // What bounds nothing would hold of anything.
  v.check((rule) => {
    const { kind, atLeast, atMost } = rule as unknown as Rule & Record<string, unknown>;
    return kind !== "gap" || atLeast !== undefined || atMost !== undefined;
  }, "a gap needs atLeast or atMost"),
  v.check((rule) => {
    const of = rule as unknown as Rule;
    return of.kind !== "loss-order" || of.relations.length === of.checkpoints.length - 1;
  }, "relations must be one fewer than checkpoints"),
);

/** What a file may say beyond it, such as what was measured, decides nothing. */
export const ClaimsFileSchema = v.object({
  claims: v.pipe(
    v.array(
      v.pipe(
        v.object({
          id,
          group: v.optional(line, "Claims"),
          where: v.optional(line, ""),
          statement: line,
          rules: v.array(RuleSchema),
          beyondReach: v.optional(v.object({ reason: line, paper: line })),
        }),
        v.check(
          ({ rules, beyondReach }) => rules.length > 0 || beyondReach !== undefined,
          "a claim needs a rule",
        ),
      ),
    ),
    v.minLength(1, "there is no claim"),
    v.check(
      (claims) => new Set(claims.map(({ id }) => id)).size === claims.length,
      "two claims have one id",
    ),
  ),
});

/** A rule without what came of it. */
function asked({ ours, holds, paired, ...rule }: Rule & Record<keyof typeof found, unknown>): Rule {
  return rule;
}

/** All of a rule that decides, as text. */
function key({ paper, reproduction, ...rule }: Rule): string {
  return new TextDecoder().decode(canonicalForm(rule));
}

/**
 * The claims of such a file: rules for further seeds that are there follow from a claim's own.
 * @param there whether there is a checkpoint of this id
 */
export function claimsOf(
  { claims }: v.InferOutput<typeof ClaimsFileSchema>,
  there: (id: string) => boolean,
): Claim[] {
  return claims.map((said) => {
    const claim = { ...said, rules: (said.rules as never[]).map(asked) } as unknown as Claim;
    const drawn = drawsOf(claim, there).flatMap((draw) => draw.map(key));
    const rules = claim.rules.filter((rule) => !drawn.includes(key(rule)));
    return { ...claim, rules };
  });
}
