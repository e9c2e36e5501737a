/** `serve`: the endpoint on this machine. */
import { readSettings } from "../http/settings.ts";

export async function serve(): Promise<void> {
  if ("Deno" in globalThis) await (await import("../http/platforms/deno.ts")).start();
  else await (await import("../http/platforms/node.ts")).start(readSettings(process.env));
}
