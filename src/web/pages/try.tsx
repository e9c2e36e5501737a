/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** An image of the reader's, or one of the test set, and what two nets make of it. */
import { type DatasetName, datasetOf } from "../../datasets/datasets.ts";
import type { Examples } from "../examples.ts";

interface Properties {
  id: string;
  dataset: DatasetName;
  examples: Examples | undefined;
}

export function Try({ id, dataset, examples }: Properties) {
  const nets = examples?.nets.map((net) => net.id) ?? [id];
  return (
    <section id="try" data-nets={nets.join(" ")} data-dataset={dataset}>
      <h2>Show it an image</h2>
      <p>
        An image of yours is cut to a square, made as small as {datasetOf(dataset).title}'s
        {dataset === "mnist" && " and grey (a digit is light on dark there)"}, and stays on this
        machine: {nets.length > 1 ? "both networks run" : "the network runs"} in this browser.
      </p>
      <div class="drop" id="image-drop">
        <p class="controls">
          <label for="image-file">
            Drop an image here, or choose one:{" "}
            <input type="file" id="image-file" accept="image/*" />
          </label>
          {examples && (
            <button type="button" class="plain" id="image-test">
              Take a test image
            </button>
          )}
        </p>
      </div>
      <div id="image-result" aria-live="polite"></div>
    </section>
  );
}
