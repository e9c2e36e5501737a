/** TensorFlow for tests that train, or the reason why they are skipped. */
import { InputError } from "../../src/datasets/storage.ts";
import { type Backend, openBackend } from "../../src/training/backend.ts";

export async function tensorflowOrSkip(what: string): Promise<Backend | undefined> {
  try {
    return await openBackend("tensorflow");
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    console.log(`skipped: ${what}: ${error.message}`);
    return undefined;
  }
}
