/** What came of a job, as the queue tells it. */
import type { Job } from "bullmq";
import { oneLine } from "../print.ts";
import { TRIES } from "./jobs.ts";

export type Outcome =
  | { answer: unknown; failed?: undefined }
  | { /** That it was given up, and why. */ failed: string };

/** By its state: why a try failed stays with a job that a later try completes. */
export async function outcomeOf(job: Job | undefined): Promise<Outcome | undefined> {
  if (job?.finishedOn === undefined) return undefined;
  const state = await job.getState();
  if (state === "completed") return { answer: job.returnvalue };
  if (state !== "failed") return undefined; // gone meanwhile
  const worker = oneLine(job.processedBy ?? "unknown");
  return {
    failed: `given up after ${TRIES} tries, last by worker ${worker}: ${oneLine(job.failedReason)}`,
  };
}
