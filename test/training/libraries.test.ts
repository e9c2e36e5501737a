/** What computes on a GPU is read from the process's own map. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { librariesIn } from "../../src/training/libraries.ts";

const MAPS = `7f1c00000000-7f1c00021000 rw-p 00000000 00:00 0
7f1c10000000-7f1c10400000 r-xp 00000000 fe:00 11 /opt/cuda/libcublas.so.12
7f1c10400000-7f1c10500000 r--p 00400000 fe:00 11 /opt/cuda/libcublas.so.12
7f1c20000000-7f1c20400000 r-xp 00000000 fe:00 12 /opt/cuda/libcudnn.so.9
7f1c30000000-7f1c30400000 r-xp 00000000 fe:00 13 /usr/lib/libcudnn_graph.so.9
`;

test("each library once, with the version of the file that its name leads to", () => {
  const files: Record<string, string> = {
    "/opt/cuda/libcublas.so.12": "/opt/cuda/libcublas.so.12.9.1.4",
    "/opt/cuda/libcudnn.so.9": "/opt/cuda/libcudnn.so.9",
  };
  const found = librariesIn(MAPS, (path) => files[path] as string);
  assert.equal(found, { cublas: "12.9.1.4", cudnn: "9" });
});

test.run();
