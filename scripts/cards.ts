/** Writes the model card of every published checkpoint, fixtures/claims.json, and the results in the README. */
import { join } from "node:path";
import { generate } from "../src/cards/generate.ts";
import { writeWhole } from "../src/local/folder.ts";
import { HOME, project } from "../src/local/project.ts";
import { InputError, MismatchError } from "../src/datasets/storage.ts";
import { print, printError } from "../src/print.ts";

try {
  const texts = await generate(project);
  for (const [path, text] of texts) await writeWhole(join(HOME, path), text);
  print(`${texts.size - 2} model cards, fixtures/claims.json, and the results in README.md`);
} catch (error) {
  if (!(error instanceof InputError || error instanceof MismatchError)) throw error;
  printError(`cards: ${error.message}`);
  process.exitCode = error instanceof MismatchError ? 1 : 2;
}
