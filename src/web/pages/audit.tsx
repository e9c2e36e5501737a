/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** /audit: a claim or a checkpoint, recomputed on the reader's own machine. */
import { checkpointsOf, groupsOf } from "../../claims/claim.ts";
import { raw } from "hono/html";
import { type Frame, Layout } from "../layout.tsx";
import type { Site } from "../site.ts";
import { type Column, Table } from "./table.tsx";

function Targets({ site }: { site: Site }) {
  const published = [...site.numbers.keys()];
  const possible = site.claims.filter((claim) =>
    checkpointsOf(claim).some((id) => site.numbers.has(id)),
  );
  return (
    <select name="target" id="target">
      {groupsOf(possible).map((group) => {
        const claims = possible.filter((claim) => claim.group === group);
        return (
          claims.length > 0 && (
            <optgroup label={group}>
              {claims.map(({ id }) => (
                <option value={`claim:${id}`}>{id}</option>
              ))}
            </optgroup>
          )
        );
      })}
      <optgroup label="One network alone">
        {published.map((id) => (
          <option value={`checkpoint:${id}`}>{id}</option>
        ))}
      </optgroup>
    </select>
  );
}

function Files({ noBlocks }: Pick<Frame, "noBlocks">) {
  return (
    <fieldset>
      <legend>Files of your own</legend>
      <div class="drop" id="drop">
        <p>
          Drop them here, or choose: the folder of CIFAR-10's official <code>.bin</code> files (for
          a kernel on MNIST, of its idx files), and if you have them model, fixture and predictions.{" "}
          {noBlocks
            ? "This host does not have the dataset, which you must give; what else you do not give comes from here."
            : "What you do not give comes from this host."}
        </p>
        <p class="controls">
          <label>
            Files: <input type="file" id="files" multiple autocomplete="off" />
          </label>
          <label>
            A folder: <input type="file" id="folder" webkitdirectory="" autocomplete="off" />
          </label>
        </p>
      </div>
      <ul id="accepted" aria-live="polite"></ul>
    </fieldset>
  );
}

/** What cannot be pressed is not disabled: a keyboard's user would lose her place. */
function Controls() {
  return (
    <>
      <p>
        <button type="submit" id="start">
          Recompute
        </button>
        <button type="button" id="pause" class="plain" aria-disabled="true">
          Pause
        </button>
        <button type="button" id="stop" class="plain" aria-disabled="true">
          Stop
        </button>
      </p>
      <progress id="progress" max="1" value="0" aria-label="Progress" hidden></progress>
      <p id="stage" role="status">
        The code of this page is still to come. Where the page was opened as a file, it never does:
        serve the folder over HTTP.
      </p>
    </>
  );
}

const SHARDS: Column[] = [
  ["network"],
  ["images"],
  ["correct", "number"],
  ["published", "number"],
  ["predictions' SHA-256"],
  ["logits' SHA-256"],
  ["result"],
];

/** What audits a network in a terminal: in its archive, or without a server in the repository. */
function withoutPage(server: boolean): string {
  const audit =
    "python3 scripts/audit.py models/mlp-1x512.true/model.onnx fixtures/mlp-1x512.true.json";
  return server
    ? `curl -OJ http://localhost:8000/v1/checkpoints/mlp-1x512.true/archive.zip
unzip mlp-1x512.true.zip && cd mlp-1x512.true
${audit} ../cifar-10-batches-bin`
    : `${audit} cifar-10-batches-bin`;
}

export function AuditPage({ site, ...frame }: Frame & { site: Site }) {
  const { server } = frame;
  const published = JSON.stringify([...site.numbers.keys()]);
  return (
    <Layout
      {...frame}
      here="audit"
      title="Audit"
      about="Run the published networks in your own browser, on your own copy of the dataset, and count for yourself."
      modules={["page", "audit"]}
    >
      <h1>Audit a claim on your own machine</h1>
      <p>
        The networks run in this browser, one thread of WebAssembly on each core, eight at most.
        That runtime gives the same numbers to the last bit everywhere, so counts, predictions and
        logits are compared by their digests. The dataset is taken from your disk
        {!frame.noBlocks && ", or in blocks from this host,"} and is accepted by its SHA-256 alone;
        what you drop never leaves this machine.
      </p>
      {frame.scripts ? (
        <form id="audit" autocomplete="off">
          <p class="controls">
            <label for="target">
              What to check: <Targets site={site} />
            </label>
            <label for="amount">
              How much:{" "}
              <select id="amount" name="amount">
                <option value="1">1,000 images of each split</option>
                <option value="3">3,000 images of each split</option>
                <option value="all">all of them</option>
              </select>
            </label>
          </p>
          <Files noBlocks={frame.noBlocks} />
          <Controls />
        </form>
      ) : (
        <p>This host serves no scripts, so that nothing can be run here.</p>
      )}
      <noscript>
        <p>
          Your browser runs no scripts for this page. Python does as well, with none of our code:
        </p>
      </noscript>
      <section id="result" aria-live="polite"></section>
      <Table name="Shards as recomputed" id="shards" hidden columns={SHARDS}>
        <tbody></tbody>
      </Table>
      <h2>Without this page</h2>
      <p>
        <code>scripts/audit.py</code> in the repository, and in every network's archive where there
        is a server, shares nothing with this page and takes a folder of the official files, here{" "}
        <code>cifar-10-batches-bin</code>:
      </p>
      <pre data-curl={server ? "" : undefined}>
        <code>{withoutPage(server)}</code>
      </pre>
      {raw(`<script type="application/json" id="published">${published}</script>`)}
    </Layout>
  );
}
