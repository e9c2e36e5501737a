/** Whose fault it is that a job is not done: the job's, or the machine's. */
import { InputError, UnwritableError } from "../datasets/storage.ts";

/**
 * Something is wrong with this machine: it gives its job back, which is none the worse, and
 * leaves. Without this it would fail one job after the other, faster than any other works.
 */
export class MachineFault extends InputError {
  override name = "MachineFault";
}

/** Whether it is the machine that is not fit: no other would fail for the same reason. */
export function isOfMachine(error: unknown): error is InputError {
  return error instanceof MachineFault || error instanceof UnwritableError;
}

/**
 * What a machine must be able to do for any job.
 * @throws MachineFault in place of an InputError
 */
export async function ofMachine<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof InputError) throw new MachineFault(error.message);
    throw error;
  }
}
