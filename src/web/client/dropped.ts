/** Files out of what was dropped, those in folders included. */

function fileOf(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((resolve, reject) => entry.file(resolve, reject));
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

async function filesIn(entry: FileSystemEntry): Promise<File[]> {
  if (entry.isFile) return [await fileOf(entry as FileSystemFileEntry)];
  const entries = await entriesOf(entry as FileSystemDirectoryEntry);
  return (await Promise.all(entries.map(filesIn))).flat();
}

export async function droppedFiles({ items, files }: DataTransfer): Promise<File[]> {
  // All entries first: the items are gone once this has waited.
  const entries = [...items].map((item) => item.webkitGetAsEntry?.()).filter((one) => one !== null);
  const known = entries.filter((one): one is FileSystemEntry => one !== undefined);
  return known.length > 0 ? (await Promise.all(known.map(filesIn))).flat() : [...files];
}
