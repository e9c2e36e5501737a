/** No runtime opens a file that a model names, wherever in the model it does. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { CIFAR10_FILES } from "../../src/datasets/cifar10.ts";
import { InputError } from "../../src/datasets/storage.ts";
import { readExternal } from "../../src/evaluation/external.ts";
import { openRuntime } from "../../src/evaluation/runtimes/open.ts";
import { apart } from "../../src/evaluation/runtimes/apart.ts";
import { openDataset } from "../../src/local/dataset.ts";
import { externalLocations } from "../../src/onnx/external.ts";
import {
  type ModelProto,
  ModelProtoSchema,
  TensorProto_DataLocation,
  type TensorProto,
  TensorProtoSchema,
} from "../../src/onnx/onnx_pb.ts";
import { linearModel } from "../models.ts";

const folder = mkdtempSync(join(tmpdir(), "rethink-"));
const SECRET = relative(process.cwd(), join(folder, "secret"));
const WEIGHTS = 3072 * 10;
writeFileSync(join(folder, "secret"), new Uint8Array(4 * WEIGHTS));

function outside(location: string, offset = 0): TensorProto {
  return create(TensorProtoSchema, {
    name: "weights",
    dims: [3072n, 10n],
    dataType: 1,
    dataLocation: TensorProto_DataLocation.EXTERNAL,
    externalData: [
      { key: "location", value: location },
      { key: "offset", value: `${offset}` },
    ],
  });
}

function changed(change: (model: ModelProto) => void): Uint8Array<ArrayBuffer> {
  const model = fromBinary(ModelProtoSchema, linearModel());
  change(model);
  return toBinary(ModelProtoSchema, model) as Uint8Array<ArrayBuffer>;
}

/** The linear model whose weights lie elsewhere. */
function reading(location: string, offset?: number): Uint8Array<ArrayBuffer> {
  return changed(({ graph }) => {
    if (graph) graph.initializer = [outside(location, offset)];
  });
}

async function refusal(promise: Promise<unknown>): Promise<InputError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  assert.instance(error, InputError);
  return error as InputError;
}

for (const name of ["native", "wasm"] as const) {
  test(`${name} reads no file below the working directory for a model`, async () => {
    const error = await refusal((await openRuntime(name)).load(reading(SECRET)));
    assert.not.match(error.message, /secret/); // for a client; who runs it reads the cause
    assert.match(String(error.cause), /secret/);
  });

  test(`${name} takes the bytes of an official file from memory`, async () => {
    const model = reading("test_batch.bin", 4);
    const dataset = await openDataset();
    const runtime = await openRuntime(name);
    const read = () => readExternal(dataset, model, CIFAR10_FILES);
    const session = await runtime.load(model, read);
    assert.is((await session.run(new Uint8Array(3072))).length, 10);
    await session.close();
    await refusal(runtime.load(model, () => readExternal(dataset, model, [])));
    await refusal(runtime.load(model));
  });
}

test("nor does a runtime apart", async () => {
  const there = apart(await openRuntime("native"));
  await refusal(there.load(reading(SECRET))).finally(() => there.stop());
});

test("a file that is named deep in a model is found", () => {
  const tensor = outside("key.pem");
  const graph = { name: "g", initializer: [tensor] };
  const places: Record<string, Uint8Array> = {
    "a branch": changed((m) => m.graph?.node[0]?.attribute.push(...graphs(graph))),
    "a branch of a branch": changed((m) =>
      m.graph?.node[0]?.attribute.push(
        ...graphs({ name: "g", node: [{ opType: "If", attribute: graphs(graph) }] }),
      ),
    ),
    "a constant": changed((m) => {
      const [node] = m.graph?.node ?? [];
      if (node) node.attribute = attributes({ t: tensor });
    }),
    "a sparse tensor": changed((m) => {
      if (m.graph) m.graph.sparseInitializer = sparse({ values: tensor });
    }),
    "a sparse tensor's indices": changed((m) => {
      if (m.graph) m.graph.sparseInitializer = sparse({ indices: tensor });
    }),
    "a function": toBinary(
      ModelProtoSchema,
      create(ModelProtoSchema, {
        functions: [{ node: [{ attribute: [{ name: "value", t: tensor }] }] }],
      }),
    ),
    "a second graph, which a parser merges": new Uint8Array([
      ...reading("key.pem"),
      ...linearModel(),
    ]),
  };
  for (const [place, model] of Object.entries(places)) {
    assert.equal(externalLocations(model), ["key.pem"], place);
  }
});

test("a model that repeats a part of itself is refused, wherever it does", async () => {
  const loop = changed((m) => {
    if (m.graph?.node[0]) m.graph.node[0].opType = "Loop";
  });
  const deep = changed((m) =>
    m.graph?.node[0]?.attribute.push(...graphs({ name: "g", node: [{ opType: "Scan" }] })),
  );
  const map = changed((m) => {
    if (m.graph?.node[0]) m.graph.node[0].opType = "SequenceMap";
  });
  for (const model of [loop, deep, map]) {
    const error = await refusal((await openRuntime("native")).load(model));
    assert.match(error.message, /repeats a part of itself/);
  }
});

test("a model of millions of parts is refused unread", () => {
  const nodes = new Uint8Array(2_000_000).map((_, k) => (k % 2 ? 0 : 0x0a)); // of no field each
  const graph = [0x3a, 0x80, 0x89, 0x7a]; // 2,000,000 bytes follow
  const model = new Uint8Array([...graph, ...nodes]);
  assert.throws(() => externalLocations(model), /has more than 100000 parts/);
});

test("so is one without a place, and another format is refused", () => {
  const nowhere = changed(({ graph }) => {
    if (graph?.initializer[0]) graph.initializer[0].dataLocation = 1;
  });
  assert.equal(externalLocations(nowhere), [""]);
  const other = new TextEncoder().encode("\x18\0\0\0ORTM");
  assert.throws(() => externalLocations(other), /onnxruntime's own format/);
});

type Part = Parameters<typeof create<typeof ModelProtoSchema>>[1];
function partOf(graph: NonNullable<Part>["graph"]) {
  return create(ModelProtoSchema, { graph: graph as never }).graph;
}
function attributes(attribute: object) {
  const graph = partOf({ node: [{ attribute: [{ name: "value", ...attribute }] }] });
  return graph?.node[0]?.attribute ?? [];
}
function graphs(graph: object) {
  return attributes({ g: graph });
}
function sparse(tensor: object) {
  return partOf({ sparseInitializer: [tensor] } as never)?.sparseInitializer ?? [];
}

test.after(() => rmSync(folder, { recursive: true }));
test.run();
