/** Names for requests: a random one for the process and a count, which costs less than a random one each. */
import { bytesToHex } from "@noble/hashes/utils.js";

const prefix = bytesToHex(crypto.getRandomValues(new Uint8Array(8)));
let count = 0;

export function nextRequestId(): string {
  return `${prefix}-${++count}`;
}
