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

/** The paper's train and test accuracy in percent, where it prints or draws them. */
export function paperAccuracy(id: string): { train?: number; test?: number } {
  const train = besideRule(id, ["fits", "fits-online"]);
  const error = besideRule(id, ["error-grows"]);
  const test =
    besideRule(id, ["generalizes", "at-chance"]) ??
    (error === undefined ? undefined : Math.round((100 - error) * 100) / 100);
  return { ...(train === undefined ? {} : { train }), ...(test === undefined ? {} : { test }) };
}
