/** A rule and the evidence it asks for → what was measured, and whether it holds. */
import { chanceInterval } from "./binomial.ts";
import type { Rule } from "./claim.ts";
import { epochsToFit, epochsToMeet, onlineCount, stepsToLoss, testHits } from "./curve.ts";
import type { Evidence } from "./evidence.ts";
import { agreement, mcnemar, type Paired, pair, pairedText } from "./paired.ts";
import {
  errorOf,
  gapOf,
  testOf,
  text,
  timesText,
  trainOf,
  type Value,
  value,
  within,
} from "./values.ts";
import { compare, type Fraction, subtract } from "../fraction.ts";

export interface Decision {
  holds: boolean;
  wanted: string;
  values: Value[];
}

const ALPHA = 1 / 1000;

function ofOne(
  rule: Rule,
  quantity: Value["quantity"],
  ours: Fraction,
  holds: boolean,
  wanted: string,
): Decision {
  return { holds, wanted, values: [value(rule, 0, quantity, ours)] };
}

/** What compares two is a value of the second. */
function ofTwo(
  rule: Rule,
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

/**
 * Decides a rule.
 * @param found the evidence of the rule's checkpoints, in their order
 */
export function decide(rule: Rule, found: Evidence[]): Decision {
  const [first, second] = found as [Evidence, Evidence];
  switch (rule.kind) {
    case "weights": {
      const holds = first.parameters === rule.equals;
      return {
        holds,
        wanted: `${rule.equals}`,
        values: [value(rule, 0, "weights", `${first.parameters}`)],
      };
    }
    case "fits": {
      const train = trainOf(first);
      return ofOne(rule, "train", train, within(train, rule.atLeast), `≥ ${text(rule.atLeast)}`);
    }
    case "fits-online": {
      const online = onlineCount(first.history.at(-1)?.accuracy ?? 0, first.train.total);
      return ofOne(rule, "online", online, within(online, rule.atLeast), `≥ ${text(rule.atLeast)}`);
    }
    case "fails-to-converge": {
      const train = trainOf(first);
      const { atMost } = rule;
      return ofOne(rule, "train", train, within(train, undefined, atMost), `≤ ${text(atMost)}`);
    }
    case "at-chance": {
      const { low, high } = chanceInterval(first.test.total, 1 / 10, ALPHA);
      const holds = low <= first.test.correct && first.test.correct <= high;
      return ofOne(rule, "test", testOf(first), holds, `${low} to ${high}`);
    }
    case "generalizes": {
      const { high } = chanceInterval(first.test.total, 1 / 10, ALPHA);
      const holds = first.test.correct > high && within(testOf(first), rule.atLeast);
      return ofOne(rule, "test", testOf(first), holds, `≥ ${text(rule.atLeast)}`);
    }
    case "gap": {
      const { atLeast, atMost } = rule;
      const bounds = [
        ...(atLeast ? [`≥ ${text(atLeast)}`] : []),
        ...(atMost ? [`≤ ${text(atMost)}`] : []),
      ];
      const gap = gapOf(first);
      return ofOne(rule, "gap", gap, within(gap, atLeast, atMost), bounds.join(", "));
    }
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
      const { onlyFirst = 0, onlySecond = 0, ...rest } = pair(first, second) ?? {};
      const holds = onlySecond > onlyFirst && mcnemar(onlyFirst, onlySecond).rejects;
      const ours = pairedText({ p: 1, ...rest, onlyFirst, onlySecond });
      return ofTwo(rule, "paired", ours, holds, "more, p ≤ 1/1000");
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
      const [a, b] = rule.atLeast;
      const [before, after] = [first.norm ?? Number.NaN, second.norm ?? Number.NaN];
      return {
        holds: b * after >= a * before,
        wanted: `≥ ${text(rule.atLeast)} times`,
        values: [before, after].map((norm, k) => value(rule, k, "norm", `${norm}`)),
      };
    }
    case "loss-order": {
      const steps = found.map(({ history }) => stepsToLoss(history, rule.threshold));
      const holds = rule.relations.every((relation, k) => {
        const [before, after] = [steps[k], steps[k + 1]];
        if (before === undefined || after === undefined) return false;
        return relation === "<" ? before < after : before <= after;
      });
      return {
        holds,
        wanted: `loss < ${rule.threshold}: ${rule.relations.join(" ")}`,
        values: steps.map((at, k) => value(rule, k, "steps", at === undefined ? "never" : `${at}`)),
      };
    }
    case "time-grows": {
      const epochs = found.map(({ history, train }) =>
        epochsToFit(history, rule.reached, train.total),
      );
      const base = epochs[0];
      const holds =
        base !== undefined &&
        epochs.slice(1).every((at, k) => {
          if (at === undefined) return false;
          const longest = Math.max(...epochs.slice(0, k + 1).map((before) => before ?? 0));
          return at > base && at >= longest - 1 && at <= rule.atMost * base;
        });
      return {
        holds,
        wanted: `${text(rule.reached)} met, ≤ × ${rule.atMost}`,
        values: epochs.map((at, k) => value(rule, k, "epochs", timesText(at, base))),
      };
    }
    case "error-grows": {
      const errors = found.map(errorOf);
      const holds = errors.every(
        (error, k) => k === 0 || compare(error, errors[k - 1] as Fraction) > 0,
      );
      return {
        holds,
        wanted: "growing",
        values: errors.map((error, k) => value(rule, k, "error", error)),
      };
    }
    case "outweighs": {
      const gains = found
        .filter((_, k) => k % 2 === 1)
        .map((after, k) => subtract(testOf(after), testOf(found[2 * k] as Evidence)));
      const [largest, ...others] = gains as [Fraction, ...Fraction[]];
      return {
        holds: others.length > 0 && others.every((other) => compare(largest, other) > 0),
        wanted: "the largest",
        values: gains.map((gain, k) => value(rule, 2 * k + 1, "gain", gain)),
      };
    }
    case "stopping-gains": {
      const hits = testHits(first.history);
      const lost: Fraction = hits ? [hits.most - hits.last, hits.total] : [1, 1];
      return ofOne(
        rule,
        "lost",
        lost,
        within(lost, undefined, rule.atMost),
        `≤ ${text(rule.atMost)}`,
      );
    }
    case "unchanged-first": {
      const [unchanged, changed] = (["unchanged", "changed"] as const).map((which) =>
        epochsToMeet(first.history, which, rule.reached),
      );
      const ours = `${unchanged ?? "never"} before ${changed ?? "never"}`;
      return {
        holds: unchanged !== undefined && (changed === undefined || unchanged < changed),
        wanted: "unchanged first",
        values: [value(rule, 0, "half", ours)],
      };
    }
    default:
      throw rule satisfies never;
  }
}
