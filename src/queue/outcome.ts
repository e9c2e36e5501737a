/** What came of a job, as the queue tells it. */
import type { Job } from "bullmq";

export type Outcome =
  | { answer: unknown; failed?: undefined }
  | { failed: string /** The worker that failed it last. */; worker: string };

/** By its state: why a try failed stays with a job that a later try completes. */
export async function outcomeOf(job: Job | undefined): Promise<Outcome | undefined> {
  if (job?.finishedOn === undefined) return undefined;
  const state = await job.getState();
  if (state === "completed") return { answer: job.returnvalue };
  if (state !== "failed") return undefined; // gone meanwhile
  return { failed: job.failedReason, worker: job.processedBy ?? "an unknown worker" };
}
