/** The environment is checked when the server starts. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { InputError } from "../../src/datasets/storage.ts";
import { readSettings, settingsHelp } from "../../src/http/settings.ts";

test("what is not set has the value that help names", () => {
  assert.equal(readSettings({}), {
    host: "localhost",
    port: 8000,
    limits: { running: 2, waiting: 16, seconds: 300 },
    log: "all",
    prefix: "",
    proxies: 0,
    connections: { most: 1000, stalled: 30 },
  });
  assert.match(settingsHelp(), /RETHINK_PORT .*\(8000\)/);
  assert.match(settingsHelp(), /RETHINK_ORIGIN .*below it$/m);
});

test("the port is RETHINK_PORT's, else PORT's, as many platforms set it", () => {
  assert.is(readSettings({ PORT: "80" }).port, 80);
  assert.is(readSettings({ PORT: "80", RETHINK_PORT: "81" }).port, 81);
});

test("what is set wrong is named", () => {
  const cases: [Record<string, string>, RegExp][] = [
    [{ RETHINK_PORT: "65536" }, /^RETHINK_PORT: it must be 65535 or less; .*--help/],
    [{ RETHINK_PORT: "http" }, /^RETHINK_PORT: it must be an integer/],
    [{ RETHINK_EVALUATIONS: "0" }, /^RETHINK_EVALUATIONS: it must be 1 or more/],
    [{ RETHINK_SECONDS: "1e3" }, /^RETHINK_SECONDS: it must be an integer/],
    [{ RETHINK_ORIGIN: "example.org" }, /^RETHINK_ORIGIN: it must be an address/],
    [{ RETHINK_LOG: "some" }, /^RETHINK_LOG: it must be all or errors/],
  ];
  for (const [environment, line] of cases) {
    try {
      readSettings(environment);
      assert.unreachable(JSON.stringify(environment));
    } catch (error) {
      assert.instance(error, InputError);
      assert.match((error as Error).message, line);
    }
  }
});

test.run();
