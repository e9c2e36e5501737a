/** The Open Inference Protocol as standard clients speak it, and what wrong requests get. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { openDataset } from "../../../src/local/dataset.ts";
import { project } from "../../../src/local/project.ts";
import { IMAGE_BYTES } from "../../../src/datasets/cifar10.ts";
import { readView } from "../../../src/datasets/view.ts";
import { predict } from "../../../src/evaluation/evaluate.ts";
import { readPublished } from "../../../src/evaluation/published.ts";
import { openService } from "../service.ts";

const id = "mlp-1x512.random-labels";
const { app } = openService();
const published = await readPublished(project, id);
const { images } = await readView(await openDataset(), published.fixture.view, "test", 0, 150);
const expected = [...published.predictions.test.subarray(0, 150)];

const get = async (path: string) => {
  const response = await app.request(path);
  return { status: response.status, body: await response.json() };
};

interface Tensor {
  name: string;
  datatype: string;
  shape: number[];
  data?: unknown;
  parameters?: unknown;
}

function input(n: number, change: Partial<Tensor> = {}): Tensor {
  const data = [...images.subarray(0, n * IMAGE_BYTES)];
  return { name: "images", datatype: "UINT8", shape: [n, 3, 32, 32], data, ...change };
}

async function infer(body: unknown, headers: Record<string, string> = {}, of = id) {
  const raw = typeof body === "string" || body instanceof Uint8Array;
  return await app.request(`/v2/models/${of}/infer`, {
    method: "POST",
    body: raw ? (body as BodyInit) : JSON.stringify(body),
    headers,
  });
}

test("server and model describe themselves", async () => {
  assert.equal((await get("/v2")).body.extensions, ["binary_tensor_data"]);
  const live = await app.request("/v2/health/live");
  assert.is(live.headers.get("Cache-Control"), "no-store");
  assert.is((await live.json()).live, true);
  assert.is((await get("/v2/health/ready")).body.ready, true);
  assert.equal((await get(`/v2/models/${id}`)).body, {
    name: id,
    platform: "onnx_onnxv1",
    inputs: [{ name: "images", datatype: "UINT8", shape: [-1, 3, 32, 32] }],
    outputs: [{ name: "logits", datatype: "FP32", shape: [-1, 10] }],
  });
  assert.equal((await get(`/v2/models/${id}/ready`)).body, { name: id, ready: true });
});

test("images in JSON give the published predictions", async () => {
  const response = await infer({ id: "42", inputs: [input(150)] });
  assert.is(response.status, 200);
  const { outputs, ...rest } = await response.json();
  assert.is(rest.id, "42");
  assert.is(rest.model_name, id);
  assert.is(rest.parameters.runtime, "native");
  assert.equal(outputs[0].shape, [150, 10]);
  assert.equal([...predict(Float32Array.from(outputs[0].data))], expected);
});

test("a request may name the runtime", async () => {
  const inputs = [input(1)];
  const asked = (runtime: unknown) => infer({ inputs, parameters: { runtime } });
  assert.is((await (await asked("wasm")).json()).parameters.runtime, "wasm");
  const wrong = await asked("gpu");
  assert.is(wrong.status, 400);
  assert.match((await wrong.json()).detail, /^parameters\.runtime: it must be native or wasm$/);
  assert.match((await (await infer({})).json()).detail, /^inputs: it is missing$/);
});

test("nested data is the same as flat", async () => {
  const flat = [...images.subarray(0, IMAGE_BYTES)];
  const nested = [
    [0, 1, 2].map((c) =>
      Array.from({ length: 32 }, (_, y) => flat.slice(c * 1024 + y * 32, c * 1024 + y * 32 + 32)),
    ),
  ];
  const answers = [flat, nested].map(async (data) => {
    const response = await infer({ inputs: [input(1, { data })] });
    return (await response.json()).outputs;
  });
  assert.equal(await answers[0], await answers[1]);
});

test("data is flat from any dimension on, as long as each row is of its length", async () => {
  const flat = [...images.subarray(0, IMAGE_BYTES)];
  const channels = [0, 1, 2].map((c) => flat.slice(c * 1024, c * 1024 + 1024));
  const answers = [flat, [flat], [channels]].map(async (data) => {
    const response = await infer({ inputs: [input(1, { data })] });
    return (await response.json()).outputs[0].data;
  });
  const [first, ...others] = await Promise.all(answers);
  assert.is(first.length, 10);
  for (const other of others) assert.equal(other, first);
});

test("as many images as may be sent may be nested", async () => {
  const row = `[${Array(32).fill("255").join(",")}]`;
  const nested = [32, 3, 1000].reduce((part, n) => `[${Array(n).fill(part).join(",")}]`, row);
  const { data: _, ...tensor } = input(0, { shape: [1000, 3, 32, 32] });
  const response = await infer(
    JSON.stringify({ inputs: [tensor] }).replace('"shape"', `"data":${nested},"shape"`),
  );
  assert.is(response.status, 200);
  assert.equal((await response.json()).outputs[0].shape, [1000, 10]);
});

test("what would take long to parse is refused before it is parsed", async () => {
  for (const mark of ["[", "{", '"']) {
    const response = await infer(mark.repeat(200_001)); // 200 · 1000 + 1
    assert.is(response.status, 400);
    assert.match((await response.json()).error, /^the request has 200001 of .*200000 at most$/);
    assert.match((await (await infer(mark.repeat(200_000))).json()).error, /not JSON/);
  }
});

/** JSON and bytes in one body. */
function mixed(json: unknown, bytes: Uint8Array) {
  const head = new TextEncoder().encode(JSON.stringify(json));
  const body = new Uint8Array([...head, ...bytes]);
  return { body, headers: { "Inference-Header-Content-Length": `${head.length}` } };
}

test("binary tensors go in and come out", async () => {
  const bytes = images.subarray(0, 2 * IMAGE_BYTES);
  const parameters = { binary_data_size: bytes.length };
  const { data: _, ...tensor } = input(2, { parameters });
  const output = { name: "logits", parameters: { binary_data: true } };
  const { body, headers } = mixed({ inputs: [tensor], outputs: [output] }, bytes);
  const response = await infer(body, headers);
  assert.is(response.status, 200);
  const length = Number(response.headers.get("Inference-Header-Content-Length"));
  const answer = new Uint8Array(await response.arrayBuffer());
  const json = JSON.parse(new TextDecoder().decode(answer.subarray(0, length)));
  assert.is(json.outputs[0].parameters.binary_data_size, 80); // 2 · 10 · 4
  const logits = new Float32Array(answer.slice(length).buffer);
  assert.equal([...predict(logits)], expected.slice(0, 2));
});

const YES_OR_NO = /arameters\.binary_data(_output)?: it must be true or false$/;

test("what is wrong is named, as problem and as the protocol's error", async () => {
  const one = (change: Partial<Tensor>) => ({ inputs: [input(1, change)] });
  const cases: [unknown, RegExp][] = [
    ["{", /not JSON/],
    ["[]", /the request|inputs/],
    [{}, /inputs/],
    [{ inputs: [] }, /takes one input/],
    [{ inputs: [input(1), input(1)] }, /takes one input/],
    [one({ name: "image" }), /inputs\.0\.name: it must be images/],
    [one({ datatype: "FP32" }), /inputs\.0\.datatype: it must be UINT8/],
    [one({ shape: [1, 32, 32, 3] }), /\[1, 32, 32, 3\], not \[n, 3, 32, 32\]/],
    [one({ shape: [0, 3, 32, 32] }), /not \[n, 3, 32, 32\]/],
    [one({ shape: [-1, 3, 32, 32] }), /not \[n, 3, 32, 32\]/],
    [one({ shape: [1001, 3, 32, 32] }), /1001 images; send 1000 at most/],
    [one({ shape: [2, 3, 32, 32] }), /3072 elements, where the shape has 6144/],
    [one({ data: Array(3072).fill(256) }), /element 0 is not an integer of 0 to 255/],
    [one({ data: Array(3072).fill("1") }), /element 0 is not an integer/],
    [JSON.stringify(one({ data: [0] })).replace("[0]", "[1e999]"), /element 0 is not an integer/],
    [one({ data: Array(3072).fill([[[[1]]]]) }), /element 0 is not an integer/],
    [{ inputs: [{ name: "images", datatype: "UINT8", shape: [1, 3, 32, 32] }] }, /neither data/],
    [one({ data: [Array(3072).fill(1), 1] }), /element 3072 is not nested as those before it/],
    [one({ data: [Array(1536).fill(1), Array(1536).fill(1)] }), /1536 elements, .*3072/],
    [
      one({ data: [[Array(1023).fill(1), Array(1025).fill(1), Array(1024).fill(1)]] }),
      /1023 .*1024/,
    ],
    [{ ...one({}), outputs: [{ name: "logits" }, { name: "logits" }] }, /gives one output/],
    [{ ...one({}), outputs: [{ name: "logits", parameters: { binary_data: 1 } }] }, YES_OR_NO],
    [{ ...one({}), outputs: [{ name: "logits", parameters: { binary_data: "yes" } }] }, YES_OR_NO],
    [{ ...one({}), parameters: { binary_data_output: "true" } }, YES_OR_NO],
    [{ ...one({}), parameters: { binary_data_output: 0 }, outputs: [] }, YES_OR_NO],
    [{ ...one({}), outputs: [{ name: "probabilities" }] }, /outputs\.0\.name: it must be logits/],
  ];
  for (const [body, line] of cases) {
    const response = await infer(body);
    const problem = await response.json();
    assert.is(response.status, 400, line.source);
    assert.match(problem.error, line);
    assert.is(problem.detail, problem.error);
    assert.is(problem.type, "/problems/bad-inference");
  }
});

test("a body of many faults, or a long one, is refused by its first in a few words", async () => {
  const many = await infer(`{"inputs":[${Array(100_000).fill("{}").join(",")}]}`);
  assert.is(many.status, 400);
  assert.match((await many.json()).detail, /^inputs\.0\.name: it is missing$/);
  const long = await infer({ inputs: "x".repeat(1_000_000) });
  assert.ok((await long.text()).length < 1000);
});

test("binary bodies that do not add up are refused", async () => {
  const { data: _, ...tensor } = input(1, { parameters: { binary_data_size: IMAGE_BYTES } });
  const short = mixed({ inputs: [tensor] }, images.subarray(0, 100));
  assert.match(
    (await (await infer(short.body, short.headers)).json()).error,
    /100 bytes of binary data, where the shape has 3072/,
  );
  for (const length of ["999999999", "-1", "1e3", "x"]) {
    const response = await infer(short.body, { "Inference-Header-Content-Length": length });
    assert.is(response.status, 400);
    assert.match((await response.json()).error, /not the length of JSON/);
  }
  const twice = mixed({ inputs: [input(1)] }, images.subarray(0, IMAGE_BYTES));
  assert.match((await (await infer(twice.body, twice.headers)).json()).error, /data twice/);
});

test("unknown models, methods and large bodies have the protocol's error too", async () => {
  const unknown = await infer({ inputs: [input(1)] }, {}, "mlp-1x512.random-label");
  assert.is(unknown.status, 404);
  assert.match((await unknown.json()).error, /did you mean mlp-1x512\.random-labels\?/);
  const large = await infer("0".repeat(17 * 2 ** 20));
  assert.is(large.status, 413);
  assert.match((await large.json()).error, /send at most/);
  const method = await app.request(`/v2/models/${id}/infer`);
  assert.is(method.status, 405);
  assert.is(method.headers.get("Allow"), "POST");
});

test("what has no tag meets no If-Match but *", async () => {
  const asked = { inputs: [input(1)] };
  assert.is((await infer(asked, { "If-Match": "*" })).status, 200);
  const refused = await infer(asked, { "If-Match": '"x"' });
  assert.is(refused.status, 412);
  assert.is((await refused.json()).type, "/problems/precondition-failed");
  for (const path of ["/v2", `/v2/models/${id}`, "/v2/health/live", "/livez"]) {
    const status = async (wanted: string) =>
      (await app.request(path, { headers: { "If-Match": wanted } })).status;
    assert.is(await status("*"), 200, path);
    assert.is(await status('"x"'), 412, path);
  }
  const unknown = await infer(asked, { "If-Match": '"x"' }, "mlp-1x512.random-label");
  assert.is(unknown.status, 404); // RFC 9110, section 13.2.1
});

test("a full server refuses before it reads the body", async () => {
  const { app: full, service } = openService({ limits: { running: 1, waiting: 0, seconds: 60 } });
  let end = () => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  const running = service.limiter.run(new AbortController().signal, () => ended);
  const request = new Request(`http://rethink.test/v2/models/${id}/infer`, {
    method: "POST",
    body: "0".repeat(1000),
    headers: { "Content-Length": "1000" },
  });
  const response = await full.fetch(request);
  assert.is(response.status, 429);
  assert.is(request.bodyUsed, false);
  end();
  await running;
});

/** An upload that the server has begun to read, and of which nothing arrives until it is ended. */
async function slowUpload(to: ReturnType<typeof openService>["app"]) {
  let end = () => {};
  let answer: Response | Promise<Response> | undefined;
  await new Promise<void>((begun) => {
    const source = {
      start(stream: ReadableStreamDefaultController) {
        end = () => {
          stream.enqueue(new TextEncoder().encode(JSON.stringify({ inputs: [input(1)] })));
          stream.close();
        };
      },
      pull: () => begun(),
    };
    const body = new ReadableStream(source, { highWaterMark: 0 });
    const init = { method: "POST", body, duplex: "half" };
    answer = to.request(`/v2/models/${id}/infer`, init as RequestInit);
  });
  return { answer: answer as Promise<Response>, end };
}

test("as many bodies may arrive at once as may run and wait", async () => {
  const { app: small } = openService({ limits: { running: 1, waiting: 1, seconds: 60 } });
  const uploads = [await slowUpload(small), await slowUpload(small)];
  const refused = await small.request(`/v2/models/${id}/infer`, { method: "POST", body: "{}" });
  assert.is(refused.status, 429);
  assert.is(refused.headers.get("Retry-After"), "1");
  assert.match((await refused.json()).error, /^2 requests are being received; ask again/);
  for (const { end } of uploads) end();
  for (const { answer } of uploads) assert.is((await answer).status, 200);
  const next = await slowUpload(small);
  next.end();
  assert.is((await next.answer).status, 200);
});

test("a body that does not arrive in time is a problem, and another may come", async () => {
  const { app: hasty } = openService({ limits: { running: 1, waiting: 0, seconds: 0.5 } });
  for (let k = 0; k < 3; k++) {
    const response = await (await slowUpload(hasty)).answer;
    assert.is(response.status, 503);
    assert.is((await response.json()).type, "/problems/timed-out");
  }
});

test("a body with an encoding is refused by name, and which ones are taken", async () => {
  const response = await app.request(`/v2/models/${id}/infer`, {
    method: "POST",
    headers: { "Content-Encoding": "gzip" },
    body: new Uint8Array(10),
  });
  assert.is(response.status, 415);
  assert.is(response.headers.get("Accept-Encoding"), "identity");
  assert.is((await response.json()).type, "/problems/encoding-not-offered");
});

test("a byte order mark before the JSON is passed over", async () => {
  const json = { inputs: [{ name: "images", datatype: "UINT8", shape: [1, 3, 32, 32] }] };
  const data = Array(3072).fill(0);
  const body = `\uFEFF${JSON.stringify({ inputs: [{ ...json.inputs[0], data }] })}`;
  const response = await app.request(`/v2/models/${id}/infer`, { method: "POST", body });
  assert.is(response.status, 200);
});

test("there are no versions, whatever is asked of them", async () => {
  for (const [method, path] of [
    ["GET", "versions/1"],
    ["GET", "versions/1/ready"],
    ["POST", "versions/1/infer"],
  ]) {
    const response = await app.request(`/v2/models/${id}/${path}`, { method: method as string });
    assert.is(response.status, 404);
    const { type, error } = await response.json();
    assert.is(type, "/problems/no-versions");
    assert.is(error, `a model has one version; ask /v2/models/${id}`);
  }
});

test("a parameter of an extension that is not offered is refused, not ignored", async () => {
  const input = {
    name: "images",
    datatype: "UINT8",
    shape: [1, 3, 32, 32],
    data: Array(3072).fill(0),
  };
  const refusals: [object, string][] = [
    [
      { inputs: [input], outputs: [{ name: "logits", parameters: { classification: 2 } }] },
      "outputs.0.parameters.classification",
    ],
    [
      { inputs: [{ ...input, parameters: { shared_memory_region: "x" } }] },
      "inputs.0.parameters.shared_memory_region",
    ],
    [{ inputs: [input], parameters: { sequence_id: 1 } }, "parameters.sequence_id"],
  ];
  for (const [request, name] of refusals) {
    const body = JSON.stringify(request);
    const response = await app.request(`/v2/models/${id}/infer`, { method: "POST", body });
    assert.is(response.status, 400);
    assert.ok(
      (await response.json()).detail.startsWith(`${name}: no extension with it is offered here`),
    );
  }
});

test.run();
