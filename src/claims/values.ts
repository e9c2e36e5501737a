/** What was measured of a checkpoint: read off its evidence, and beside the paper's number. */
import type { Rule } from "./claim.ts";
import type { Evidence } from "./evidence.ts";
import type { Paired } from "./paired.ts";
import { compare, type Fraction, subtract } from "../fraction.ts";

/** What was measured of one checkpoint, or of the last of those compared. */
export interface Value {
  checkpoint: string;
  quantity:
    | "weights"
    | "train"
    | "online"
    | "test"
    | "gap"
    | "jump"
    | "gain"
    | "steps"
    | "epochs"
    | "error"
    | "lost"
    | "half"
    | "paired"
    | "same"
    | "confident"
    | "off"
    | "norm";
  /** The exact number, as text. */
  ours: string;
  /** The same as a fraction, where it is one. */
  fraction?: Fraction;
  /** The paper's: percent for a fraction, steps, or the multiple of the first's epochs. */
  paper?: number;
  /** An independent reproduction's, in percent. */
  reproduction?: number;
  /** Percentage points from the paper's number to ours, where they are more than two. */
  points?: number;
  /** Of a gain: the test examples that one of the two meets alone. */
  paired?: Paired;
}

/** What a rule comes to. */
export interface Decision {
  holds: boolean;
  wanted: string;
  values: Value[];
}

export interface Finding extends Decision {
  rule: Rule;
  /** The values' exact numbers in one line. */
  ours: string;
}

/** Differences from the paper that are worth a remark, in hundredths of a point. */
const REMARKABLE = 200;

export const text = ([a, b]: Fraction) => `${a}/${b}`;
export const trainOf = ({ train }: Evidence): Fraction => [train.correct, train.total];
export const testOf = ({ test }: Evidence): Fraction => [test.correct, test.total];
export const gapOf = (e: Evidence) => subtract(trainOf(e), testOf(e));
export const errorOf = ({ test }: Evidence): Fraction => [test.total - test.correct, test.total];

export function within(x: Fraction, atLeast?: Fraction, atMost?: Fraction): boolean {
  return (!atLeast || compare(x, atLeast) >= 0) && (!atMost || compare(x, atMost) <= 0);
}

/** Points by which a fraction differs from a percentage; undefined up to two. */
function pointsFrom(percent: number | undefined, [a, b]: Fraction): number | undefined {
  if (percent === undefined || b === 0) return undefined;
  const hundredths = a * 10_000 - Math.round(percent * 100) * b; // exact, of b
  return Math.abs(hundredths) > REMARKABLE * b ? hundredths / b / 100 : undefined;
}

/** The k-th value of a rule, with the numbers to hold it beside. */
export function value(
  rule: Rule,
  k: number,
  quantity: Value["quantity"],
  ours: string | Fraction,
): Value {
  const paper = rule.paper?.[k];
  const reproduction = rule.reproduction?.[k];
  const fraction = typeof ours === "string" ? undefined : ours;
  const points = fraction && pointsFrom(paper, fraction);
  const found: Value = {
    checkpoint: rule.checkpoints[k] ?? "",
    quantity,
    ours: typeof ours === "string" ? ours : text(ours),
  };
  if (fraction) found.fraction = fraction;
  if (paper !== undefined) found.paper = paper;
  if (reproduction !== undefined) found.reproduction = reproduction;
  if (points !== undefined) found.points = points;
  return found;
}

export function timesText(epochs: number | undefined, base: number | undefined): string {
  if (epochs === undefined) return "never";
  return base === undefined ? `${epochs}` : `${epochs} (× ${(epochs / base).toFixed(2)})`;
}
