/** Names for requests: a random one for the process and a count, which costs less than a random one each. */
import { bytesToHex } from "@noble/hashes/utils.js";

let prefix: string | undefined; // drawn by the first request: some platforms have no chance before it
let count = 0;

export function nextRequestId(): string {
  prefix ??= bytesToHex(crypto.getRandomValues(new Uint8Array(8)));
  return `${prefix}-${++count}`;
}
