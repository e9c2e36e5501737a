/** Files in a ZIP as they are, so that each lies there in one piece. */
import { zipSync } from "fflate";

/** What comes before a file's bytes (APPNOTE 4.3.7) is so long, and its name. */
const LOCAL_HEADER = 30;
/** Where a file's entry in the directory (4.3.12) says where that is. */
const ENTRY_OFFSET = 42;
/** The end of the directory (4.3.16): how long it is, and where it says how many entries, their size and where they are. */
const END = { size: 22, here: 8, all: 10, bytes: 12, start: 16 };

/** Where a file's bytes lie. */
export interface Place {
  path: string;
  start: number;
  size: number;
}

/** What a ZIP has of one file alone: what comes before its bytes, and its entry in the directory. */
function partsOf(name: string, bytes: Uint8Array) {
  const mtime = new Date(1980, 0, 1); // ZIP has local time: this is the same bytes in every zone
  const alone = zipSync({ [name]: bytes }, { level: 0, mtime });
  const header = LOCAL_HEADER + new TextEncoder().encode(name).length;
  return {
    local: alone.slice(0, header),
    entry: alone.slice(header + bytes.length, -END.size),
    end: alone.slice(-END.size),
  };
}

function viewOf({ buffer, byteOffset }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset);
}

function joined(pieces: Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}

/**
 * The files below a folder, in the order of their paths: the same bytes as fflate gives for all of
 * them, one at a time, so that others are answered between.
 */
export async function storedZip(folder: string, files: Record<string, { bytes: Uint8Array }>) {
  const sorted = Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1));
  const places: Place[] = [];
  const pieces: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let end = new Uint8Array(END.size);
  let at = 0;
  for (const [path, { bytes }] of sorted) {
    const { local, entry, end: last } = partsOf(`${folder}/${path}`, bytes);
    viewOf(entry).setUint32(ENTRY_OFFSET, at, true);
    pieces.push(local, bytes);
    directory.push(entry);
    places.push({ path, start: at + local.length, size: bytes.length });
    at += local.length + bytes.length;
    end = last;
    await new Promise((resolve) => setTimeout(resolve));
  }
  const view = viewOf(end);
  view.setUint16(END.here, sorted.length, true);
  view.setUint16(END.all, sorted.length, true);
  view.setUint32(
    END.bytes,
    directory.reduce((sum, { length }) => sum + length, 0),
    true,
  );
  view.setUint32(END.start, at, true);
  const bytes = joined([...pieces, ...directory, end]);
  return { bytes, places };
}
