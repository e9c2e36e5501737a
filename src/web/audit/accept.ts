/** Files that a person gives, each taken for what its bytes are; a dataset's by its SHA-256 alone. */
import { sha256Hex } from "../../datasets/digest.ts";
import { fileBytes } from "../../datasets/records.ts";
import { RECIPES } from "../../recipes.ts";
import { DATASET_FILES } from "./addresses.ts";
import type { Accepted, Given } from "./messages.ts";

const decoder = new TextDecoder();
const UNREADABLE = "it cannot be read";
const PACKED = "it is packed: unpack it first";
const NOTHING =
  "it is neither a dataset's official file nor called as a published one is when it is saved: ID.onnx, ID.checkpoint.json, ID.history.json, ID.json, ID.train.bin or ID.test.bin, with the network's ID";

const OWN =
  /(?:^|\/)(models\/[^/]+\/(?:model\.onnx|checkpoint\.json|history\.json)|fixtures\/(?:[^/]+\.json|predictions\/[^/]+\.bin))$/;

/** The path below models/ or fixtures/, where the file was given with its folders. */
function ownPath(path: string): string | undefined {
  return OWN.exec(path)?.[1];
}

/** A file's name without the number that a browser adds to another of that name: "a (1).bin", "a(1).bin". */
function nameOf({ name }: File): string {
  return name.replace(/ ?\(\d+\)(?=\.|$)/, "");
}

/** Ids of checkpoints that a file name begins with, the longest first. */
function idIn(name: string): string | undefined {
  return Object.keys(RECIPES)
    .filter((id) => name.startsWith(`${id}.`))
    .sort((a, b) => b.length - a.length)[0];
}

/** Of a JSON file by what it says of itself. */
function pathOfJson(name: string, bytes: Uint8Array): string | undefined {
  const data = JSON.parse(decoder.decode(bytes));
  if (typeof data?.checkpoint === "string" && data.splits)
    return `fixtures/${data.checkpoint}.json`;
  if (typeof data?.id === "string" && data.recipe) return `models/${data.id}/checkpoint.json`;
  const id = idIn(name);
  return Array.isArray(data) && id ? `models/${id}/history.json` : undefined;
}

/** Of a file by its name, as downloads and the repository have it. */
function pathOfName(name: string, bytes: Uint8Array): string | undefined {
  const id = idIn(name);
  if (id && name === `${id}.onnx`) return `models/${id}/model.onnx`;
  const split = /\.(train|test)\.bin$/.exec(name)?.[1];
  if (id && split) return `fixtures/predictions/${id}.${split}.bin`;
  if (name.endsWith(".json")) return pathOfJson(name, bytes);
  return undefined;
}

/** More than any dataset's file and any model has; what is larger is not read. */
const MOST = 100e6;

async function acceptedOf({ path: name, file }: Given): Promise<Accepted> {
  if (!file) return { name, bytes: 0, refused: UNREADABLE };
  const told = { name, bytes: file.size };
  if (/\.(t?gz|tar|zip)$/.test(name)) return { ...told, refused: PACKED };
  if (file.size > MOST) return { ...told, refused: NOTHING };
  const buffer = await file.arrayBuffer().catch(() => undefined); // gone from the disk, or changed
  if (!buffer) return { ...told, refused: UNREADABLE };
  const bytes = new Uint8Array(buffer);
  const about = { ...told, sha256: await sha256Hex(bytes) };
  const official = DATASET_FILES.find(({ sha256 }) => sha256 === about.sha256);
  if (official) return { ...about, path: official.path };
  const saved = nameOf(file);
  const like = DATASET_FILES.find(({ path }) => path.endsWith(`/${saved}`));
  if (like) {
    const size =
      fileBytes(like) === bytes.length ? "" : `, and ${bytes.length} bytes, not ${fileBytes(like)}`;
    return {
      ...about,
      insteadOf: like.path,
      refused: `it is not ${like.dataset}'s official file: its SHA-256 is ${about.sha256}, not ${like.sha256}${size}`,
    };
  }
  try {
    const path = ownPath(name) ?? pathOfName(saved, bytes);
    return path ? { ...about, path } : { ...about, refused: NOTHING };
  } catch {
    return { ...about, refused: "it is not JSON" };
  }
}

/**
 * One after the other, so that no two large files are in memory at once. A wrong file is not in the
 * list where the official one was given, too.
 */
export async function accept(
  files: Given[],
): Promise<{ list: Accepted[]; taken: Map<string, File> }> {
  const all: Accepted[] = [];
  const taken = new Map<string, File>();
  for (const given of files) {
    const accepted = await acceptedOf(given);
    all.push(accepted);
    if (accepted.path && given.file) taken.set(accepted.path, given.file);
  }
  const list = all.filter(({ insteadOf }) => insteadOf === undefined || !taken.has(insteadOf));
  return { list, taken };
}

/** A file among those given that is called as one of these datasets' and is not that. */
export function wrongAmong(list: Accepted[], datasets: string[]): Accepted | undefined {
  return list.find(({ insteadOf }) => datasets.some((name) => insteadOf?.startsWith(`${name}/`)));
}
