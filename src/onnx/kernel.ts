/** A kernel machine as a model file; the training images that it compares with lie in the dataset's own file. */
import { DATASETS, type DatasetName } from "../datasets/datasets.ts";
import { DataType, Graph, type Value } from "./graph.ts";

/** Images a block of the graph: its intermediates stay small. */
const ROWS = { cifar10: 2_500, mnist: 6_000 } satisfies Record<DatasetName, number>;

/** Logits are multiples of 1 / STEPS: coarse beside float64's error, fine beside labels of 0 and 1. */
const STEPS = 2 ** 16;

interface Machine {
  dataset: DatasetName;
  gamma: number;
  /** Training images, uint8 [n, d]: those of the official files, in their order, whole blocks of them. */
  images: Uint8Array;
  /** [n, 10], row by row. */
  alpha: Float32Array;
}

/** Of each row, the sum of its squares. */
function squaresOf(images: Uint8Array, d: number): Int32Array {
  const squares = new Int32Array(images.length / d);
  for (let i = 0; i < squares.length; i++) {
    let sum = 0;
    for (let k = i * d; k < (i + 1) * d; k++) sum += (images[k] as number) ** 2;
    squares[i] = sum;
  }
  return squares;
}

/**
 * The model file of logits(t) = Σ_i exp(−gamma · ‖x_i − t‖² / 255²) · α_i. Distances are exact
 * integers. The sum is float64's, rounded: coefficients that fit random labels all but cancel, so
 * that in float32 two runtimes' logits differ by 6e-3; rounded, they do not even show in which
 * order a runtime sums, which differs with the size of the batch.
 * @throws RangeError unless the images are whole blocks
 */
export function exportKernel(
  { dataset, gamma, images, alpha }: Machine,
  metadata: Record<string, string>,
): Uint8Array<ArrayBuffer> {
  const { image, imageBytes: d, trainingImages } = DATASETS[dataset];
  const n = images.length / d;
  const rows = Math.min(ROWS[dataset], n);
  if (n % rows !== 0) throw new RangeError(`${n} images are not whole blocks of ${rows}`);
  const squares = squaresOf(images, d);
  const g = new Graph();
  const one = g.tensor("axis", [1], BigInt64Array.of(1n));
  const two = g.tensor("two", [], Int32Array.of(2));
  const scale = g.tensor("scale", [], Float64Array.of(-gamma / (255 * 255)));
  const flat = g.op("Reshape", ["images", g.tensor("flat", [2], BigInt64Array.of(-1n, BigInt(d)))]);
  const t = g.op("Transpose", [flat], { perm: [1, 0] });
  const whole = g.op("Cast", [flat], { to: DataType.INT32 });
  const norms = g.op("ReduceSum", [g.op("Mul", [whole, whole]), one], { keepdims: 0 });

  const double = (value: Value) => g.op("Cast", [value], { to: DataType.DOUBLE });

  /** The block's training images, uint8 [rows, d]. */
  function imagesOf(block: number, start: number): Value {
    let before = 0;
    const found = trainingImages.find(({ file }) => {
      if (start < before + file.records) return true;
      before += file.records;
      return false;
    });
    if (!found) throw new RangeError(`${dataset} has no training image ${start}`);
    const { file, skip } = found;
    const name = file.path.slice(file.path.lastIndexOf("/") + 1);
    const offset = file.headerBytes + (start - before) * file.recordBytes;
    const records = g.externalBytes(`${block}/images`, [rows, file.recordBytes], name, offset);
    if (skip === 0) return records;
    const [from, to] = [skip, file.recordBytes].map((at, k) =>
      g.tensor(`${block}/${k === 0 ? "from" : "to"}`, [1], BigInt64Array.of(BigInt(at))),
    );
    return g.op("Slice", [records, from as Value, to as Value, one]);
  }

  const parts: Value[] = [];
  for (let start = 0, block = 0; start < n; start += rows, block++) {
    const dot = g.op("MatMulInteger", [imagesOf(block, start), t]); // [rows, N]
    const own = g.tensor(`${block}/squares`, [rows, 1], squares.slice(start, start + rows));
    const distances = g.op("Sub", [g.op("Add", [own, norms]), g.op("Mul", [dot, two])]);
    const turned = g.op("Transpose", [distances], { perm: [1, 0] });
    const kernel = g.op("Exp", [g.op("Mul", [double(turned), scale])]);
    const weights = alpha.slice(start * 10, (start + rows) * 10);
    parts.push(g.op("MatMul", [kernel, double(g.tensor(`${block}/alpha`, [rows, 10], weights))]));
  }
  const steps = g.tensor("steps", [], Float64Array.of(STEPS));
  const rounded = g.op("Div", [g.op("Round", [g.op("Mul", [g.op("Sum", parts), steps])]), steps]);
  g.op("Cast", [rounded], { to: DataType.FLOAT }, "logits");
  return g.model("kernel", [...image], metadata);
}
