/** A rule and the evidence it asks for → what was measured, and whether it holds. */
import { compare, type Fraction, subtract } from "../fraction.ts";
import { ALPHA, chanceInterval } from "./binomial.ts";
import type { Rule } from "./claim.ts";
import { epochsToFit, epochsToMeet, lostHits, onlineCount, stepsToLoss } from "./curve.ts";
import { decideTwo } from "./decide-two.ts";
import type { Evidence } from "./evidence.ts";
import {
  type Decision,
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

export type { Decision } from "./values.ts";

function ofOne(
  rule: Rule,
  quantity: Value["quantity"],
  ours: Fraction,
  holds: boolean,
  wanted: string,
): Decision {
  return { holds, wanted, values: [value(rule, 0, quantity, ours)] };
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
      const { total } = first.test;
      const aboveChance: Fraction = [chanceInterval(total, 1 / 10, ALPHA).high + 1, total];
      const bound = compare(aboveChance, rule.atLeast) > 0 ? aboveChance : rule.atLeast;
      return ofOne(rule, "test", testOf(first), within(testOf(first), bound), `≥ ${text(bound)}`);
    }
    case "confidently-wrong": {
      const { correct, total } = first.test;
      const share: Fraction = [first.confidentMisses ?? 0, Math.max(1, total - correct)];
      const holds = within(share, rule.atLeast);
      return ofOne(rule, "confident", share, holds, `≥ ${text(rule.atLeast)}`);
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
    case "gap-jumps":
    case "gain":
    case "better":
    case "agree":
    case "agree-at-chance":
    case "diluted":
    case "norm-grows":
      return decideTwo(rule, first, second);
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
      const lost = lostHits(first.history);
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
