/** What stands in the way of people who see, hear or move differently, as axe-core finds it. */
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type { Page } from "puppeteer-core";

const axe = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

/**
 * What it calls serious or worse, of the page as it is now.
 * @param rules those alone, where not all are wanted
 */
export async function barriers(page: Page, rules?: string[]): Promise<string[]> {
  // The pages' policy lets no script in but their own files.
  if (!(await page.evaluate(() => "axe" in globalThis)))
    await page.evaluate(await readFile(axe, "utf8"));
  return await page.evaluate(async (runOnly) => {
    const { axe } = globalThis as unknown as {
      axe: {
        run(options: {
          runOnly?: string[];
        }): Promise<{ violations: { id: string; impact: string; nodes: { html: string }[] }[] }>;
      };
    };
    const { violations } = await axe.run(runOnly ? { runOnly } : {});
    return violations
      .filter(({ impact }) => impact === "serious" || impact === "critical")
      .map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
  }, rules);
}
