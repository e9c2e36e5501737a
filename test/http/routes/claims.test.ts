/** /v1/claims: what is published of each, and filters. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { ROOT } from "../../home.ts";
import { openService } from "../service.ts";

const { app } = openService();
const published = JSON.parse(readFileSync(join(ROOT, "fixtures/claims.json"), "utf8")).claims;

interface Answered {
  id: string;
  group: string;
  status: string;
  rules: { ours?: string[]; holds?: boolean }[];
}

async function claims(query = ""): Promise<Answered[]> {
  return (await (await app.request(`/v1/claims${query}`)).json()).claims;
}

test("each claim has its published status, and each rule its counts", async () => {
  const all = await claims();
  assert.is(all.length, published.length);
  for (const [k, { id, status, rules }] of published.entries()) {
    assert.is(all[k]?.id, id);
    assert.is(all[k]?.status, status);
    assert.equal(
      all[k]?.rules.map(({ ours }) => ours),
      rules.map(({ ours }: Answered["rules"][0]) => ours),
    );
  }
  const one = await (await app.request("/v1/claims/theorem-1-at-chance")).json();
  assert.is(one.status, "reproduced");
  assert.equal(one.rules[0].ours, ["992/10000"]);
});

test("a group and a status choose claims, alone and together", async () => {
  const ids = (of: Answered[]) => of.map(({ id }) => id);
  const chosen = (choose: (claim: Answered) => boolean) => ids(published.filter(choose));
  const group = await claims("?group=Table%201");
  assert.equal(
    ids(group),
    chosen((claim) => claim.group === "Table 1"),
  );
  const status = await claims("?status=not-reproduced");
  assert.equal(
    ids(status),
    chosen((claim) => claim.status === "not-reproduced"),
  );
  const both = await claims("?group=Table%201&status=reproduced");
  assert.equal(
    ids(both),
    chosen((c) => c.group === "Table 1" && c.status === "reproduced"),
  );
  assert.ok(both.length > 0 && both.length < group.length);
});

test("a group or a status that there is not is refused with those that there are", async () => {
  for (const [query, line] of [
    ["?group=Table%209", /^group: it must be Theorem 1, Figure 1a/],
    ["?status=fine", /^status: it must be reproduced, not-reproduced, not-evaluated$/],
  ] as const) {
    const response = await app.request(`/v1/claims${query}`);
    assert.is(response.status, 400);
    assert.match((await response.json()).detail, line);
  }
});

test.run();
