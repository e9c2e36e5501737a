/** `list`: what is published and what is claimed. */
import { CLAIMS } from "../claims/claims.ts";
import { RECIPES } from "../recipes.ts";
import { publishedIds } from "./project.ts";

export async function list(): Promise<void> {
  const published = await publishedIds();
  console.log("checkpoints");
  for (const id of Object.keys(RECIPES)) {
    console.log(`  ${id}${published.includes(id) ? "" : `  (not built; npm run train -- ${id})`}`);
  }
  console.log("claims");
  for (const { id, where, statement } of CLAIMS) console.log(`  ${id}  ${statement} (${where})`);
}
