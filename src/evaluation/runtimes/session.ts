/** Both packages implement onnxruntime-common's API; this is all that they share here. */
import type { InferenceSession, TensorConstructor } from "onnxruntime-common";
import { DATASETS } from "../../datasets/datasets.ts";
import { InputError } from "../../datasets/storage.ts";
import { externalLocations } from "../../onnx/external.ts";
import type { ExternalFile, Session } from "./runtime.ts";

/** Wraps a session after checking that it maps a dataset's images [N, channels, height, width] to logits [N, 10]. */
export function wrap(session: InferenceSession, Tensor: TensorConstructor): Session {
  const shapes = [...session.inputMetadata, ...session.outputMetadata].map((value) =>
    value.isTensor ? `${value.name} ${value.type} [${value.shape.join(", ")}]` : value.name,
  );
  const named = (image: readonly number[]) =>
    `images uint8 [N, ${image.join(", ")}]; logits float32 [N, 10]`;
  const all = Object.values(DATASETS);
  const dataset = all.find(({ image }) => named(image) === shapes.join("; "));
  if (!dataset) {
    void session.release();
    throw new InputError(
      `the model is not one of ${all.map(({ image }) => named(image)).join(" or ")}`,
      {
        cause: `it has ${shapes.join("; ")}`,
      },
    );
  }
  const { image, imageBytes } = dataset;
  return {
    imageBytes,
    async run(images) {
      const tensor = new Tensor("uint8", images, [images.length / imageBytes, ...image]);
      const { logits } = await session.run({ images: tensor });
      return logits?.data as Float32Array<ArrayBuffer>;
    },
    close: () => session.release(),
  };
}

/**
 * What a runtime may open beside the model.
 * @throws InputError unless every tensor of the model lies in it or in one of the files.
 */
export async function checkedExternal(
  model: Uint8Array,
  external: (() => Promise<ExternalFile[]>) | undefined,
): Promise<ExternalFile[]> {
  const locations = externalLocations(model);
  if (locations.length === 0) return [];
  const files = (await external?.()) ?? [];
  const other = locations.find((location) => !files.some(({ path }) => path === location));
  if (other === undefined) return files;
  throw new InputError("the model has a tensor in a file that it may not read", {
    cause: `the tensor lies in ${other}`,
  });
}

/** Turns a runtime's refusal of a file into one line; its own words are for who runs it alone. */
export async function orInputError<T>(loading: Promise<T>): Promise<T> {
  try {
    return await loading;
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError("the runtime refuses the model", {
      cause: String(error).split("\n")[0],
    });
  }
}
