/** Parameter counts against Table 1 of the paper. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import paper from "../../fixtures/paper.json" with { type: "json" };
import { parameterCount, statisticsOf, weightsOf } from "../../src/nets/net.ts";
import { NETS } from "../../src/nets/registry.ts";

for (const [name, net] of Object.entries(NETS)) {
  test(`${name} has as many parameters as Table 1 says`, () => {
    const row = paper.table1.rows.find((r) => r.net === name);
    assert.is(parameterCount(net), row?.parameters);
  });
  test(`${name} names every weight once`, () => {
    const names = [...weightsOf(net), ...statisticsOf(net)].map((w) => w.name);
    assert.is(new Set(names).size, names.length);
  });
}

test("only Inception with batch norm has moving averages: two for each of its 19 convolutions", () => {
  // 1 + 8 modules · 2 + 2 downsamplings = 19
  assert.is(statisticsOf(NETS.inception).length, 2 * 19);
  assert.is(statisticsOf(NETS["inception-nobn"]).length, 0);
});

test.run();
