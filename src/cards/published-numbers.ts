/** What cards and README say of a checkpoint: read from storage, without its model. */
import { CLAIMS, type Rule } from "../claims/claims.ts";
import { InputError, type Storage } from "../datasets/storage.ts";
import { type Deciding, knownIds, readDeciding } from "../evaluation/published.ts";

export type Numbers = Deciding;

/**
 * Of every checkpoint, in the registry's order.
 * @throws MismatchError where a fixture is of another model than its checkpoint, InputError where
 *   one has lost a file.
 */
export async function readNumbers(project: Storage): Promise<Numbers[]> {
  const ids = await knownIds(project);
  if (ids.length === 0) throw new InputError("no checkpoint is published");
  return await Promise.all(ids.map((id) => readDeciding(project, id)));
}

function rulesOn(id: string, kinds: Rule["kind"][]): Rule[] {
  return CLAIMS.flatMap(({ rules }) => rules).filter(
    ({ kind, checkpoints }) => kinds.includes(kind) && checkpoints.includes(id),
  );
}

/** The paper's number, in percent, that a rule of these kinds holds beside a checkpoint. */
function besideRule(id: string, kinds: Rule["kind"][]): number | undefined {
  return rulesOn(id, kinds)
    .map(({ paper, checkpoints }) => paper?.[checkpoints.indexOf(id)])
    .find((number) => number !== undefined);
}

/** The paper's accuracies as text; empty where it neither prints nor draws one. */
export interface PaperAccuracy {
  train: string;
  /** Of the last epoch's minibatches: what Table 4 gives for a net trained on crops. */
  online: string;
  /** "≈" where it is read off Figure 1c. */
  test: string;
}

function inPercent(number: number | undefined): string {
  return number === undefined ? "" : `${number.toFixed(2)} %`;
}

/** What the paper gives for the net of a checkpoint. */
export function paperAccuracy(id: string): PaperAccuracy {
  const error = besideRule(id, ["error-grows"]);
  const failed = rulesOn(id, ["fails-to-converge"]).length > 0;
  return {
    train: failed ? "failed to converge" : inPercent(besideRule(id, ["fits"])),
    online: inPercent(besideRule(id, ["fits-online"])),
    test:
      inPercent(besideRule(id, ["generalizes", "at-chance"])) ||
      (error === undefined ? "" : `≈ ${(100 - error).toFixed(1)} %`),
  };
}
