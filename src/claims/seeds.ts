/** A training is one draw: what is claimed of it is asked of every seed that is published. */
import { compare, type Fraction, percent } from "../fraction.ts";
import { type Claim, checkpointsOf, type Rule } from "./claim.ts";
import type { Finding } from "./values.ts";

/** Groups whose rules are decided for each seed. */
const SEEDED: Claim["group"][] = ["Table 1", "Section 3"];
const SEEDS = [1, 2, 3, 4];

/** Whether an id is that of a second draw, or a later one: seed 0 has no suffix. */
export function isFurtherSeed(id: string): boolean {
  return /\.seed-\d+$/.test(id);
}

/** The same rule on checkpoints of another seed. */
function withSeed(rule: Rule, seed: number): Rule {
  return { ...rule, checkpoints: rule.checkpoints.map((id) => `${id}.seed-${seed}`) };
}

/**
 * A claim's rules for a further seed each, where there is everything that they name.
 * @param there whether there is a checkpoint of this id
 */
export function drawsOf({ group, rules }: Claim, there: (id: string) => boolean): Rule[][] {
  if (!SEEDED.includes(group)) return [];
  return SEEDS.map((seed) =>
    rules.map((rule) => withSeed(rule, seed)).filter(({ checkpoints }) => checkpoints.every(there)),
  ).filter((draw) => draw.length > 0);
}

/**
 * The checkpoints that a claim needs and those of further seeds that it is decided for, each once.
 * @param there as of drawsOf
 */
export function bearingOn(claim: Claim, there: (id: string) => boolean): string[] {
  const drawn = drawsOf(claim, there).flat();
  return [...new Set([...checkpointsOf(claim), ...drawn.flatMap((rule) => rule.checkpoints)])];
}

/** How many seeds a claim was decided for, and for how many all of its rules hold. */
export interface Seeds {
  holding: number;
  of: number;
  /** Of how many of its rules every seed has the nets. */
  rules: number;
  /** Over the seeds, of each quantity that is a fraction. */
  spread: { quantity: string; least: string; most: string }[];
}

const SPREAD = ["train", "test", "gap", "jump"];

/** @param draws what was found for each seed, that of seed 0 first */
export function seedsOf(draws: Finding[][]): Seeds {
  const values = draws.flat().flatMap((finding) => finding.values);
  const spread = SPREAD.flatMap((quantity) => {
    const measured = values
      .filter((value) => value.quantity === quantity)
      .flatMap(({ fraction }) => (fraction ? [fraction] : []))
      .toSorted(compare);
    const [least, most] = [measured[0], measured.at(-1)];
    if (!least || !most || measured.length < 2) return [];
    return [{ quantity, least: least.join("/"), most: most.join("/") }];
  });
  const holding = draws.filter(
    (draw) => draw.length > 0 && draw.every(({ holds }) => holds),
  ).length;
  const rules = Math.min(...draws.map((draw) => draw.length));
  return { holding, of: draws.length, rules, spread };
}

/**
 * "for 3 of 3 seeds (of 1 of its 4 rules), test 50.23 to 51.01 %"
 * @param all how many rules the claim has
 */
export function seedsText({ holding, of, rules, spread }: Seeds, all: number): string {
  const part = rules < all ? ` (of ${rules} of its ${all} rules)` : "";
  const shown = (text: string) => percent(text.split("/").map(Number) as unknown as Fraction);
  const ranges = spread.map(
    ({ quantity, least, most }) => `${quantity} ${shown(least)} to ${shown(most)} %`,
  );
  return `for ${holding} of ${of} seeds${part}${ranges.length > 0 ? `, ${ranges.join(", ")}` : ""}`;
}
