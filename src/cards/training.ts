/** What a card says of a training: with what it was computed, and how to repeat it. */
import { onlineCount } from "../claims/curve.ts";
import { viewSize } from "../datasets/view.ts";
import type { Checkpoint, ComputedWith, Stretch } from "../evaluation/checkpoint.ts";
import { percent } from "../fraction.ts";
import { markdownTable } from "./markdown.ts";
import { type Numbers, paperAccuracy } from "./published-numbers.ts";

function switchesText({ environment }: ComputedWith): string {
  const switches = Object.entries(environment).map(([name, value]) => `\`${name}=${value}\``);
  return switches.length > 0 ? switches.join(", ") : "none";
}

function librariesRow({ libraries }: ComputedWith): string[][] {
  if (!libraries) return [];
  const text = Object.entries(libraries).map(([name, version]) => `${name} ${version}`);
  return [["libraries", text.join("; ")]];
}

/** Which commit wrote the model file, where training's own did not. */
function exportedRow({ exported }: Checkpoint): string[][] {
  if (!exported) return [];
  const text = `anew from the same weights at ${exported.sourceCommit}; the file that training wrote had SHA-256 \`${exported.trainedSha256}\``;
  return [["exported", text]];
}

function normRow({ model, recipe }: Checkpoint): string[][] {
  if (model.norm === undefined) return [];
  const of = recipe.kind === "kernel" ? "as a function, √(Σ αᵀKα)" : "of the kernels of its layers";
  return [["norm", `${model.norm}, ${of}`]];
}

/** A row for each of the first stretches, where they were computed with something else. */
function rowsBefore(before: Stretch[] = []): string[][] {
  let done = 0;
  return before.map((stretch) => {
    const { backend, version, device, threads, epochs } = stretch;
    const text = `${backend}, ${version}, ${device}, ${threads} threads, switches ${switchesText(stretch)}`;
    const from = done + 1;
    done += epochs;
    return [`epochs ${from} to ${done}`, `${text}; then what follows`];
  });
}

/** The row of the last epoch, if there was training. */
function lastEpoch({ checkpoint, history }: Numbers): string[][] {
  const last = history.at(-1);
  if (!last) return [];
  const { online } = paperAccuracy(checkpoint.id);
  const met = percent(onlineCount(last.accuracy, viewSize(checkpoint.recipe.view, "train")));
  const ours = `${last.epoch}: mean training loss ${last.loss.toPrecision(4)}, online accuracy ${met} %`;
  return [["last epoch", online ? `${ours} (in the paper ${online})` : ours]];
}

/** A table of what a training was computed with, and what it wrote. */
export function trainingText(numbers: Numbers): string {
  const { trained, model } = numbers.checkpoint;
  const rows = [
    ...rowsBefore(trained.before),
    ["backend", `${trained.backend}, ${trained.version}`],
    ["device", trained.device],
    ["threads", `${trained.threads}`],
    ["switches", switchesText(trained)],
    ...librariesRow(trained),
    ["seconds", `${trained.seconds}`],
    ["date", trained.date],
    ["source commit", trained.sourceCommit],
    ...lastEpoch(numbers),
    ...exportedRow(numbers.checkpoint),
    ...normRow(numbers.checkpoint),
    ["model file", `${model.bytes} bytes, ONNX opset ${model.opset}, SHA-256 \`${model.sha256}\``],
  ];
  return markdownTable(["", ""], rows);
}

/** How to train it again, and what then is the same. */
export function againText({ checkpoint: { id, trained } }: Numbers): string {
  if (trained.backend !== "tensorflow") return "";
  if (trained.before)
    return `
\`npm run train -- ${id}\` trains it again by the same recipe, but in one piece and so to other bytes.
`;
  return `
\`npm run train -- ${id}\` repeats this at the source commit above, with these switches set in the
environment: on a processor like the one above to the same bytes; whether on a GPU, too, was not tried.
`;
}
