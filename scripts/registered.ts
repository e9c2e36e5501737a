/** registered: holds fixtures/registered.json against the sources and the history of git. */
import { CLAIMS } from "../src/claims/claims.ts";
import { currentEntries, REGISTERED, unregistered } from "../src/claims/registered.ts";
import { InputError, MismatchError } from "../src/datasets/storage.ts";
import { PROJECT } from "../src/local/dataset.ts";
import { checkHistory } from "../src/local/registered-history.ts";
import { RECIPES } from "../src/recipes.ts";

try {
  const open = unregistered(REGISTERED, await currentEntries(RECIPES, CLAIMS));
  const [missing] = [...open.recipes, ...open.claims];
  if (missing)
    throw new MismatchError(`${missing.id} is not registered as it stands; npm run register`);
  const { recipes, claims } = REGISTERED;
  const { before, late, open: untrained } = checkHistory(PROJECT, REGISTERED);
  console.log(
    `${recipes.length} entries of recipes and ${claims.length} of claims: ${before} registered before their first model, ${late} late and said so, ${untrained} with no model yet`,
  );
} catch (error) {
  if (!(error instanceof InputError || error instanceof MismatchError)) throw error;
  console.error(`registered: ${error.message}`);
  process.exitCode = error instanceof MismatchError ? 1 : 2;
}
