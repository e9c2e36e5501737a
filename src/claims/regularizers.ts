/** What explicit regularizers do: Table 4 on random labels, Section 3 on true ones. */
import { FITTED, LITTLE, NOT_CONVERGED, SHORT_OF_PAPER } from "./bounds.ts";
import type { Claim, Rule } from "./claim.ts";
import { half, ofPercent } from "../fraction.ts";
import { secondOf, WEIGHT_DECAY } from "../regularizers.ts";
import { guessText } from "./guess.ts";
import { checkpointOf, NETS, paper, reproductionOf, table1Row } from "./paper.ts";

type Table1Row = (typeof paper.table1.rows)[number];
type Table4Row = (typeof paper.table4.rows)[number];

/** Table 4's regularizers as checkpoint ids end; there is no recipe for the third. */
const SUFFIXES: Record<string, string> = { "weight decay": "wd", "random cropping": "crop" };

/** What a verdict depends on that the paper does not tell. */
const OPEN: Record<string, string> = {
  "weight decay": ` (here of λ = ${WEIGHT_DECAY}; the paper says default, and prints no number)`,
};

/** What the independent reproduction got under weight decay, which it trained in every net. */
function reproducedTrain({ net, regularizer }: Table4Row): {
  reproduction?: (number | undefined)[];
} {
  const found: Record<string, number> =
    paper.reproduction.trainAccuracyOnRandomLabelsWithWeightDecay;
  return regularizer === "weight decay" ? { reproduction: [found[net]] } : {};
}

function ruleOf(row: Table4Row, checkpoint: string): Rule {
  const { train, note } = row;
  const checkpoints = [checkpoint];
  const theirs = reproducedTrain(row);
  if (train === null)
    return { kind: "fails-to-converge", checkpoints, atMost: NOT_CONVERGED, ...theirs };
  const bound = { checkpoints, atLeast: FITTED, paper: [train], ...theirs };
  return note ? { kind: "fits-online", ...bound } : { kind: "fits", ...bound };
}

function table4Claim(row: Table4Row): Claim {
  const { net, regularizer, train } = row;
  const suffix = SUFFIXES[regularizer];
  const about = { group: "Table 4" as const, where: paper.table4.where };
  if (!suffix) {
    return {
      ...about,
      id: `table-4.${net}.random-labels.augmentation`,
      statement: `${net} fits random labels in spite of ${regularizer}.`,
      rules: [],
      beyondReach: {
        reason: "no recipe here flips and rotates images",
        paper: `train ${train} % online`,
      },
    };
  }
  const checkpoint = `${net}.random-labels.${suffix}`;
  const how = `${regularizer}${OPEN[regularizer] ?? ""}`;
  return {
    ...about,
    id: `table-4.${checkpoint}`,
    statement:
      train === null
        ? `${net} fails to converge on random labels under ${how}, the one exception in the table.`
        : `${net} fits random labels in spite of ${how}.`,
    rules: [ruleOf(row, checkpoint)],
  };
}

/** A row under weight decay by its second recipe. */
function secondClaim(row: Table4Row): Claim[] {
  const { net, regularizer, train } = row;
  if (regularizer !== "weight decay") return [];
  const checkpoint = `${net}.random-labels.${secondOf(net, "wd")}`;
  const how = `${guessText(checkpoint)}, the second recipe`;
  return [
    {
      id: `table-4.${checkpoint}`,
      group: "Table 4",
      where: paper.table4.where,
      statement:
        train === null
          ? `${net} fails to converge on random labels under ${how}.`
          : `${net} fits random labels in spite of ${how}.`,
      rules: [ruleOf(row, checkpoint)],
    },
  ];
}

export const TABLE_4: Claim[] = [
  ...paper.table4.rows.map(table4Claim),
  ...paper.table4.rows.flatMap(secondClaim),
];

/** Hundredths of a point, exactly. */
function difference(a: number, b: number): number {
  return Math.round((a - b) * 100) / 100;
}

/** What the independent reproduction got for a difference of two rows. */
function reproducedDifference(a: Table1Row, b: Table1Row): number | undefined {
  const [ofA, ofB] = [reproductionOf(a), reproductionOf(b)];
  return ofA === undefined || ofB === undefined ? undefined : difference(ofA, ofB);
}

/** The bound of Table 1's own claim. */
function generalizes(row: Table1Row): Rule {
  return {
    kind: "generalizes",
    checkpoints: [checkpointOf(row)],
    atLeast: ofPercent(row.test - SHORT_OF_PAPER),
    paper: [row.test],
    reproduction: [reproductionOf(row)],
  };
}

/** Every regularized row of a net against the one without, which must generalize by itself. */
function section3Claim(net: string): Claim {
  const without = table1Row(`${net}.true`);
  const regularized = paper.table1.rows.filter(
    (row) => row.net === net && (row.crop || row.weightDecay),
  );
  const gains = regularized.map(
    (row): Rule => ({
      kind: "gain",
      checkpoints: [checkpointOf(without), checkpointOf(row)],
      ...LITTLE,
      paper: [difference(row.test, without.test)],
      reproduction: [reproducedDifference(row, without)],
    }),
  );
  return {
    id: `section-3.${net}`,
    group: "Section 3",
    where: `Section 3 and ${paper.table1.where}`,
    statement: `Explicit regularizers move the test accuracy of ${net} on true labels by little, and it generalizes without them.`,
    rules: [generalizes(without), ...gains],
  };
}

export const SECTION_3: Claim[] = NETS.map(section3Claim);

const { b } = paper.figure2;
const INCEPTION = table1Row("inception.true");
const WITHOUT_NORMALIZATION = table1Row("inception-nobn.true");
const HELP = difference(b.inception * 100, b["inception-nobn"] * 100);

/**
 * The paper's two nets trained for 51 epochs, ours until they fit, 40 at most, as in every row
 * of theirs; ours differ in their learning rates, too. The least help is half of what the figure
 * shows, the smallest of the paper's three numbers (its text says 3 to 4 points, Table 1 gives
 * 3.75): a tie is none. One pair of seeds may miss so small a bound by chance.
 */
export const FIGURE_2B: Claim = {
  id: "figure-2b",
  group: "Figure 2",
  where: paper.figure2.where,
  statement: "Batch normalization, an implicit regularizer, helps Inception a little.",
  rules: [
    generalizes(INCEPTION),
    generalizes(WITHOUT_NORMALIZATION),
    {
      kind: "gain",
      checkpoints: [checkpointOf(WITHOUT_NORMALIZATION), checkpointOf(INCEPTION)],
      atLeast: half(ofPercent(HELP)),
      atMost: LITTLE.atMost,
      paper: [HELP],
      reproduction: [reproducedDifference(INCEPTION, WITHOUT_NORMALIZATION)],
    },
    { kind: "better", checkpoints: [checkpointOf(WITHOUT_NORMALIZATION), checkpointOf(INCEPTION)] },
  ],
};
