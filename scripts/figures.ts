/** Prints the data of Figures 1a, 1b and 1c as JSON, from histories and fixtures alone. */
import { readNumbers } from "../src/cards/published-numbers.ts";
import { figure1 } from "../src/claims/figure-data.ts";
import { project } from "../src/local/project.ts";
import { surviveLostOutput } from "../src/cli/streams.ts";
import { InputError, MismatchError } from "../src/datasets/storage.ts";
import { evidenceOf } from "../src/verification/evidence.ts";
import { print, printError } from "../src/print.ts";

surviveLostOutput();
try {
  const all = await readNumbers(project);
  const evidence = new Map(all.map((n) => [n.checkpoint.id, evidenceOf(n, "match")]));
  print(JSON.stringify(figure1(evidence), null, 1));
} catch (error) {
  if (!(error instanceof InputError || error instanceof MismatchError)) throw error;
  printError(`figures: ${error.message}`);
  process.exitCode = error instanceof MismatchError ? 1 : 2;
}
