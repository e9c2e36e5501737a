/** Whose fault it is that a job is not done: the job's, or the machine's. */
import { InputError, MachineFault } from "../datasets/storage.ts";

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
