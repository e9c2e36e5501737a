/**
 * Model files that are not in the project, as in the package, which holds none: each is fetched
 * when it is first read, and kept by its digest in the cache, for all projects of the user.
 */
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import * as v from "valibot";
import { sha256Hex } from "../datasets/digest.ts";
import type { Storage } from "../datasets/storage.ts";
import { CheckpointSchema } from "../evaluation/checkpoint.ts";
import { BUILT, CACHE } from "../npm/folders.ts";
import { folderStorage } from "./folder.ts";
import type { Wanted } from "./wanted-model.ts";

const MODELS = join(CACHE, "models");
const MODEL = /^models\/([^/]+)\/model\.onnx$/;

let from = process.env.RETHINK_MODELS || undefined;

/** Takes models from here from now on, whatever the environment says. */
export function fetchModelsFrom(source: string): void {
  from = source;
}

/** Files whose digests this process has seen to be right. */
const sound = new Set<string>();

async function isSound(path: string, { sha256, bytes }: Wanted): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  if (!found?.isFile() || found.size !== bytes) return false;
  if (sound.has(path)) return true;
  const file = await readFile(path).catch(() => undefined); // another user's may be closed to us
  return file !== undefined && (await sha256Hex(new Uint8Array(file))) === sha256;
}

/** The path of a model in the cache, where it is fetched to if it is not there, or is damaged. */
export async function cachedModel(wanted: Wanted): Promise<string> {
  const path = join(MODELS, `${wanted.sha256}.onnx`);
  if (!(await isSound(path, wanted)))
    await (await import("./fetch-model.ts")).fetchModel(wanted, from, path);
  sound.add(path);
  return path;
}

const PublishedModel = v.object({ model: CheckpointSchema.entries.model });

/** A project whose model files may lie elsewhere. */
export function withModels(home: Storage): Storage {
  /** What is published of the model at a path, if it is one that the project itself lacks. */
  async function absent(path: string): Promise<Wanted | undefined> {
    // A clone has its models: one that is missing there is a fault, unless a place for it is named.
    if (!BUILT && from === undefined) return undefined;
    const id = MODEL.exec(path)?.[1];
    if (id === undefined || (await home.exists(path))) return undefined;
    const about = `models/${id}/checkpoint.json`;
    if (!(await home.exists(about))) return undefined;
    const text = new TextDecoder().decode(await home.read(about));
    const parsed = v.safeParse(PublishedModel, JSON.parse(text));
    return parsed.success ? { id, ...parsed.output.model } : undefined;
  }
  return {
    async read(path, start, end) {
      const wanted = await absent(path);
      if (!wanted) return await home.read(path, start, end);
      const file = await cachedModel(wanted);
      return start === undefined || end === undefined
        ? new Uint8Array(await readFile(file))
        : await folderStorage(MODELS).read(`${wanted.sha256}.onnx`, start, end);
    },
    exists: async (path) => (await home.exists(path)) || (await absent(path)) !== undefined,
    version: async (path) => (await home.version(path)) ?? (await absent(path))?.sha256,
  };
}
