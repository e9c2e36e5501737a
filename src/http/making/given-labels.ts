/** All labels that a view gives to a split, computed a thousand at a time: others are answered between. */
import { LRUCache } from "lru-cache";
import type { Split } from "../../datasets/cifar10.ts";
import { sha256Hex } from "../../datasets/digest.ts";
import { readLabels, type View, viewSize } from "../../datasets/view.ts";
import { canonicalDigest } from "../../recipe.ts";
import type { Service } from "../service.ts";

const PART = 1000;

interface Labels {
  bytes: Uint8Array<ArrayBuffer>;
  sha256: string;
}

async function compute({ dataset }: Service, view: View, split: Split): Promise<Labels> {
  const size = viewSize(view, split);
  const bytes = new Uint8Array(size);
  for (let start = 0; start < size; start += PART) {
    const end = Math.min(size, start + PART);
    bytes.set((await readLabels(dataset, view, split, start, end)).given, start);
    await new Promise((resolve) => setTimeout(resolve));
  }
  return { bytes, sha256: await sha256Hex(bytes) };
}

export function createGivenLabels(service: Service) {
  const made = new LRUCache<string, Promise<Labels>>({ max: 20 }); // 1 MB
  return async (view: View, split: Split): Promise<Labels> => {
    const key = `${split} ${await canonicalDigest(view)}`;
    const known = made.get(key);
    if (known) return await known;
    const computing = compute(service, view, split);
    made.set(key, computing);
    computing.catch(() => made.delete(key));
    return await computing;
  };
}
