/** Writes fixtures/schemas/: what `verify` gives to machines, as JSON Schema. */
import { join } from "node:path";
import { PROJECT } from "../src/local/dataset.ts";
import { writeWhole } from "../src/local/folder.ts";
import { schemaFiles } from "../src/verification/schema-files.ts";

for (const [path, text] of Object.entries(schemaFiles())) {
  await writeWhole(join(PROJECT, path), text);
  console.log(path);
}
