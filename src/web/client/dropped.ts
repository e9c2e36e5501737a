/** Files as a person gives them, dropped, chosen or picked with the folder that they are in. */
import type { Given } from "../audit/messages.ts";

/** None where it cannot be read. */
function fileOf(entry: FileSystemFileEntry): Promise<File | undefined> {
  return new Promise((resolve) => entry.file(resolve, () => resolve(undefined)));
}

/** A directory's entries come in parts, until a part is empty. */
async function entriesOf(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader();
  const all: FileSystemEntry[] = [];
  for (;;) {
    const part = await new Promise<FileSystemEntry[]>((resolve, reject) => {
      reader.readEntries(resolve, reject);
    });
    if (part.length === 0) return all;
    all.push(...part);
  }
}

async function filesIn(entry: FileSystemEntry): Promise<Given[]> {
  if (entry.isFile) {
    const file = await fileOf(entry as FileSystemFileEntry);
    return [{ path: entry.fullPath.slice(1), file }];
  }
  const entries = await entriesOf(entry as FileSystemDirectoryEntry);
  return (await Promise.all(entries.map(filesIn))).flat();
}

export function chosenFiles(files: Iterable<File>): Given[] {
  return [...files].map((file) => ({ path: file.webkitRelativePath || file.name, file }));
}

export async function droppedFiles({ items, files }: DataTransfer): Promise<Given[]> {
  // All of them first: items and files are gone once this has waited.
  const plain = chosenFiles(files);
  const entries = [...items].map((item) => item.webkitGetAsEntry?.()).filter((one) => one !== null);
  const known = entries.filter((one): one is FileSystemEntry => one !== undefined);
  return known.length > 0 ? (await Promise.all(known.map(filesIn))).flat() : plain;
}

/** What few browsers have, so that no library declares it yet (File System Access). */
interface Picking {
  showDirectoryPicker?: () => Promise<FileSystemDirectoryHandle>;
}

async function filesBelow(folder: FileSystemDirectoryHandle, path: string): Promise<Given[]> {
  const found: Given[] = [];
  for await (const handle of folder.values()) {
    const own = `${path}/${handle.name}`;
    if (handle.kind === "directory")
      found.push(...(await filesBelow(handle as FileSystemDirectoryHandle, own)));
    else {
      const file = await (handle as FileSystemFileHandle).getFile().catch(() => undefined);
      found.push({ path: own, file });
    }
  }
  return found;
}

/**
 * How a folder is asked for where it can be read in its place: with an input of folders browsers
 * ask whether the files may be uploaded, which they are not.
 */
export function folderPicker(): (() => Promise<Given[]>) | undefined {
  const { showDirectoryPicker: pick } = globalThis as Picking;
  if (!pick) return undefined;
  return async () => {
    const folder = await pick.call(globalThis);
    return await filesBelow(folder, folder.name);
  };
}
