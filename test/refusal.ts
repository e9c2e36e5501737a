/** What somebody is told who did something wrong. */
import { InputError } from "../src/datasets/storage.ts";

/** The message of the InputError that something must end with. */
export async function refusal(promise: Promise<unknown>): Promise<string> {
  const [end] = await Promise.allSettled([promise]);
  if (end?.status !== "rejected" || !(end.reason instanceof InputError))
    throw new Error("it was not refused");
  return end.reason.message;
}
