/** Who asks is who connects, or whom as many proxies as there are name last. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { clientAddress, clientAt } from "../../../src/http/platforms/client-address.ts";

const said = new Headers({ "X-Forwarded-For": "1.1.1.1, 2.2.2.2, 3.3.3.3" });

test("nobody is believed unless proxies are said to be there", () => {
  assert.equal(clientAddress("9.9.9.9", said, { proxies: 0 }), { client: "9.9.9.9" });
  assert.equal(clientAddress("9.9.9.9", said, { proxies: 1 }), { client: "3.3.3.3" });
  assert.equal(clientAddress("9.9.9.9", said, { proxies: 2 }), { client: "2.2.2.2" });
  assert.equal(clientAddress("9.9.9.9", said, { proxies: 9 }), { client: "9.9.9.9" });
  assert.equal(clientAddress("9.9.9.9", new Headers(), { proxies: 1 }), { client: "9.9.9.9" });
  assert.equal(clientAddress(undefined, said, { proxies: 0 }), {});
});

test("a machine is one client, however its address is written and whichever of its own it takes", () => {
  for (const [address, client] of [
    ["192.0.2.1", "192.0.2.1"],
    ["192.0.2.1:1111", "192.0.2.1"],
    ["::ffff:192.0.2.1", "192.0.2.1"],
    ["::FFFF:c000:201", "192.0.2.1"], // 192 = c0, 0 = 00, 2 = 02, 1 = 01
    ["[::ffff:192.0.2.1]:2222", "192.0.2.1"],
    ["2001:db8::1", "2001:db8:0:0::/64"],
    ["2001:0DB8::2", "2001:db8:0:0::/64"],
    ["[2001:db8::1]", "2001:db8:0:0::/64"],
    ["[2001:db8::1]:443", "2001:db8:0:0::/64"],
    ["2001:db8:0:0:1:2:3:4", "2001:db8:0:0::/64"],
    ["2001:db8:0:1::1", "2001:db8:0:1::/64"],
    ["fe80::1%eth0", "fe80:0:0:0::/64"],
    ["::1", "0:0:0:0::/64"],
    ["::", "0:0:0:0::/64"],
    ["unknown", "unknown"],
    ["_hidden:1", "_hidden:1"],
    ["[unknown]:1", "[unknown]:1"],
    ["2001:db8::1::2", "2001:db8::1::2"],
    ["", ""],
  ] as const) {
    assert.is(clientAt(address), client);
    if (address) assert.equal(clientAddress(address, new Headers(), { proxies: 0 }), { client });
  }
});

test("without a connection it is whom proxies name, or nobody", () => {
  const one = new Headers({ "X-Forwarded-For": "2001:db8::1" });
  assert.equal(clientAddress(undefined, one, { proxies: 1 }), { client: "2001:db8:0:0::/64" });
  assert.equal(clientAddress(undefined, new Headers(), { proxies: 1 }), {});
});

test.run();
