/** /v2: the Open Inference Protocol, so that standard clients can probe a checkpoint with images of their own. */
import { Hono } from "hono";
import type { GenericSchema } from "valibot";
import about from "../../../package.json" with { type: "json" };
import { datasetOf } from "../../datasets/datasets.ts";
import { readBody } from "../answers/body.ts";
import { assertMatch } from "../answers/conditional.ts";
import { clientOf } from "../making/asker.ts";
import { untilDeadline } from "../making/deadline.ts";
import { infer } from "../making/infer.ts";
import { describe } from "../answers/describe.ts";
import { publishedCheckpoint } from "../making/lookup.ts";
import {
  InferenceAnswer,
  InferenceRequest,
  Live,
  Model,
  ModelReady,
  Ready,
  Server,
} from "../answers/inference-schemas.ts";
import { checked, PinQuery } from "../answers/parameters.ts";
import { Problem, type ProblemName } from "../answers/problem.ts";
import type { Service } from "../service.ts";
import { modelOf } from "../making/published.ts";
import { JSON_LENGTH, MAX_MARKS, readInference, writeInference } from "../answers/tensors.ts";

const NOT_KEPT = { "Cache-Control": "no-store" };

function described(summary: string, schema: GenericSchema, problems: ProblemName[] = []) {
  return describe({
    summary,
    tags: ["inference"],
    content: { "application/json": schema },
    problems,
  });
}

const OF_MODEL: ProblemName[] = [
  "bad-parameter",
  "unknown-id",
  "other-digest",
  "published-mismatch",
  "data-unavailable",
];
const pinnable = checked("query", PinQuery);

export function inference(service: Service) {
  const find = (id: string, { sha256 }: PinQuery) => publishedCheckpoint(service, id, sha256);
  return new Hono()
    .get("/", described("What this server is", Server), (c) =>
      c.json({ name: about.name, version: about.version, extensions: ["binary_tensor_data"] }),
    )
    .get("/health/live", described("The process answers", Live), (c) =>
      c.json({ live: true }, 200, NOT_KEPT),
    )
    .get("/health/ready", described("The server takes requests", Ready, ["shutting-down"]), (c) => {
      if (service.closing) throw new Problem("shutting-down", "send requests elsewhere");
      return c.json({ live: true, ready: true }, 200, NOT_KEPT);
    })
    .get(
      "/models/:id",
      describe({
        summary: "What a model takes and gives",
        description: "There are no versions of it: an address with `/versions/` is 404.",
        tags: ["inference"],
        content: { "application/json": Model },
        problems: OF_MODEL,
      }),
      pinnable,
      async (c) => {
        const { id, recipe } = await find(c.req.param("id"), c.req.valid("query"));
        const { image } = datasetOf(recipe.view.dataset);
        return c.json({
          name: id,
          platform: "onnx_onnxv1",
          inputs: [{ name: "images", datatype: "UINT8", shape: [-1, ...image] }],
          outputs: [{ name: "logits", datatype: "FP32", shape: [-1, 10] }],
        });
      },
    )
    .get(
      "/models/:id/ready",
      described("The model can be asked", ModelReady, OF_MODEL),
      pinnable,
      async (c) => {
        const checkpoint = await find(c.req.param("id"), c.req.valid("query"));
        await modelOf(service, checkpoint);
        return c.json({ name: checkpoint.id, ready: true });
      },
    )
    .post(
      "/models/:id/infer",
      describe({
        summary: "The logits of images; 1,000 at most",
        description: `\`parameters.runtime\` may be native or wasm. JSON may have ${MAX_MARKS} of [, { and " in all, twice as many as 1,000 nested images.`,
        tags: ["inference"],
        headers: {
          [JSON_LENGTH]: {
            description:
              "How many bytes of the body are JSON, where binary data follows; an answer with binary data has it too.",
            schema: { type: "integer" },
          },
        },
        body: { "application/json": InferenceRequest, "application/octet-stream": null },
        content: { "application/json": InferenceAnswer, "application/octet-stream": null },
        problems: [
          "bad-inference",
          "encoding-not-offered",
          "body-too-large",
          "body-too-slow",
          "busy",
          "timed-out",
          ...OF_MODEL,
        ],
      }),
      pinnable,
      async (c) => {
        const checkpoint = await find(c.req.param("id"), c.req.valid("query"));
        assertMatch(c);
        const { image } = datasetOf(checkpoint.recipe.view.dataset);
        const answer = await untilDeadline(c, service, async ({ signal }) => {
          const body = await service.limiter.receive(
            () => readBody(c.req.raw, signal),
            clientOf(c),
          );
          const request = readInference(body, c.req.header(JSON_LENGTH), image);
          const { logits, ran } = await infer(service, checkpoint, request, signal);
          return writeInference(request, checkpoint.id, ran, logits);
        });
        return c.body(answer.body, 200, { ...answer.headers, ...NOT_KEPT });
      },
    )
    .all("/models/:id/versions/*", (c) => {
      const at = `${service.prefix}/v2/models/${c.req.param("id")}`;
      throw new Problem("no-versions", `a model has one version; ask ${at}`);
    });
}
