/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** Verifies a claim on the server: its progress, the verdict, and the receipt to keep. */
import type { Report } from "../../verification/verify-claims.ts";
import { linksTo } from "../links.ts";
import { Verified } from "../pages/verified.tsx";
import { allow, find, save } from "./dom.ts";
import { eventsOf } from "./event-stream.ts";

const BUNDLE = "application/vnd.in-toto.bundle";

async function refuse(response: Response): Promise<never> {
  const problem = await response.json().catch(() => ({}));
  throw new Error(`${problem.title ?? `status ${response.status}`}. ${problem.detail ?? ""}`);
}

async function stream(
  address: URL,
  onShard: (text: string, part: number) => void,
): Promise<Report> {
  const response = await fetch(address, { headers: { Accept: "text/event-stream" } });
  if (!response.ok) await refuse(response);
  for await (const { name, data } of eventsOf(response)) {
    const told = JSON.parse(data);
    if (name === "shard") {
      const { done, of, checkpoint, split, start, end, recomputed, result } = told;
      onShard(
        `${checkpoint}, ${split} ${start} to ${end}: ${recomputed} correct, ${result}`,
        done / of,
      );
    }
    if (name === "verification") return told.report;
    if (name === "problem") throw new Error(`${told.title}. ${told.detail}`);
  }
  throw new Error("The server ended its answer too soon; try again.");
}

async function keepReceipt(address: URL): Promise<void> {
  const response = await fetch(address, { headers: { Accept: BUNDLE } });
  if (!response.ok) await refuse(response);
  save("receipt.intoto.jsonl", await response.text(), BUNDLE);
}

function offerReceipt(place: HTMLElement, address: URL): void {
  const button = document.createElement("button");
  button.textContent = "Keep a signed receipt";
  button.className = "receipt";
  const said = document.createElement("span");
  button.addEventListener("click", async () => {
    allow(button, false);
    said.textContent = "The server recomputes the same sample, and signs what it finds.";
    try {
      await keepReceipt(address);
      said.textContent = "Check it offline: rethink receipt verify receipt.intoto.jsonl --key PEM";
    } catch (error) {
      said.textContent = `${(error as Error).message}`;
    }
    allow(button, true);
  });
  place.append(button, said);
}

export async function verifyOnServer(checks: HTMLElement, root: string): Promise<void> {
  const place = find<HTMLElement>("#verification", checks);
  const seed = crypto.getRandomValues(new Uint32Array(1))[0];
  const id = checks.dataset.claim;
  const address = new URL(`v1/claims/${id}/verification?shards=1&seed=${seed}`, root);
  place.className = "";
  place.innerHTML = "<progress max='1' value='0' aria-label='Progress'></progress><p></p>";
  const bar = find<HTMLProgressElement>("progress", place);
  const line = find("p", place);
  line.textContent = "The server draws its shards.";
  try {
    const report = await stream(address, (text, part) => {
      line.textContent = text;
      bar.value = part;
    });
    place.innerHTML = `${<Verified report={report} links={linksTo("claims/here", document.documentElement.dataset.root)} />}`;
    if (checks.dataset.receipts !== undefined) offerReceipt(place, address);
  } catch (error) {
    place.textContent = (error as Error).message;
    place.className = "mismatch";
  }
}
