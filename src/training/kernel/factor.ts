/**
 * Cholesky's factorization of a matrix too large for one tensor, block by block: A = UᵀU with U
 * upper triangular, which is the lower factor with each block held transposed. A row of blocks needs
 * those above it alone, so that what is done can be kept and gone on from.
 */
import * as tf from "@tensorflow/tfjs";
import type { NodeJSKernelBackend } from "@tensorflow/tfjs-node-gpu/dist/nodejs_kernel_backend.js";
import { InputError } from "../../datasets/storage.ts";
import { FLOAT } from "../tensorflow/graph-def.ts";
import type { Gram } from "./gram.ts";

/** Where finished blocks are kept. */
export interface BlockStore {
  /** Undefined where it is not there, or not whole. */
  read(i: number, j: number, length: number): Promise<Float32Array<ArrayBuffer> | undefined>;
  write(i: number, j: number, values: Float32Array): Promise<void>;
}

/** The block of rows i and columns j ≥ i; on the diagonal its transpose, lower triangular. */
export type Factor = tf.Tensor2D[][];

/** Solves L x = b, or Lᵀ x = b, for a lower triangular L. */
export function solveTriangular(
  lower: tf.Tensor2D,
  b: tf.Tensor2D,
  transposed = false,
): tf.Tensor2D {
  const backend = tf.backend() as unknown as NodeJSKernelBackend;
  const { TF_ATTR_BOOL, TF_ATTR_TYPE } = backend.binding;
  const attributes = [
    { name: "T", type: TF_ATTR_TYPE, value: FLOAT },
    { name: "lower", type: TF_ATTR_BOOL, value: true },
    { name: "adjoint", type: TF_ATTR_BOOL, value: transposed },
  ];
  return backend.executeSingleOutput("MatrixTriangularSolve", attributes, [
    lower,
    b,
  ]) as tf.Tensor2D;
}

function cholesky(a: tf.Tensor2D, k: number): tf.Tensor2D {
  const backend = tf.backend() as unknown as NodeJSKernelBackend;
  const attributes = [{ name: "T", type: backend.binding.TF_ATTR_TYPE, value: FLOAT }];
  try {
    const lower = backend.executeSingleOutput("Cholesky", attributes, [a]) as tf.Tensor2D;
    const pivot = lower.dataSync().at(-1) as number; // what is no number stays so to the end
    if (pivot > 0 && Number.isFinite(pivot)) return lower;
    lower.dispose();
  } catch {
    // TensorFlow's own words name no block
  }
  throw new InputError(
    `block ${k} of the kernel matrix is not positive definite in float32; a smaller width or a penalty would make it so`,
  );
}

/** A_ij less the products of the rows above. */
function remainder(gram: Gram, factor: Factor, i: number, j: number): tf.Tensor2D {
  let rest = gram.block(i, j);
  for (let k = 0; k < i; k++) {
    const [left, right] = [factor[k]?.[i], factor[k]?.[j]] as [tf.Tensor2D, tf.Tensor2D];
    const next = tf.tidy(() => tf.sub<tf.Tensor2D>(rest, tf.matMul(left, right, true)));
    rest.dispose();
    rest = next;
  }
  return rest;
}

/** How many products of blocks a factorization takes, for progress. */
export function workOf({ bounds }: Gram): number {
  const n = bounds.length - 1;
  let work = 0;
  for (let i = 0; i < n; i++) work += (n - i) * (i + 1);
  return work;
}

/** Frees a factor's blocks, or those that there are of one. */
export function dispose(factor: Factor): void {
  for (const row of factor) for (const block of row) block?.dispose(); // below the diagonal is none
}

/**
 * Factors a matrix; in memory the factor is all that stays, and nothing where that fails.
 * @param onWork told of products of blocks as they are done
 * @throws InputError if it is not positive definite in float32.
 */
export async function factorize(
  gram: Gram,
  store: BlockStore,
  onWork: (products: number) => void = () => {},
): Promise<Factor> {
  const n = gram.bounds.length - 1;
  const rows = (k: number) => (gram.bounds[k + 1] as number) - (gram.bounds[k] as number);
  const factor: Factor = [];
  try {
    for (let i = 0; i < n; i++) {
      const row: tf.Tensor2D[] = [];
      factor.push(row);
      for (let j = i; j < n; j++) {
        const kept = await store.read(i, j, rows(i) * rows(j));
        if (kept) row[j] = tf.tensor2d(kept, [rows(i), rows(j)]);
        else {
          const rest = remainder(gram, factor, i, j);
          try {
            row[j] = i === j ? cholesky(rest, i) : solveTriangular(row[i] as tf.Tensor2D, rest);
          } finally {
            rest.dispose();
          }
          await store.write(i, j, row[j]?.dataSync() as Float32Array);
        }
        onWork(i + 1);
      }
    }
  } catch (error) {
    dispose(factor);
    throw error;
  }
  return factor;
}
