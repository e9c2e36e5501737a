/** `verify --model FILE.onnx --fixture FILE`: a network that is not published. */
import { InputError } from "../datasets/storage.ts";
import { verifyFile } from "./evaluate.ts";
import type { VerifyOptions } from "./verify.ts";

export interface OwnModel {
  model?: string;
  fixture?: string;
  pack?: string;
}

/** @throws InputError where one of the two is not named. */
export async function verifyOwn(options: VerifyOptions & OwnModel): Promise<number> {
  if (options.pack)
    return await (await import("./verify-pack.ts")).verifyPack(options.pack, options);
  const { model, fixture, runtime, full, shards, json } = options;
  if (!model || !fixture) throw new InputError("--model and --fixture go together");
  const seed = options.seed ?? crypto.getRandomValues(new Uint32Array(1))[0] ?? 0;
  const sampling = { shards: full ? ("all" as const) : shards, seed };
  return await verifyFile({ model, fixture, runtime, sampling, json: json === true });
}
