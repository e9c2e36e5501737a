/** `list`: which checkpoints are published, how to train the others, and what is claimed. */
import { GROUPS } from "../claims/claim.ts";
import { CLAIMS } from "../claims/claims.ts";
import { commandLine } from "../command.ts";
import { publishedIds } from "../evaluation/published.ts";
import { RECIPES } from "../recipes.ts";
import { columns, wrapped } from "./columns.ts";
import { project } from "../local/project.ts";
import { print } from "../print.ts";

export async function list(): Promise<void> {
  const published = await publishedIds(project);
  const ids = Object.keys(RECIPES);
  print(`checkpoints, ${published.length} of ${ids.length} published`);
  print(
    columns(
      ids.map((id) => [`  ${id}`, published.includes(id) ? "published" : commandLine("train", id)]),
    ),
  );
  for (const group of GROUPS) {
    const claims = CLAIMS.filter((claim) => claim.group === group);
    if (claims.length === 0) continue;
    print(`\nclaims of ${group}`);
    for (const { id, statement } of claims) print(wrapped(`  ${id}: ${statement}`, "      "));
  }
}
