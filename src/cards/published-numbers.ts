/** What cards and README say of a checkpoint: read from storage, without its model. */
import { checkpointsOf } from "../claims/claim.ts";
import { CLAIMS, type Rule } from "../claims/claims.ts";
import { InputError, type Storage } from "../datasets/storage.ts";
import type { Checkpoint } from "../evaluation/checkpoint.ts";
import type { Fixture } from "../evaluation/fixture.ts";
import type { History } from "../history.ts";
import { publishedIds, readCheckpoint, readFixture, readHistory } from "../evaluation/published.ts";

export interface Numbers {
  checkpoint: Checkpoint;
  fixture: Fixture;
  history: History;
}

/** Of every checkpoint, in the registry's order. */
export async function readNumbers(project: Storage): Promise<Numbers[]> {
  const ids = await publishedIds(project);
  if (ids.length === 0) throw new InputError("no checkpoint is published");
  return await Promise.all(
    ids.map(async (id) => {
      const checkpoint = await readCheckpoint(project, id);
      const [fixture, history] = [
        await readFixture(project, id),
        await readHistory(project, checkpoint),
      ];
      return { checkpoint, fixture, history };
    }),
  );
}

/** The paper's number, in percent, that a rule of these kinds holds beside a checkpoint. */
function besideRule(id: string, kinds: Rule["kind"][]): number | undefined {
  return CLAIMS.filter((claim) => checkpointsOf(claim).includes(id))
    .flatMap(({ rules }) => rules)
    .filter(({ kind, checkpoints }) => kinds.includes(kind) && checkpoints.includes(id))
    .map(({ paper, checkpoints }) => paper?.[checkpoints.indexOf(id)])
    .find((number) => number !== undefined);
}

/** The paper's accuracies in percent; undefined where it neither prints nor draws one. */
export interface PaperAccuracy {
  train: number | undefined;
  /** Of the last epoch's minibatches: what Table 4 gives for a net trained on crops. */
  online: number | undefined;
  test: number | undefined;
}

/** What the paper gives for the net of a checkpoint. */
export function paperAccuracy(id: string): PaperAccuracy {
  const error = besideRule(id, ["error-grows"]);
  const drawn = error === undefined ? undefined : Math.round((100 - error) * 100) / 100;
  return {
    train: besideRule(id, ["fits"]),
    online: besideRule(id, ["fits-online"]),
    test: besideRule(id, ["generalizes", "at-chance"]) ?? drawn,
  };
}
