/** Static files for `deno serve`: whole, without ranges, tags or digests, as the simplest host has them. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";

const folder = process.env.FOLDER ?? "";

export default {
  async fetch(request: Request): Promise<Response> {
    const { pathname } = new URL(request.url);
    const bytes = await readFile(join(folder, pathname)).catch(() => undefined);
    if (!bytes) return new Response(null, { status: 404 });
    return new Response(request.method === "HEAD" ? null : new Uint8Array(bytes));
  },
};
