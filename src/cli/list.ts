/** `list`: what is published and what is claimed. */
import { CLAIMS } from "../claims/claims.ts";
import { publishedIds } from "../evaluation/published.ts";
import { RECIPES } from "../recipes.ts";
import { project } from "./project.ts";

export async function list(): Promise<void> {
  const published = await publishedIds(project);
  console.log("checkpoints");
  for (const id of Object.keys(RECIPES)) {
    console.log(`  ${id}${published.includes(id) ? "" : `  (not built; npm run train -- ${id})`}`);
  }
  console.log("claims");
  for (const { id, where, statement } of CLAIMS) console.log(`  ${id}  ${statement} (${where})`);
}
