/** What an evaluation asks of an ONNX runtime. */
export interface Runtime {
  name: RuntimeName;
  /** The package that runs the model, and its version. */
  package: string;
  version: string;
  /** @throws InputError if the bytes are no model with input `images` and output `logits`. */
  load(model: Uint8Array<ArrayBuffer>): Promise<Session>;
}

export type RuntimeName = "native" | "wasm";

export interface Session {
  /** Logits, float32 [n, 10], of images uint8 [n, 3, 32, 32]. */
  run(images: Uint8Array<ArrayBuffer>): Promise<Float32Array<ArrayBuffer>>;
  close(): Promise<void>;
}
