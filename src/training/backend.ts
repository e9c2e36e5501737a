/** The choice of backend, and the switches that decide the bits of what it computes. */
import { execFileSync } from "node:child_process";
import { createRequire } from "node:module";
import { cpus } from "node:os";
import * as tf from "@tensorflow/tfjs";
import type { NodeJSKernelBackend } from "@tensorflow/tfjs-node-gpu/dist/nodejs_kernel_backend.js";
import { InputError } from "../datasets/storage.ts";
import type { ComputedWith } from "../evaluation/checkpoint.ts";
import type { Net } from "../nets/net.ts";
import type { BackendName } from "./backend-name.ts";
import { eagerStepper } from "./eager.ts";
import { loadedLibraries } from "./libraries.ts";
import type { State, StepOptions, Stepper } from "./stepper.ts";
import { graphStepper } from "./tensorflow/graph-stepper.ts";

export interface Backend {
  /** As checkpoint.json names it: the version is of the library, the switches are those that were set. */
  computedWith: ComputedWith;
  open(net: Net, state: State, batchSizes: number[], options: StepOptions): Promise<Stepper>;
}

/** A switch of TensorFlow's: the value it has unless the environment sets it, and what may be set. */
interface Switch {
  unless: string;
  allowed: RegExp;
}

const ONE_OR_ZERO = /^[01]$/;

/**
 * TensorFlow's results depend on how many threads share a sum, on oneDNN and
 * on the instruction set, so all three are fixed, unless the environment says
 * otherwise; TF32 would round a GPU's inputs. AVX2 is what nearly every
 * processor has; AVX512_CORE is faster where it is had.
 */
const SWITCHES: Record<string, Switch> = {
  TF_NUM_INTRAOP_THREADS: { unless: "2", allowed: /^[1-9]\d{0,2}$/ },
  TF_NUM_INTEROP_THREADS: { unless: "1", allowed: /^[1-9]\d{0,2}$/ },
  TF_ENABLE_ONEDNN_OPTS: { unless: "1", allowed: ONE_OR_ZERO },
  ONEDNN_MAX_CPU_ISA: {
    unless: "AVX2",
    allowed: /^(SSE41|AVX|AVX2|AVX2_VNNI|AVX512_CORE|AVX512_CORE_VNNI|AVX512_CORE_BF16)$/,
  },
  TF_DETERMINISTIC_OPS: { unless: "1", allowed: ONE_OR_ZERO },
  TF_CUDNN_DETERMINISTIC: { unless: "1", allowed: ONE_OR_ZERO },
  NVIDIA_TF32_OVERRIDE: { unless: "0", allowed: ONE_OR_ZERO },
};

/** Set without a bearing on results: fewer messages, and GPU memory shared by runs side by side. */
const QUIET = { TF_CPP_MIN_LOG_LEVEL: "2", TF_FORCE_GPU_ALLOW_GROWTH: "true" };

/** What else decides bits, and no checkpoint names. */
const UNNAMED = [
  "TF_XLA_FLAGS",
  "XLA_FLAGS",
  "ONEDNN_DEFAULT_FPMATH_MODE",
  "DNNL_DEFAULT_FPMATH_MODE",
  "DNNL_MAX_CPU_ISA",
];

/** @throws InputError that names a switch with a value that TensorFlow would ignore or misread, or one that is not to be set. */
export function switchesOf(
  environment: Record<string, string | undefined>,
): Record<string, string> {
  const unnamed = UNNAMED.find((name) => environment[name]);
  if (unnamed)
    throw new InputError(
      `${unnamed} is set, which changes what is computed and stands in no checkpoint.json; unset it`,
    );
  return Object.fromEntries(
    Object.entries(SWITCHES).map(([name, { unless, allowed }]) => {
      const value = environment[name] || unless;
      if (!allowed.test(value))
        throw new InputError(`${name}=${value} is not understood; unset it for ${unless}`);
      return [name, value];
    }),
  );
}

/** The GPU's name and driver, as its driver gives them. */
function gpu(): string {
  try {
    const query = ["--query-gpu=name,driver_version", "--format=csv,noheader"];
    return execFileSync("nvidia-smi", query, { encoding: "utf8" }).trim().split("\n").join("; ");
  } catch {
    return "CUDA GPU"; // TensorFlow uses it; only its name cannot be had
  }
}

function processor(): string {
  return cpus()[0]?.model.trim() ?? "unknown";
}

async function openTensorFlow(): Promise<Backend> {
  const environment = switchesOf(process.env);
  Object.assign(process.env, environment, QUIET);
  const require = createRequire(import.meta.url);
  const util = require("node:util") as Record<string, unknown>;
  // tfjs-node calls a function that Node 23 removed.
  util.isNullOrUndefined ??= (x: unknown) => x === null || x === undefined;
  try {
    require("@tensorflow/tfjs-node-gpu");
  } catch (error) {
    const [line] = String(error).split("\n");
    throw new InputError(
      `TensorFlow is not set up (${line}); npm run setup:training in a clone does that`,
    );
  }
  await tf.setBackend("tensorflow");
  const backend = tf.backend() as unknown as NodeJSKernelBackend;
  const libraries = backend.isUsingGpuDevice ? loadedLibraries() : {};
  return {
    computedWith: {
      backend: "tensorflow",
      version: `tensorflow ${backend.binding.TF_Version}`,
      device: backend.isUsingGpuDevice ? gpu() : processor(),
      threads: Number(environment.TF_NUM_INTRAOP_THREADS),
      environment,
      ...(Object.keys(libraries).length > 0 && { libraries }),
    },
    open: (net, state, batchSizes, options) =>
      graphStepper(backend, net, state, batchSizes, options),
  };
}

/** tfjs's own backends run the step op by op. */
async function openEager(name: "webgpu" | "cpu", device: string): Promise<Backend> {
  if (!(await tf.setBackend(name).catch(() => false))) {
    throw new InputError(`tfjs has no ${name} backend here; use --backend tensorflow`);
  }
  await tf.ready();
  return {
    computedWith: {
      backend: name,
      version: `tfjs ${tf.version.tfjs}`,
      device,
      threads: 1,
      environment: {},
    },
    open: async (net, state, _, options) => eagerStepper(net, state, options),
  };
}

async function openWebGpu(): Promise<Backend> {
  try {
    const { registerWebGpu } = await import("./webgpu.ts");
    return await openEager("webgpu", await registerWebGpu());
  } catch (error) {
    if (error instanceof InputError) throw error;
    const [line] = String(error).split("\n");
    throw new InputError(
      `WebGPU is not available (${line}); run npm install --no-save @tensorflow/tfjs-backend-webgpu webgpu, or use --backend tensorflow`,
    );
  }
}

/** @throws InputError that says what to run where the backend is missing. */
export async function openBackend(name: BackendName): Promise<Backend> {
  switch (name) {
    case "tensorflow":
      return await openTensorFlow();
    case "webgpu":
      return await openWebGpu();
    case "cpu":
      return await openEager("cpu", processor());
    default:
      throw name satisfies never;
  }
}
