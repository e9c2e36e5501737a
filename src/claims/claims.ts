/**
 * The paper's statements, each with the rules that decide it, written down before the results
 * of these checkpoints were read; that an MLP of one hidden layer and AlexNet fit random labels
 * to 99.2 and 99.9 % was known from trials. Mended since: Figure 1b allows one epoch back in
 * all, not one from each net to the next; halves of the paper's numbers are exact; "failed to
 * converge" means half of the labels at most, not less than 99 %; Section 3 says "move by
 * little" for "help a little"; Figure 2b wants half of the help that the paper shows and that
 * both nets generalize, not merely that nothing is lost; crops of randomly labelled images are
 * trained by the schedule of the paper's Appendix E. No verdict changed.
 */
import { COMPARED, EARLY_STOPPING, LEARNED_FIRST } from "./along-the-way.ts";
import { BEYOND_THE_PAPER } from "./beyond-paper.ts";
import { BEYOND_REACH } from "./beyond-reach.ts";
import { type Claim, GROUPS } from "./claim.ts";
import { FIGURE_1 } from "./figure1.ts";
import { SECTION_5, TABLE_3 } from "./kernels.ts";
import { FIGURE_2B, SECTION_3, TABLE_4 } from "./regularizers.ts";
import { TABLE_1 } from "./table1.ts";
import { THEOREM_1 } from "./theorem1.ts";

export type { Claim, Rule } from "./claim.ts";

/** Every claim, in the order of the groups. */
export const CLAIMS: Claim[] = [
  ...THEOREM_1,
  ...FIGURE_1,
  ...TABLE_1,
  ...SECTION_3,
  ...TABLE_4,
  FIGURE_2B,
  ...EARLY_STOPPING,
  ...LEARNED_FIRST,
  ...COMPARED,
  ...TABLE_3,
  ...SECTION_5,
  ...BEYOND_REACH,
  ...BEYOND_THE_PAPER,
].toSorted((a, b) => GROUPS.indexOf(a.group) - GROUPS.indexOf(b.group));
