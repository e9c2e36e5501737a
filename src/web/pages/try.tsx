/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** An image of the reader's, or one of the test set, and what two nets make of it. */
import { datasetOf } from "../../datasets/datasets.ts";
import type { View } from "../../datasets/view.ts";
import type { Examples } from "../examples.ts";

interface Properties {
  id: string;
  view: View;
  examples: Examples | undefined;
}

function TestImage() {
  return (
    <button type="button" class="plain" id="image-test">
      Take a test image
    </button>
  );
}

export function Try({ id, view: { dataset, pixels }, examples }: Properties) {
  const nets = examples?.nets.map((net) => net.id) ?? [id];
  const run = nets.length > 1 ? "both networks run" : "the network runs";
  const own = pixels.kind === "true"; // an image of the reader's has not had its pixels changed
  if (!own && !examples) return null;
  return (
    <section id="try" data-nets={nets.join(" ")} data-dataset={dataset}>
      <h2>Show it an image</h2>
      {own ? (
        <>
          <p>
            An image of yours is cut to a square, made as small as {datasetOf(dataset).title}'s
            {dataset === "mnist" && " and grey (a digit is light on dark there)"}, and stays on this
            machine: {run} in this browser.
          </p>
          <div class="drop" id="image-drop">
            <p class="controls">
              <label for="image-file">
                Drop an image here, or choose one:{" "}
                <input type="file" id="image-file" accept="image/*" />
              </label>
              {examples && <TestImage />}
            </p>
          </div>
        </>
      ) : (
        <>
          <p>
            It has seen no image whose pixels are as they were, so that one of yours would mean
            nothing to it. On test images, changed as it has seen them, {run} in this browser.
          </p>
          <p class="controls">
            <TestImage />
          </p>
        </>
      )}
      <div id="image-result" aria-live="polite"></div>
    </section>
  );
}
