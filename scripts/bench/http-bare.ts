/** A bare Hono route that returns an answer's bytes, head and body, as they are: what the endpoint is measured against. */
import { readFile } from "node:fs/promises";
import { serve } from "@hono/node-server";
import { Hono } from "hono";

const [path = "", headers = "{}"] = process.argv.slice(2);
const bytes = new Uint8Array(await readFile(path));
const head = JSON.parse(headers) as Record<string, string>;
const app = new Hono();
app.get("/", (c) => c.body(bytes, 200, head));
serve({ fetch: app.fetch, hostname: "127.0.0.1", port: 0 }, ({ port }) => {
  console.error(`It serves http://127.0.0.1:${port}`);
});
