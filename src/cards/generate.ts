/** Every generated text by its path: what `npm run cards` writes and a test compares. */
import type { Storage } from "../datasets/storage.ts";
import { cardOf } from "./card.ts";
import { claimsFile } from "./claims-file.ts";
import { readNumbers } from "./published-numbers.ts";
import { withResults } from "./results.ts";
import { verdictsOf } from "./verdicts.ts";

/** The cards of all published checkpoints, the claims with what decides them, and the README with its results renewed. */
export async function generate(project: Storage): Promise<Map<string, string>> {
  const all = await readNumbers(project);
  const verdicts = verdictsOf(all);
  const readme = new TextDecoder().decode(await project.read("README.md"));
  return new Map([
    ...all.map((n): [string, string] => [
      `models/${n.checkpoint.id}/README.md`,
      cardOf(n, verdicts),
    ]),
    ["fixtures/claims.json", claimsFile(verdicts)],
    ["README.md", withResults(readme, all, verdicts)],
  ]);
}
