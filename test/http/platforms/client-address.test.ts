/** Who asks is who connects, or whom as many proxies as there are name last. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { clientAddress } from "../../../src/http/platforms/client-address.ts";

const said = new Headers({ "X-Forwarded-For": "1.1.1.1, 2.2.2.2, 3.3.3.3" });

test("nobody is believed unless proxies are said to be there", () => {
  assert.equal(clientAddress("9.9.9.9", said, { proxies: 0 }), { client: "9.9.9.9" });
  assert.equal(clientAddress("9.9.9.9", said, { proxies: 1 }), { client: "3.3.3.3" });
  assert.equal(clientAddress("9.9.9.9", said, { proxies: 2 }), { client: "2.2.2.2" });
  assert.equal(clientAddress("9.9.9.9", said, { proxies: 9 }), { client: "9.9.9.9" });
  assert.equal(clientAddress("9.9.9.9", new Headers(), { proxies: 1 }), { client: "9.9.9.9" });
  assert.equal(clientAddress(undefined, said, { proxies: 0 }), {});
});

test.run();
