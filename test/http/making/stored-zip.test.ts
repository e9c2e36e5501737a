/** The ZIP that is put together of single files is the one that fflate makes of all. */
import { zipSync } from "fflate";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { storedZip } from "../../../src/http/making/stored-zip.ts";

test("the bytes are fflate's, and each file lies in its place", async () => {
  const files = {
    "README.md": { bytes: new TextEncoder().encode("read") },
    "models/a/model.onnx": { bytes: Uint8Array.from({ length: 70_000 }, (_, i) => i * 7) },
    "models/é.bin": { bytes: new Uint8Array(0) },
  };
  const { bytes, places } = await storedZip("of", files);
  const all = Object.entries(files).map(([path, file]) => [`of/${path}`, file.bytes] as const);
  const mtime = new Date(1980, 0, 1);
  assert.equal(bytes, zipSync(Object.fromEntries(all), { level: 0, mtime }));
  for (const { path, start, size } of places) {
    const file = files[path as keyof typeof files];
    assert.equal(bytes.slice(start, start + size), file.bytes);
  }
});

test.run();
