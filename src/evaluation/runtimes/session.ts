/** Both packages implement onnxruntime-common's API; this is all that they share here. */
import type { InferenceSession, TensorConstructor } from "onnxruntime-common";
import { IMAGE_BYTES } from "../../datasets/cifar10.ts";
import { InputError } from "../../datasets/storage.ts";
import type { Session } from "./runtime.ts";

/** Wraps a session after checking that it maps images [N, 3, 32, 32] to logits [N, 10]. */
export function wrap(session: InferenceSession, Tensor: TensorConstructor): Session {
  const shapes = [...session.inputMetadata, ...session.outputMetadata].map((value) =>
    value.isTensor ? `${value.name} ${value.type} [${value.shape.join(", ")}]` : value.name,
  );
  const expected = ["images uint8 [N, 3, 32, 32]", "logits float32 [N, 10]"];
  if (shapes.join("; ") !== expected.join("; ")) {
    void session.release();
    throw new InputError(`the model has ${shapes.join("; ")}, not ${expected.join("; ")}`);
  }
  return {
    async run(images) {
      const tensor = new Tensor("uint8", images, [images.length / IMAGE_BYTES, 3, 32, 32]);
      const { logits } = await session.run({ images: tensor });
      return logits?.data as Float32Array<ArrayBuffer>;
    },
    close: () => session.release(),
  };
}

/** Turns a runtime's refusal of a file into one line. */
export async function orInputError<T>(loading: Promise<T>): Promise<T> {
  try {
    return await loading;
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError(`the runtime refuses the model: ${String(error).split("\n")[0]}`);
  }
}
