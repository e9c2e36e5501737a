/** What is logged, and what is left out. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { jsonLines } from "../../../src/http/middleware/log.ts";

/** The records that are printed of two. */
function printed(which: "all" | "errors"): Record<string, unknown>[] {
  const { log } = console;
  const lines: string[] = [];
  console.log = (line: string) => lines.push(line);
  try {
    const write = jsonLines(which);
    write({ level: "info", status: 200 });
    write({ level: "error", message: "broken" });
  } finally {
    console.log = log;
  }
  return lines.map((line) => JSON.parse(line));
}

test("all means all, errors means what failed, each with its time", () => {
  assert.equal(
    printed("all").map(({ level }) => level),
    ["info", "error"],
  );
  const [error, ...others] = printed("errors");
  assert.equal(others, []);
  assert.is(error?.message, "broken");
  assert.match(`${error?.time}`, /^\d{4}-\d\d-\d\dT.*Z$/);
});

test.run();
