/** What the claims see of a checkpoint, once it was recomputed. */
import type { Evidence } from "../claims/judge.ts";
import { TEST_LABELS } from "../datasets/test-labels.ts";
import type { Deciding } from "../evaluation/published.ts";
import type { Verification } from "../evaluation/verify.ts";
import { endsWith } from "../recipe.ts";

/** What claims see of a published checkpoint whose recomputation ended so. */
export function evidenceOf(
  { fixture, checkpoint, history, predictions }: Deciding,
  result: Verification["result"],
): Evidence {
  const { train, test } = fixture.splits;
  const { model, recipe } = checkpoint;
  // The first epoch that ends training by the recipe is the last: none was picked.
  const end =
    recipe.kind === "training" ? history.find((epoch) => endsWith(recipe, epoch)) : undefined;
  const trained = end !== undefined && end === history.at(-1);
  const { parameters, norm } = model;
  const { confidentMisses } = test.margin;
  const answers = {
    predictions: predictions.test,
    labels: TEST_LABELS[fixture.view.dataset],
  };
  return {
    parameters,
    ...(norm !== undefined && { norm }),
    ...(confidentMisses !== undefined && { confidentMisses }),
    train,
    test,
    answers,
    history,
    trained,
    result,
  };
}

/** Of a checkpoint that could not be compared: no rule looks at more than how that ended. */
export function noEvidence(result: Exclude<Verification["result"], "match">): Evidence {
  const nothing = { total: 0, correct: 0, correctOnTrueLabels: 0 };
  return { parameters: 0, train: nothing, test: nothing, history: [], trained: false, result };
}
