/** The official dataset files in which a checkpoint's format lets its model's tensors lie. */
import { datasetOf } from "../datasets/datasets.ts";
import type { RecordFile } from "../datasets/records.ts";
import { fileBytes } from "../datasets/records.ts";
import { sha256Hex } from "../datasets/digest.ts";
import { MachineFault, type Storage } from "../datasets/storage.ts";
import { externalLocations } from "../onnx/external.ts";
import type { AnyRecipe } from "../recipe.ts";
import type { Checkpoint } from "./checkpoint.ts";
import { loadGiven } from "./given.ts";
import type { ExternalFile, Runtime, Session } from "./runtimes/runtime.ts";

/** What a recipe of each kind leaves outside of the model file; of what was made elsewhere, nothing. */
function allowed({ kind, view }: AnyRecipe): RecordFile[] {
  switch (kind) {
    case "kernel":
      return datasetOf(view.dataset).trainingImages.map(({ file }) => file);
    case "training":
    case "construction":
    case "given":
      return [];
    default:
      throw kind satisfies never;
  }
}

function nameOf({ path }: RecordFile): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

async function readOfficial(dataset: Storage, file: RecordFile): Promise<ExternalFile> {
  const data = await dataset.read(file.path, 0, fileBytes(file));
  if ((await sha256Hex(data)) !== file.sha256) {
    throw new MachineFault(`${file.path} is not the official file; put that in its place`);
  }
  return { path: nameOf(file), data };
}

/**
 * The files that a model names, checked against their digests.
 * @throws InputError where one that it names cannot be read, MachineFault where it is not the official one.
 */
export async function readExternal(
  dataset: Storage,
  model: Uint8Array,
  files: RecordFile[],
): Promise<ExternalFile[]> {
  const wanted = externalLocations(model);
  const known = files.filter((file) => wanted.includes(nameOf(file)));
  return await Promise.all(known.map((file) => readOfficial(dataset, file)));
}

/** A session of a checkpoint's model, with what lies in the dataset's own files. */
export async function loadModel(
  runtime: Runtime,
  dataset: Storage,
  { recipe, preprocessing }: Pick<Checkpoint, "recipe" | "preprocessing">,
  model: Uint8Array<ArrayBuffer>,
): Promise<Session> {
  if (recipe.kind === "given") return await loadGiven(runtime, model, preprocessing);
  return await runtime.load(model, () => readExternal(dataset, model, allowed(recipe)));
}
