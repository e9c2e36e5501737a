/** The typed client: what it gives has the types and the status of the answer. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { client } from "../../src/client/typed.ts";
import { openService } from "../http/service.ts";

const { app } = openService();
const { v1 } = client("http://localhost", {
  fetch: async (input: RequestInfo | URL, init?: RequestInit) =>
    await app.fetch(new Request(input, init)),
});

test("an answer is typed, and a problem is told by its status", async () => {
  const claim = v1.claims[":id"];
  const answer = await claim.$get({ param: { id: "theorem-1" } });
  assert.ok(answer.ok);
  const { id, group }: { id: string; group: string } = await answer.json();
  assert.equal([id, group], ["theorem-1", "Theorem 1"]);
  const none = await claim.$get({ param: { id: "nothing" } });
  const is404: boolean = none.status === 404; // which compiles
  assert.ok(is404);
  assert.not(none.ok);
});

test.run();
