/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** An image of the reader's, or one of the test set, and what two nets make of it. */
import type { Examples } from "../examples.ts";

export function Try({ id, examples }: { id: string; examples: Examples | undefined }) {
  return (
    <section id="try" data-nets={[id, ...(examples?.twin ? [examples.twin] : [])].join(" ")}>
      <h2>Show it an image</h2>
      <p>
        An image of yours is cut to a square, made as small as CIFAR-10's, and stays on this
        machine: {examples?.twin ? "both networks run" : "the network runs"} in this browser.
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
