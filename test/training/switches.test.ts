/** The switches that decide what TensorFlow computes. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { switchesOf } from "../../src/training/backend.ts";

test("each has a value, which the environment may set", () => {
  const { ONEDNN_MAX_CPU_ISA, TF_NUM_INTRAOP_THREADS } = switchesOf({
    TF_NUM_INTRAOP_THREADS: "4",
  });
  assert.equal([ONEDNN_MAX_CPU_ISA, TF_NUM_INTRAOP_THREADS], ["AVX2", "4"]);
});

test("what TensorFlow would misread, and what no checkpoint would name, is refused", () => {
  assert.throws(() => switchesOf({ TF_ENABLE_ONEDNN_OPTS: "yes" }), /=yes is not understood/);
  assert.throws(
    () => switchesOf({ TF_XLA_FLAGS: "--tf_xla_auto_jit=2" }),
    /^TF_XLA_FLAGS is set, .* unset it$/,
  );
});

test.run();
