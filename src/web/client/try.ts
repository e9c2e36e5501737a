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
async function bytesOf(path: string): Promise<Uint8Array<ArrayBuffer>> {
  const response = await fetch(new URL(path, root));
  if (!response.ok) throw new Error(`${path}: status ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}

async function open(evaluators: Evaluator[]): Promise<void> {
  const wasm = await bytesOf("assets/ort-wasm-simd-threaded.wasm");
  await Promise.all(
    evaluators.map(async (evaluator, k) => {
      const model = await bytesOf(`v1/checkpoints/${nets[k]}/model.onnx`);
      const about = await bytesOf(`v1/checkpoints/${nets[k]}/checkpoint.json`);
      const checkpoint = JSON.parse(new TextDecoder().decode(about));
      const sources = { root, files: new Map() };
      await evaluator.ask({ kind: "start", wasm });
      await evaluator.ask({ kind: "open", model, checkpoint, sources });
    }),
  );
}

/** A worker for each net; `failed` rejects when one of them dies. */
function begin() {
  let fail: (why: Error) => void = () => {};
  const failed = new Promise<never>((_, reject) => {
    fail = reject;
  });
  failed.catch(() => {}); // it may be that nobody asks
  const workers = nets.map(() => startEvaluator(root, (message) => fail(new Error(message))));
  const evaluators = workers.map(({ port }) => evaluatorAt(port));
  return { workers, evaluators, failed, opened: open(evaluators) };
}

let running: ReturnType<typeof begin> | undefined;

/** Each net's ten logits; a failure ends the workers, and the next image has new ones. */
async function logitsOf(images: Uint8Array<ArrayBuffer>): Promise<Float32Array[]> {
  running ??= begin();
  const { workers, evaluators, failed, opened } = running;
  async function run(): Promise<Float32Array[]> {
    await opened;
    const answers = evaluators.map((evaluator) => evaluator.ask({ kind: "run", images }));
    return (await Promise.all(answers)).map((answer) =>
      "logits" in answer ? answer.logits : new Float32Array(),
    );
  }
  try {
    return await Promise.race([failed, run()]);
  } catch (error) {
    for (const { end } of workers) end();
    if (running?.workers === workers) running = undefined;
    throw error;
  }
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

/** In percent, of which none reads as all or nothing that is not. */
function share(probability: number): string {
  if (probability >= 0.9995) return "> 99.9 %";
  return probability < 0.0005 ? "< 0.1 %" : `${(100 * probability).toFixed(1)} %`;
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
    number?.append(share(probability));
    line.append(...([name, track, number] as HTMLElement[]));
    card.append(line);
  });
  return card;
}

let latest = 0;

/** Shows what the nets make of an image, unless another was given meanwhile. */
async function show(image: Blob | Promise<Blob>): Promise<void> {
  const turn = ++latest;
  const tell = (...what: (Node | string)[]) => {
    if (turn === latest) result.replaceChildren(...what);
  };
  tell("Fetching the networks and their runtime, once …");
  try {
    const { canvas, planes } = planesOf(await createImageBitmap(await image));
    const cards = document.createElement("div");
    cards.className = "cards";
    cards.append(...(await logitsOf(planes)).map((logits, k) => bars(nets[k] ?? "", logits)));
    canvas.className = "seen";
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", "The image as the networks see it");
    tell(canvas, cards);
  } catch (error) {
    tell(`It failed: ${(error as Error).message}`);
  }
}

// Where a network sees no images as they are there is nothing to drop, and nothing to choose.
document.querySelector("#image-file")?.addEventListener("change", (event) => {
  const [file] = (event.target as HTMLInputElement).files ?? [];
  if (file) void show(file);
});

const drop = document.querySelector<HTMLElement>("#image-drop");
drop?.addEventListener("dragover", (event) => event.preventDefault());
drop?.addEventListener("drop", (event) => {
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
