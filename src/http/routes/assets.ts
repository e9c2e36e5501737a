/** /assets: client code of the pages, made when first asked for. */
import { Hono } from "hono";
import { ICON } from "../../web/style.ts";
import { describe } from "../answers/describe.ts";
import { Problem } from "../answers/problem.ts";
import { answer, prepare, type Text } from "../answers/text.ts";
import type { Service } from "../service.ts";

const TYPES: Record<string, string> = {
  svg: "image/svg+xml",
  js: "text/javascript; charset=utf-8",
  wasm: "application/wasm",
};

const OWN: Record<string, string> = { "icon.svg": ICON };

export function assets({ assets: bundled }: Service) {
  const made = new Map<string, Promise<Text>>();

  async function make(name: string): Promise<Text> {
    const type = TYPES[name.split(".").at(-1) ?? ""];
    const content = Object.hasOwn(OWN, name) ? OWN[name] : await bundled?.(name);
    if (!type || content === undefined) throw new Problem("not-found", `there is no asset ${name}`);
    return await prepare(content, type);
  }

  const about = describe({
    summary: "Style and code of the pages",
    tags: ["pages"],
    content: Object.fromEntries(Object.values(TYPES).map((type) => [type.split(";")[0], null])),
    tagged: true,
    problems: ["not-found"],
  });
  return new Hono().get("/:name", about, async (c) => {
    const name = c.req.param("name");
    const text = made.get(name) ?? make(name);
    made.set(name, text);
    text.catch(() => made.delete(name));
    return answer(c, await text);
  });
}
