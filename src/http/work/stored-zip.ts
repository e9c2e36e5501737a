/** Files in a ZIP as they are, so that each lies there in one piece. */
import { type Zippable, zipSync } from "fflate";

/** What comes before a file's bytes (APPNOTE 4.3.7) is so long, and its name. */
const LOCAL_HEADER = 30;

/** Where a file's bytes lie. */
export interface Place {
  path: string;
  start: number;
  size: number;
}

/** The files below a folder, in the order of their paths. */
export function storedZip(folder: string, files: Record<string, { bytes: Uint8Array }>) {
  const mtime = new Date(1980, 0, 1); // ZIP has local time: this is the same bytes in every zone
  const entries: Zippable = {};
  const places: Place[] = [];
  let at = 0;
  for (const [path, { bytes }] of Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1))) {
    const name = `${folder}/${path}`;
    entries[name] = bytes;
    const start = at + LOCAL_HEADER + new TextEncoder().encode(name).length;
    places.push({ path, start, size: bytes.length });
    at = start + bytes.length;
  }
  return { bytes: zipSync(entries, { level: 0, mtime }) as Uint8Array<ArrayBuffer>, places };
}
