/** /v1/checkpoints: what is published, its files, and evaluations of it. */
import { Hono } from "hono";
import { publishedIds } from "../../evaluation/published.ts";
import { createHandlers, describe, type Operation } from "../answers/describe.ts";
import { download } from "../answers/download.ts";
import { evaluations } from "./evaluations.ts";
import { describeFile, files } from "./files.ts";
import { json } from "../answers/json.ts";
import { publishedCheckpoint } from "../making/lookup.ts";
import { checked, noQuery, PinQuery } from "../answers/parameters.ts";
import { CheckpointAnswer, CheckpointsAnswer } from "../answers/schemas.ts";
import { precisionOf } from "../../recipe.ts";
import type { Service } from "../service.ts";
import { checkpointOf, modelOf, publishedFixture } from "../making/published.ts";

const UNREADABLE = ["published-mismatch", "data-unavailable"] as const;

async function summary(service: Service, id: string) {
  const { recipe, model } = await checkpointOf(service, id);
  const { parameters, sha256, bytes } = model;
  return { id, net: recipe.net, view: recipe.view, parameters, sha256, bytes };
}

function linksOf(prefix: string, id: string) {
  const at = `${prefix}/v1/checkpoints/${id}`;
  const ofSplits = (noun: string) => ({
    train: `${at}/${noun}/train`,
    test: `${at}/${noun}/test`,
  });
  return {
    model: `${at}/model.onnx`,
    archive: `${at}/archive.zip`,
    predictions: ofSplits("predictions"),
    labels: ofSplits("labels"),
    evaluations: ofSplits("evaluations"),
  };
}

export function checkpointList(service: Service) {
  const about: Operation = {
    summary: "The published checkpoints",
    tags: ["checkpoints"],
    tagged: true,
    content: { "application/json": CheckpointsAnswer },
    problems: ["bad-parameter", ...UNREADABLE],
  };
  const handlers = createHandlers(noQuery, async (c) => {
    const ids = await publishedIds(service.project);
    return json(c, { checkpoints: await Promise.all(ids.map((id) => summary(service, id))) });
  });
  return { about, handlers };
}

export function oneCheckpoint(service: Service) {
  const about: Operation = {
    summary: "One checkpoint: how it was made, and its evaluation as published",
    tags: ["checkpoints"],
    tagged: true,
    content: { "application/json": CheckpointAnswer },
    problems: ["bad-parameter", "unknown-id", "other-digest", ...UNREADABLE],
  };
  const handlers = createHandlers(checked("query", PinQuery), async (c) => {
    const pin = c.req.valid("query").sha256;
    const checkpoint = await publishedCheckpoint(service, c.req.param("id"), pin);
    const fixture = await publishedFixture(service, checkpoint);
    const precision = precisionOf(checkpoint.recipe);
    const links = linksOf(service.prefix, checkpoint.id);
    return json(c, { checkpoint, precision, fixture, links });
  });
  return { about, handlers };
}

export function checkpoints(service: Service) {
  const list = checkpointList(service);
  const one = oneCheckpoint(service);
  return new Hono()
    .get("/", describe(list.about), ...list.handlers)
    .get("/:id", describe(one.about), ...one.handlers)
    .get(
      "/:id/model.onnx",
      describeFile(
        {
          summary: "The model file",
          description: "With `sha256` in the address the answer is immutable: a cache may keep it.",
        },
        "application/octet-stream",
      ),
      checked("query", PinQuery),
      async (c) => {
        const pin = c.req.valid("query").sha256;
        const checkpoint = await publishedCheckpoint(service, c.req.param("id"), pin);
        return await download(c, {
          bytes: await modelOf(service, checkpoint),
          sha256: checkpoint.model.sha256,
          type: "application/octet-stream",
          filename: `${checkpoint.id}.onnx`,
          pinned: pin !== undefined,
        });
      },
    )
    .route("/", files(service))
    .route("/", evaluations(service));
}
