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

/** There is no key, and none can be made where it should lie. */
export class KeyUnavailable extends InputError {
  override name = "KeyUnavailable";
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    const { code } = error as { code?: string };
    if (code === "ENOENT") return undefined;
    const remedy = "make it readable, or set RETHINK_SIGNING_KEY";
    throw new KeyUnavailable(`cannot read the signing key ${path} (${code}); ${remedy}`);
  }
}

/** Where the key lies, or will once one is needed; what RETHINK_SIGNING_KEY holds lies nowhere. */
export function signingKeyFile(): string {
  return process.env.RETHINK_SIGNING_KEY_FILE || join(KEPT, "signing-key.pem");
}

/** Whoever is first makes the key of all: one that signed and was then replaced could check nothing. */
async function makeOnce(path: string): Promise<void> {
  try {
    await writeWhole(path, await newPrivateKey(), { mode: 0o600, keep: true });
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new KeyUnavailable(`${error.message}, or set RETHINK_SIGNING_KEY`);
  }
}

/** @throws InputError if what is there is no ECDSA P-256 key, KeyUnavailable if none can be read or written. */
export async function openSigningKey(): Promise<SigningKey> {
  const { RETHINK_SIGNING_KEY: pem } = process.env;
  if (pem) return await importPrivateKey(pem, "RETHINK_SIGNING_KEY");
  const path = signingKeyFile();
  const kept = await readIfThere(path);
  if (kept !== undefined) return await importPrivateKey(kept, path);
  await makeOnce(path);
  return await importPrivateKey((await readIfThere(path)) ?? "", path);
}
