/** `receipt verify` and `receipt key`: receipts checked offline, and the key that checks ours. */
import { InputError, MismatchError } from "../datasets/storage.ts";
import { importPublicKey, type SigningKey } from "../receipts/keys.ts";
import { readReceipt, writeReceipt } from "../receipts/receipt.ts";
import { print, printError } from "../print.ts";
import type { Attested } from "../receipts/statement.ts";
import { receiptLines } from "../receipts/tell.ts";
import type { Report } from "../verification/verify-claims.ts";
import { readBounded } from "../local/bounded.ts";
import { writeWhole } from "../local/folder.ts";
import { openSigningKey } from "../local/signing-key.ts";

/** Of every claim, with every shard, a receipt takes a thirtieth. */
const RECEIPT_BYTES = 16 * 2 ** 20;
const KEY_BYTES = 2 ** 16;

/** What a receipt is to be about; it may be about more. */
export interface Wanted {
  key: string;
  claim?: string[];
  checkpoint?: string[];
}

/** @throws InputError where it is a group or a pattern, as `verify` takes them: no receipt has their ids. */
function checkIds({ claim = [], checkpoint = [] }: Wanted): void {
  for (const name of [...claim, ...checkpoint])
    if (!/^[\w.-]+$/.test(name))
      throw new InputError(`"${name}" is no id, and a receipt is asked for ids alone`);
}

/** @throws MismatchError that says what the receipt says of one that is wanted, where it is not good. */
function checkAbout({ verdicts, checkpoints }: Report, { claim = [], checkpoint = [] }: Wanted) {
  for (const id of claim) {
    const found = verdicts.find((verdict) => verdict.claim === id);
    if (!found) throw new MismatchError(`it is not about the claim ${id}`);
    if (found.status !== "reproduced") throw new MismatchError(`it has ${id} as ${found.status}`);
  }
  for (const id of checkpoint) {
    const found = checkpoints.find((report) => report.checkpoint === id);
    if (!found) throw new MismatchError(`it is not about the checkpoint ${id}`);
    if (found.result !== "match") throw new MismatchError(`it has ${id} as ${found.result}`);
  }
}

/** Signs a verification and writes its receipt. */
export async function saveReceipt(path: string, report: Attested, key: SigningKey): Promise<void> {
  await writeWhole(path, await writeReceipt(report, key));
  printError(`${path}: signed by ${key.keyid}`);
}

/** Prints the public key that checks this machine's receipts. */
export async function showKey(): Promise<void> {
  process.stdout.write((await openSigningKey()).publicPem);
}

/** Prints what was signed; 0 if the receipt is the key's and its verification passed, 1 if not. */
export async function verifyReceipt(path: string, options: Wanted): Promise<number> {
  checkIds(options);
  const key = await importPublicKey(await readBounded(options.key, KEY_BYTES), options.key);
  const text = await readBounded(path, RECEIPT_BYTES);
  try {
    const receipt = await readReceipt(text, key);
    print(receiptLines(receipt, key.keyid).join("\n"));
    checkAbout(receipt.counts.report, options);
    return receipt.counts.report.passed ? 0 : 1;
  } catch (error) {
    if (error instanceof InputError) throw new InputError(`${path}: ${error.message}`);
    if (error instanceof MismatchError) throw new MismatchError(`${path}: ${error.message}`);
    throw error;
  }
}
