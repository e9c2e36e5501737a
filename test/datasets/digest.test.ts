/** SHA-256 by the platform, and where a page has no `crypto.subtle`. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { sha256Hex } from "../../src/datasets/digest.ts";

/** Of "abc": FIPS 180-2, appendix B.1. */
const ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
const bytes = new TextEncoder().encode("abc");

test("the digest is the same with the platform's SHA-256 and without", async () => {
  assert.is(await sha256Hex(bytes), ABC);
  const had = Object.getOwnPropertyDescriptor(globalThis, "crypto") as PropertyDescriptor;
  Object.defineProperty(globalThis, "crypto", { value: {}, configurable: true });
  try {
    assert.is(await sha256Hex(bytes), ABC);
  } finally {
    Object.defineProperty(globalThis, "crypto", had);
  }
});

test.run();
