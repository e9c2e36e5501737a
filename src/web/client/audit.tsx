/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** The auditor's page: what was chosen goes to a worker, and what it tells is shown. */
import type { Accepted, Audit, Choice, FromAuditor, Given, ToAuditor } from "../audit/messages.ts";
import { coreCount, type Started, startEvaluator } from "../audit/evaluators.ts";
import { linksTo } from "../links.ts";
import { Audited } from "../pages/audited.tsx";
import { allow, find, rootAddress, save } from "./dom.ts";
import { chosenFiles, droppedFiles, folderPicker } from "./dropped.ts";
import { createProgress } from "./progress.ts";
import { showShard } from "./shards.ts";

const root = rootAddress();
const progress = createProgress();
const files = new Map<string, Given>();
const published: string[] = JSON.parse(find("#published").textContent ?? "[]");
const form = find<HTMLFormElement>("#audit");
const button = (id: string) => find<HTMLButtonElement>(`#${id}`);
const accepted = find("#accepted");
const result = find<HTMLElement>("#result");

let auditor: Worker | undefined;
let evaluators: Started[] = [];
/** Draws the shards; an audit that goes on after a stop draws the same ones. */
let seed = 0;
let stopped = false;

function startAuditor(): Worker {
  const worker = new Worker(new URL("assets/auditor.js", root), { type: "module" });
  worker.onmessage = ({ data }: MessageEvent<FromAuditor>) => show(data);
  worker.onerror = (event) => {
    if (files.size > 0) accepted.textContent = `Recompute reads the ${files.size} files once more.`;
    fail(event.message || "the auditor did not start");
  };
  return worker;
}

function ask(message: ToAuditor, ports: MessagePort[] = []): void {
  auditor ??= startAuditor();
  auditor.postMessage(message, ports);
}

/** A worker failed: no other is of use then, and what is asked next is asked of a new one. */
function fail(message: string): void {
  auditor?.terminate();
  auditor = undefined;
  show({ kind: "failed", mismatch: false, message });
}

function goesOn(yes: boolean): void {
  stopped = yes;
  button("start").textContent = yes ? "Go on" : "Recompute";
}

/** Workers for an audit: of each network's two splits so many shards run at once, at most. */
function startEvaluators(amount: string): MessagePort[] {
  const count = amount === "all" ? coreCount() : Math.min(coreCount(), 2 * Number(amount));
  evaluators = Array.from({ length: count }, () => startEvaluator(root, fail));
  return evaluators.map(({ port }) => port);
}

function endEvaluators(): void {
  for (const { end } of evaluators) end();
  evaluators = [];
}

function running(yes: boolean): void {
  allow(button("start"), !yes);
  allow(button("pause"), yes);
  allow(button("stop"), yes);
  button("pause").textContent = "Pause";
  if (!yes) endEvaluators();
}

/** What a person gives; where she takes it back nothing changes. */
async function take(given: Promise<Given[]>): Promise<void> {
  try {
    for (const one of await given) files.set(one.path, one);
  } catch (error) {
    const { name, message } = error as Error;
    if (name !== "AbortError") accepted.textContent = `What was given cannot be read: ${message}`;
    return;
  }
  accepted.textContent = `Reading ${files.size} files …`;
  ask({ kind: "accept", root, files: [...files.values()] });
}

function showAccepted(list: Accepted[]): void {
  const lines = list.map(({ name, path, insteadOf, refused }) => {
    const line = document.createElement("li");
    line.className = path ? "match" : insteadOf ? "mismatch" : "dim";
    line.textContent = path ? `${name}: taken as ${path}` : `${name}: ${refused}`;
    return line;
  });
  accepted.replaceChildren(...lines);
}

function showAudit(audit: Audit): void {
  const links = linksTo("audit", document.documentElement.dataset.root);
  result.innerHTML = `${<Audited audit={audit} links={links} />}`;
  const keep = document.createElement("button");
  keep.textContent = "Keep this report";
  keep.id = "keep";
  keep.addEventListener("click", () => {
    const { href: page } = location;
    const told = { ...audit, page, browser: navigator.userAgent, date: new Date().toISOString() };
    save("audit.json", `${JSON.stringify(told, null, 1)}\n`, "application/json");
  });
  result.append(keep);
}

function show(message: FromAuditor): void {
  switch (message.kind) {
    case "accepted":
      showAccepted(message.files);
      break;
    case "planned":
      progress.plan(message.shards, message.workers);
      break;
    case "stage":
      progress.say(message.text);
      break;
    case "shard":
      progress.count();
      showShard(message);
      break;
    case "done":
      running(false);
      progress.end("");
      showAudit(message.audit);
      break;
    case "stopped":
      running(false);
      goesOn(true);
      progress.end("Stopped. What was computed is kept while this page is open.");
      break;
    case "failed":
      running(false);
      progress.end("");
      result.innerHTML = "<p class='mismatch'></p>";
      find("p", result).textContent =
        `${message.mismatch ? "Mismatch" : "It could not be checked"}: ${message.message}`;
      break;
    default:
      throw message satisfies never;
  }
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const [kind, ...rest] = target.value.split(":");
  const amount = find<HTMLSelectElement>("#amount").value;
  if (!stopped) seed = crypto.getRandomValues(new Uint32Array(1))[0] as number;
  goesOn(false);
  result.replaceChildren();
  find("#shards tbody").replaceChildren();
  running(true);
  progress.begin();
  const choice: Choice = {
    kind: kind === "claim" ? "claim" : "checkpoint",
    id: rest.join(":"),
    shards: amount === "all" ? "all" : Number(amount),
    seed,
    root,
    published,
    files: [...files.values()],
  };
  const ports = startEvaluators(amount);
  ask({ kind: "start", choice, ports }, ports);
});

button("pause").addEventListener("click", () => {
  const held = button("pause").textContent === "Pause";
  ask({ kind: held ? "pause" : "go-on" });
  button("pause").textContent = held ? "Go on" : "Pause";
  progress.hold(held);
});
button("stop").addEventListener("click", () => ask({ kind: "stop" }));

for (const id of ["files", "folder"]) {
  const input = find<HTMLInputElement>(`#${id}`);
  input.addEventListener("change", () => take(Promise.resolve(chosenFiles(input.files ?? []))));
}
const pickFolder = folderPicker();
if (pickFolder) {
  find<HTMLInputElement>("#folder").addEventListener("click", async (event) => {
    event.preventDefault();
    await take(pickFolder());
  });
}
const drop = find<HTMLElement>("#drop");
drop.addEventListener("dragover", (event) => {
  event.preventDefault();
  drop.classList.add("over");
});
drop.addEventListener("dragleave", () => drop.classList.remove("over"));
drop.addEventListener("drop", async (event) => {
  event.preventDefault();
  drop.classList.remove("over");
  if (event.dataTransfer) await take(droppedFiles(event.dataTransfer));
});

const target = find<HTMLSelectElement>("#target");
target.addEventListener("change", () => goesOn(false));
const wanted = new URLSearchParams(location.search);
for (const kind of ["claim", "checkpoint"]) {
  const id = wanted.get(kind);
  if (!id) continue;
  target.value = `${kind}:${id}`;
  if (target.selectedIndex >= 0) continue;
  target.selectedIndex = 0;
  progress.end(`Nothing that bears on ${id} is published here.`);
}
