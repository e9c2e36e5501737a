/** /checkpoints/{id}/images/{split}/{index}.png: an image as a net was shown it. */
import { Hono } from "hono";
import { datasetOf } from "../../datasets/datasets.ts";
import { sha256Hex } from "../../datasets/digest.ts";
import { readView, viewSize } from "../../datasets/view.ts";
import { describe } from "../answers/describe.ts";
import { download } from "../answers/download.ts";
import { Problem } from "../answers/problem.ts";
import type { Service } from "../service.ts";
import { publishedCheckpoint } from "../making/lookup.ts";

export function images(service: Service) {
  const about = describe({
    summary: "An image as a net was shown it; the file is <index>.png",
    tags: ["pages"],
    content: { "image/png": null },
    tagged: true,
    also: { 206: "A range of the file" },
    problems: ["not-found", "unknown-id", "range-not-satisfiable", "data-unavailable"],
  });
  return new Hono().get("/:id/images/:split/:file", about, async (c) => {
    const { id, split, file } = c.req.param();
    if (split !== "train" && split !== "test") throw new Problem("not-found", `no split ${split}`);
    const index = Number(/^(\d{1,5})\.png$/.exec(file)?.[1] ?? Number.NaN);
    const { recipe } = await publishedCheckpoint(service, id);
    if (!(index < viewSize(recipe.view, split)))
      throw new Problem("not-found", `${split} has no ${file}`);
    const { pngOf } = await import("../../web/picture.ts");
    const found = await readView(service.dataset, recipe.view, split, index, index + 1);
    const bytes = pngOf(found.images, datasetOf(recipe.view.dataset).image[1]);
    const sha256 = await sha256Hex(bytes);
    const filename = `${split}-${file}`;
    return await download(c, { bytes, sha256, type: "image/png", filename, pinned: false });
  });
}
