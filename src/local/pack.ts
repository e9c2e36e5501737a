/** The pack that --pack or RETHINK_PACK names, or the paper's. */
import { stat } from "node:fs/promises";
import { InputError } from "../datasets/storage.ts";
import { type Pack, readPack } from "../verification/pack.ts";
import { folderStorage } from "./folder.ts";
import { project } from "./project.ts";

/** @throws InputError where the folder is none, or is no pack. */
export async function openPack(folder = process.env.RETHINK_PACK): Promise<Pack> {
  if (!folder) return project;
  const found = await stat(folder).catch(() => undefined);
  if (!found?.isDirectory()) throw new InputError(`${folder} is no folder; a pack is one`);
  return await readPack(folderStorage(folder, `it belongs to the pack ${folder}`));
}
