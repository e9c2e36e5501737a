/** Which network is another's twin. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { readPublished } from "../../src/evaluation/published.ts";
import { project } from "../../src/local/project.ts";
import { twinOf } from "../../src/web/examples.ts";
import { siteOf } from "../../src/web/site.ts";

const IDS = ["mlp-1x512.true", "mlp-1x512.random-labels", "mlp-3x512.true"] as const;
const all = await Promise.all(IDS.map((id) => readPublished(project, id)));

test("a twin differs in nothing but its labels", () => {
  const site = siteOf(all);
  assert.is(twinOf(site, IDS[0]), IDS[1]);
  assert.is(twinOf(site, IDS[1]), IDS[0]);
  assert.is(twinOf(site, IDS[2]), undefined);
});

test("of what was made elsewhere nobody knows that", () => {
  const given = all.map((one) => {
    const recipe = { kind: "given", net: "given", view: one.checkpoint.recipe.view };
    return { ...one, checkpoint: { ...one.checkpoint, recipe } };
  });
  const site = siteOf(given as never);
  for (const id of IDS) assert.is(twinOf(site, id), undefined);
});

test.run();
