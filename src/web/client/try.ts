/** Runs one image through a net and its twin, in a worker each, once there is an image. */
import { type Evaluator, evaluatorAt, startEvaluator } from "../audit/evaluators.ts";
import { type DatasetName, datasetOf } from "../../datasets/datasets.ts";
import { CLASSES, SHOWN } from "../examples.ts";
import { find, rootAddress } from "./dom.ts";

const root = rootAddress();
const part = find<HTMLElement>("#try");
const result = find<HTMLElement>("#image-result");
const nets = (part.dataset.nets ?? "").split(" ");
const dataset = part.dataset.dataset as DatasetName;
const [channels, SIZE] = datasetOf(dataset).image;
let opened: Promise<Evaluator[]> | undefined;

async function bytesOf(path: string): Promise<Uint8Array<ArrayBuffer>> {
  const response = await fetch(new URL(path, root));
  if (!response.ok) throw new Error(`${path}: status ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}

function tell(failure: string): void {
  opened = undefined;
  result.textContent = `It failed: ${failure}`;
}

async function open(): Promise<Evaluator[]> {
  const wasm = await bytesOf("assets/ort-wasm-simd-threaded.wasm");
  return await Promise.all(
    nets.map(async (id) => {
      const model = await bytesOf(`v1/checkpoints/${id}/model.onnx`);
      const about = await bytesOf(`v1/checkpoints/${id}/checkpoint.json`);
      const checkpoint = JSON.parse(new TextDecoder().decode(about));
      const { port } = startEvaluator(root, tell);
      const evaluator = evaluatorAt(port);
      const sources = { root, files: new Map() };
      await evaluator.ask({ kind: "start", wasm });
      await evaluator.ask({ kind: "open", model, checkpoint, sources });
      return evaluator;
    }),
  );
}

/** Of a pixel's red, green and blue, what its brightness is (ITU-R BT.601). */
const GREY = [0.299, 0.587, 0.114];

/** The middle square of an image as the dataset's planes, R, G, B or one of grey, and as a canvas to show. */
function planesOf(image: ImageBitmap) {
  const canvas = document.createElement("canvas");
  canvas.width = SIZE;
  canvas.height = SIZE;
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (!context) throw new Error("this browser draws no images");
  const side = Math.min(image.width, image.height);
  const [x, y] = [(image.width - side) / 2, (image.height - side) / 2];
  context.imageSmoothingQuality = "high";
  context.drawImage(image, x, y, side, side, 0, 0, SIZE, SIZE);
  const { data } = context.getImageData(0, 0, SIZE, SIZE);
  const planes = new Uint8Array(channels * SIZE * SIZE);
  for (let k = 0; k < planes.length; k++) {
    const [channel, at] = [Math.floor(k / (SIZE * SIZE)), k % (SIZE * SIZE)];
    const colours = data.subarray(4 * at, 4 * at + 3);
    planes[k] =
      channels === 1
        ? Math.round(GREY.reduce((sum, part, c) => sum + part * (colours[c] as number), 0))
        : (colours[channel] as number);
  }
  return { canvas, planes };
}

function softmax(logits: Float32Array): number[] {
  const largest = Math.max(...logits);
  const powers = [...logits].map((logit) => Math.exp(logit - largest));
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map((power) => power / sum);
}

function bars(id: string, logits: Float32Array): HTMLElement {
  const card = document.createElement("div");
  const head = document.createElement("h3");
  head.textContent = id;
  card.append(head);
  softmax(logits).forEach((probability, label) => {
    const line = document.createElement("div");
    line.className = "bar";
    const [name, track, number] = ["span", "span", "span"].map((tag) =>
      document.createElement(tag),
    );
    const bar = document.createElement("i");
    bar.style.width = `${100 * probability}%`;
    name?.append(CLASSES[dataset][label] ?? `${label}`);
    track?.append(bar);
    number?.append(`${(100 * probability).toFixed(1)} %`);
    line.append(...([name, track, number] as HTMLElement[]));
    card.append(line);
  });
  return card;
}

async function show(image: Blob | Promise<Blob>): Promise<void> {
  result.textContent = "Fetching the networks and their runtime, once …";
  try {
    const { canvas, planes } = planesOf(await createImageBitmap(await image));
    opened ??= open();
    const evaluators = await opened;
    const cards = document.createElement("div");
    cards.className = "cards";
    for (const [k, evaluator] of evaluators.entries()) {
      const answer = await evaluator.ask({ kind: "run", images: planes });
      if ("logits" in answer) cards.append(bars(nets[k] ?? "", answer.logits));
    }
    canvas.className = "seen";
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", "The image as the networks see it");
    result.replaceChildren(canvas, cards);
  } catch (error) {
    tell((error as Error).message);
  }
}

find<HTMLInputElement>("#image-file").addEventListener("change", (event) => {
  const [file] = (event.target as HTMLInputElement).files ?? [];
  if (file) void show(file);
});

const drop = find<HTMLElement>("#image-drop");
drop.addEventListener("dragover", (event) => event.preventDefault());
drop.addEventListener("drop", (event) => {
  event.preventDefault();
  const file = event.dataTransfer?.files[0];
  if (file) void show(file);
});

async function png(path: string): Promise<Blob> {
  return new Blob([await bytesOf(path)], { type: "image/png" });
}

let next = 0;
document.querySelector("#image-test")?.addEventListener("click", () => {
  void show(png(`checkpoints/${nets[0]}/images/test/${next++ % SHOWN}.png`));
});
