/** Jobs that nobody wants any more. */
import { Queue } from "bullmq";
import { type Connection, PREFIX } from "./connection.ts";

/**
 * Takes jobs off a queue, with what came of them.
 * @returns those that a worker is at, which stay
 */
export async function drop(
  { options }: Connection,
  name: string,
  ids: string[],
): Promise<string[]> {
  const queue = new Queue(name, { connection: options, prefix: PREFIX });
  queue.on("error", () => {}); // where it is lost this waits until it is back
  try {
    const removed = await Promise.all(ids.map((id) => queue.remove(id)));
    return ids.filter((_, k) => removed[k] === 0);
  } finally {
    await queue.disconnect();
  }
}
