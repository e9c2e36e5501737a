/** What an evaluation asks of an ONNX runtime. */
export interface Runtime {
  name: RuntimeName;
  /** The package that runs the model, and its version. */
  package: string;
  version: string;
  /**
   * @param external reads the files that the model's tensors may lie in, if there are any
   * @throws InputError if the bytes are no model with input `images` and output `logits`, or a
   *   tensor of it lies in another file: a runtime would open that, whatever it is.
   */
  load(model: Uint8Array<ArrayBuffer>, external?: () => Promise<ExternalFile[]>): Promise<Session>;
}

/** A file beside the model, in memory. */
export interface ExternalFile {
  /** As the model's tensors name it. */
  path: string;
  data: Uint8Array<ArrayBuffer>;
}

export type RuntimeName = "native" | "wasm";

export interface Session {
  /** Bytes of an image: what `run` takes a multiple of. */
  imageBytes: number;
  /** Logits, float32 [n, 10], of images uint8 [n, channels, height, width]. */
  run(images: Uint8Array<ArrayBuffer>): Promise<Float32Array<ArrayBuffer>>;
  /** Whether it can still run, where what runs it may end. */
  alive?(): boolean;
  close(): Promise<void>;
}
