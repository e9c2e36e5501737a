/** In words, what a recipe guesses that the paper does not tell. */
import { RECIPES } from "../recipes.ts";

/** "weight decay of 0.004 on hidden1, hidden2", "He initialization and learning rate 0.1" */
export function guessText(checkpoint: string): string {
  const recipe = RECIPES[checkpoint];
  if (recipe?.kind !== "training") throw new RangeError(`${checkpoint} is not trained`);
  const { weightDecay, decayedLayers } = recipe.regularizers;
  const on = decayedLayers ? ` on ${decayedLayers.join(" and ")} alone` : "";
  return [
    ...(recipe.initialization === "he"
      ? [`He initialization and learning rate ${recipe.optimizer.learningRate}`]
      : []),
    ...(weightDecay > 0 ? [`weight decay of ${weightDecay}${on}`] : []),
  ].join(", ");
}
