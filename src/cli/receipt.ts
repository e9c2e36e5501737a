/** `receipt verify` and `receipt key`: receipts checked offline, and the key that checks ours. */
import { readFile } from "node:fs/promises";
import { InputError, MismatchError } from "../datasets/storage.ts";
import { importPublicKey, type SigningKey } from "../receipts/keys.ts";
import { readReceipt, writeReceipt } from "../receipts/receipt.ts";
import { receiptLines } from "../receipts/tell.ts";
import type { Report } from "../verification/verify-claims.ts";
import { writeWhole } from "../local/folder.ts";
import { openSigningKey } from "../local/signing-key.ts";

async function read(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    throw new InputError(`cannot read ${path} (${(error as { code?: string }).code})`);
  }
}

/** Signs a verification and writes its receipt. */
export async function saveReceipt(path: string, report: Report, key: SigningKey): Promise<void> {
  await writeWhole(path, await writeReceipt(report, key));
  console.error(`${path}: signed by ${key.keyid}`);
}

/** Prints the public key that checks this machine's receipts. */
export async function showKey(): Promise<void> {
  process.stdout.write((await openSigningKey()).publicPem);
}

/** Prints what was signed; 0 if the receipt is the key's and its verification passed, 1 if not. */
export async function verifyReceipt(path: string, options: { key: string }): Promise<number> {
  const key = await importPublicKey(await read(options.key), options.key);
  try {
    const receipt = await readReceipt(await read(path), key);
    console.log(receiptLines(receipt, key.keyid).join("\n"));
    return receipt.counts.report.passed ? 0 : 1;
  } catch (error) {
    if (error instanceof InputError) throw new InputError(`${path}: ${error.message}`);
    if (error instanceof MismatchError) throw new MismatchError(`${path}: ${error.message}`);
    throw error;
  }
}
