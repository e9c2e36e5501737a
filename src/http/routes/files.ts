/** /v1/checkpoints/{id}/…: the files beside the model, one by one and in one archive. */
import { type Context, Hono } from "hono";
import * as v from "valibot";
import { CheckpointSchema } from "../../evaluation/checkpoint.ts";
import { FixtureSchema } from "../../evaluation/fixture.ts";
import { HistorySchema } from "../../history.ts";
import { archivesOf } from "../making/archive.ts";
import { ofCheckpoint } from "../making/archive-files.ts";
import { createGivenLabels } from "../making/given-labels.ts";
import { describe } from "../answers/describe.ts";
import { Problem } from "../answers/problem.ts";
import { download } from "../answers/download.ts";
import { publishedCheckpoint } from "../making/lookup.ts";
import { checked, PinQuery, SplitName } from "../answers/parameters.ts";
import type { Service } from "../service.ts";
import { fileOf, publishedFile, publishedFixture } from "../making/published.ts";

/** A file of a checkpoint, of which a range may be asked for. */
export function describeFile(
  about: { summary: string; description?: string },
  type: string,
  schema: v.GenericSchema | null = null,
) {
  return describe({
    ...about,
    tags: ["checkpoints"],
    content: { [type]: schema },
    tagged: true,
    also: { 206: "A range of the file" },
    problems: [
      "bad-parameter",
      "unknown-id",
      "other-digest",
      "not-found",
      "range-not-satisfiable",
      "published-mismatch",
      "data-unavailable",
    ],
  });
}

function elsewhere(id: string): Problem {
  return new Problem("not-found", `${id} was made elsewhere, and nothing tells how`);
}

/** A pin is of the model file alone; these may change beside it, so no answer is immutable. */
const pinnable = checked("query", PinQuery);

export function files(service: Service) {
  const archiveOf = archivesOf(service);
  const givenLabels = createGivenLabels(service);

  /** A file of JSON as it is in the project. */
  async function json(c: Context, path: string, filename: string) {
    const file = await fileOf(service, path);
    return await download(c, { ...file, type: "application/json", filename, pinned: false });
  }

  return new Hono()
    .get(
      "/:id/history.json",
      describeFile({ summary: "How training went" }, "application/json", HistorySchema),
      pinnable,
      async (c) => {
        const pin = c.req.valid("query").sha256;
        const { id, recipe, history } = await publishedCheckpoint(service, c.req.param("id"), pin);
        if (recipe.kind === "given") throw elsewhere(id);
        const path = `models/${id}/history.json`;
        await publishedFile(service, path, history.sha256);
        return await json(c, path, `${id}.history.json`);
      },
    )
    .get(
      "/:id/checkpoint.json",
      describeFile(
        { summary: "How the checkpoint was made: recipe, versions, digests" },
        "application/json",
        CheckpointSchema,
      ),
      pinnable,
      async (c) => {
        const pin = c.req.valid("query").sha256;
        const { id, recipe } = await publishedCheckpoint(service, c.req.param("id"), pin);
        if (recipe.kind === "given") throw elsewhere(id);
        return await json(c, `models/${id}/checkpoint.json`, `${id}.checkpoint.json`);
      },
    )
    .get(
      "/:id/fixture.json",
      describeFile({ summary: "The evaluation as published" }, "application/json", FixtureSchema),
      pinnable,
      async (c) => {
        const pin = c.req.valid("query").sha256;
        const checkpoint = await publishedCheckpoint(service, c.req.param("id"), pin);
        const { id } = checkpoint;
        await publishedFixture(service, checkpoint);
        return await json(c, `fixtures/${id}.json`, `${id}.json`);
      },
    )
    .get(
      "/:id/predictions/:split",
      describeFile(
        { summary: "The predicted class of each example, one uint8 each" },
        "application/octet-stream",
      ),
      checked("param", v.object({ id: v.string(), split: SplitName })),
      pinnable,
      async (c) => {
        const { id, split } = c.req.valid("param");
        const checkpoint = await publishedCheckpoint(service, id, c.req.valid("query").sha256);
        const { splits } = await publishedFixture(service, checkpoint);
        const { file, sha256 } = splits[split].predictions;
        const bytes = await publishedFile(service, `fixtures/${file}`, sha256);
        const filename = `${id}.${split}.bin`;
        const type = "application/octet-stream";
        return await download(c, { bytes, sha256, type, filename, pinned: false });
      },
    )
    .get(
      "/:id/labels/:split",
      describeFile(
        {
          summary:
            "The label that each example is given, one uint8 each: what the net was trained on",
        },
        "application/octet-stream",
      ),
      checked("param", v.object({ id: v.string(), split: SplitName })),
      pinnable,
      async (c) => {
        const { id, split } = c.req.valid("param");
        const { recipe } = await publishedCheckpoint(service, id, c.req.valid("query").sha256);
        const labels = await givenLabels(recipe.view, split);
        const filename = `${id}.${split}.labels.bin`;
        const type = "application/octet-stream";
        return await download(c, { ...labels, type, filename, pinned: false });
      },
    )
    .get(
      "/:id/archive.zip",
      describeFile({ summary: "All that an auditor needs, in one file" }, "application/zip"),
      pinnable,
      async (c) => {
        const pin = c.req.valid("query").sha256;
        const checkpoint = await publishedCheckpoint(service, c.req.param("id"), pin);
        const archive = await archiveOf(await ofCheckpoint(service, checkpoint));
        const filename = `${checkpoint.id}.zip`;
        return await download(c, { ...archive, type: "application/zip", filename, pinned: false });
      },
    );
}
