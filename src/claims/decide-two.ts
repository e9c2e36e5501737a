/** A rule that compares a checkpoint with another: what was measured, and whether it holds. */
import { compare, type Fraction, ofDecimal, subtract } from "../fraction.ts";
import { ALPHA, chanceInterval } from "./binomial.ts";
import type { PairRule } from "./claim.ts";
import type { Evidence } from "./evidence.ts";
import { agreement, aloneText, mcnemar, type Paired, pair } from "./paired.ts";
import { type Decision, gapOf, testOf, text, type Value, value, within } from "./values.ts";

/** What compares two is a value of the second. */
function ofTwo(
  rule: PairRule,
  quantity: Value["quantity"],
  ours: Fraction | string,
  holds: boolean,
  wanted: string,
  paired?: Paired,
): Decision {
  const measured = value(rule, 0, quantity, ours);
  const checkpoint = rule.checkpoints[1] as string;
  return { holds, wanted, values: [{ ...measured, checkpoint, ...(paired && { paired }) }] };
}

/** What test accuracy the first's becomes where a fraction a/b of the labels was redrawn from all ten. */
function dilutedTest({ test }: Evidence, [a, b]: Fraction): Fraction {
  return [10 * (b - a) * test.correct + a * test.total, 10 * b * test.total];
}

/** Decides a rule on two checkpoints, of which the second is held against the first. */
export function decideTwo(rule: PairRule, first: Evidence, second: Evidence): Decision {
  switch (rule.kind) {
    case "gap-jumps": {
      const jump = subtract(gapOf(second), gapOf(first));
      return ofTwo(rule, "jump", jump, within(jump, rule.atLeast), `≥ ${text(rule.atLeast)}`);
    }
    case "gain": {
      const { atLeast, atMost } = rule;
      const gain = subtract(testOf(second), testOf(first));
      return ofTwo(
        rule,
        "gain",
        gain,
        within(gain, atLeast, atMost),
        `${text(atLeast)} to ${text(atMost)}`,
        pair(first, second),
      );
    }
    case "better": {
      const paired = pair(first, second) ?? { onlyFirst: 0, onlySecond: 0, p: 1 };
      const { onlyFirst, onlySecond } = paired;
      const holds = onlySecond > onlyFirst && mcnemar(onlyFirst, onlySecond).rejects;
      return ofTwo(rule, "paired", aloneText(paired), holds, "more, p ≤ 1/1000", paired);
    }
    case "agree": {
      const same: Fraction = [agreement(first, second), second.test.total];
      return ofTwo(rule, "same", same, within(same, rule.atLeast), `≥ ${text(rule.atLeast)}`);
    }
    case "agree-at-chance": {
      const { low, high } = chanceInterval(second.test.total, 1 / 10, ALPHA);
      const same = agreement(first, second);
      const holds = low <= same && same <= high;
      return ofTwo(rule, "same", [same, second.test.total], holds, `${low} to ${high}`);
    }
    case "diluted": {
      const { fraction, atMost } = rule;
      const off = subtract(testOf(second), dilutedTest(first, fraction));
      const holds = within(off, [-atMost[0], atMost[1]], atMost);
      return ofTwo(rule, "off", off, holds, `within ${text(atMost)}`);
    }
    case "norm-grows": {
      const [before, after] = [first.norm ?? 0, second.norm ?? 0];
      const [a, b] = ofDecimal(before);
      const wanted: Fraction = [rule.atLeast[0] * a, rule.atLeast[1] * b];
      return {
        holds: before > 0 && compare(ofDecimal(after), wanted) >= 0,
        wanted: `≥ ${text(rule.atLeast)} times`,
        values: [before, after].map((norm, k) => value(rule, k, "norm", `${norm}`)),
      };
    }
    default:
      throw rule satisfies never;
  }
}
