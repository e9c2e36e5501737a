/**
 * The bounds of the rules, chosen before the results that they judge were read.
 * Each asks what would falsify the paper's statement, not whether our numbers are
 * the paper's: our exact counts are the fixtures' business.
 */
import type { Fraction } from "../fraction.ts";

/**
 * Labels are fitted where 99 % are met. The lowest train accuracy that the
 * paper still calls fitted is 99.21 % (one hidden layer, random labels, weight
 * decay); a net that learns what is common to labels instead of each label
 * stays far below.
 */
export const FITTED: Fraction = [99, 100];

/**
 * What "failed to converge" may reach at most (Table 4, AlexNet under weight
 * decay; the paper prints no number). A net that met more than half of the
 * labels was on its way, whether or not its epochs sufficed. It was set while that
 * net trained, and until then read "below FITTED"; its result is the same by both.
 */
export const NOT_CONVERGED: Fraction = [50, 100];

/**
 * How far, in points, a test accuracy or a gap may fall short of the paper's.
 * The independent reproduction differs from the paper by up to 3.0 points, in the
 * recipe's open choices and batch norm in every net; two families (Inception, AlexNet, MLP)
 * differ by at least 5.6. Five points lie between: seed and initialization may
 * cost that much, being another kind of net may not.
 */
export const SHORT_OF_PAPER = 5;

/**
 * When a net counts as overfitted for Figure 1b, whose criterion the paper
 * does not give: the first epoch that meets 98 % of the given labels online.
 * Counts are exact where a loss is not; every net that ends at 99 % gets
 * there; and Inception's loss, at the 0.05 that reproduces the paper's 10 and
 * 36 epochs, stands for about so many labels met. AlexNet's 31 epochs without
 * corruption in the paper, 12 here, speak of a stricter criterion there: compare
 * factors with the bound, not with the paper's to a digit.
 */
export const OVERFITTED: Fraction = [98, 100];

/**
 * The "small constant factor" of Figure 1b. The paper's largest is 3.6, and its
 * Figure 1a gives up to 4.3 where the criterion is a loss of 0.1 instead. A
 * slowdown in proportion to the labels to be memorized would be out of all bounds:
 * true labels leave few of the 50,000 to memorize, random ones nearly all. A net
 * that is not there by its last epoch has not shown that the factor is small.
 */
export const SMALL_FACTOR = 5;

/**
 * What "helps a little" may be, in points of test accuracy. A count of 10,000 has a
 * deviation of 0.4 to 0.5; three nets that differ in nothing but their seed are 1.06 points
 * apart (mlp-1x512.true), and README's table over seeds, which `npm run cards` renews, has
 * every one. When the two points that a regularizer may cost were chosen, no second seed had
 * been trained. The most that the paper reports is 5.15 (AlexNet, crop and weight decay); ten is twice
 * that, and about a quarter of the least that random labels cost.
 */
export const LITTLE: { atLeast: Fraction; atMost: Fraction } = {
  atLeast: [-2, 100],
  atMost: [10, 100],
};
