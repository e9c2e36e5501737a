/**
 * The key that signs receipts: RETHINK_SIGNING_KEY holds it as PEM, or
 * RETHINK_SIGNING_KEY_FILE names its file; otherwise `.rethink/signing-key.pem`,
 * made the first time it is needed.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { InputError } from "../datasets/storage.ts";
import { importPrivateKey, newPrivateKey, type SigningKey } from "../receipts/keys.ts";
import { writeWhole } from "./folder.ts";
import { KEPT } from "../npm/folders.ts";

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    const { code } = error as { code?: string };
    if (code === "ENOENT") return undefined;
    throw new InputError(`cannot read the signing key ${path} (${code}); make it readable`);
  }
}

/** @throws InputError if what is there is no ECDSA P-256 key, or none can be written. */
export async function openSigningKey(): Promise<SigningKey> {
  const { RETHINK_SIGNING_KEY: pem, RETHINK_SIGNING_KEY_FILE: own } = process.env;
  if (pem) return await importPrivateKey(pem, "RETHINK_SIGNING_KEY");
  const path = own || join(KEPT, "signing-key.pem");
  const kept = await readIfThere(path);
  if (kept !== undefined) return await importPrivateKey(kept, path);
  // Whoever is first makes the key of all: one that signed and was then replaced could check nothing.
  await writeWhole(path, await newPrivateKey(), { mode: 0o600, keep: true });
  return await importPrivateKey((await readIfThere(path)) ?? "", path);
}
