/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** What a net and its twin have learned, side by side, in pictures: what is true, what each was told, and what it says. */
import type { Split } from "../../datasets/cifar10.ts";
import type { View } from "../../datasets/view.ts";
import { CLASSES, type Example, type Examples } from "../examples.ts";
import type { Links } from "../links.ts";

interface Properties {
  examples: Examples;
  links: Links;
}

const ABOUT: Record<Split, { title: string; alt: string }> = {
  train: { title: "Training images", alt: "Training image" },
  test: { title: "Test images, which neither has seen", alt: "Test image" },
};

/** "told random labels", "told 20 % random labels" */
function toldText({ labels }: View): string {
  if (labels.kind === "true") return "told the true labels";
  const [part = 1, whole = 1] = labels.fraction.split("/").map(Number);
  return `told ${part === whole ? "" : `${(100 * part) / whole} % `}random labels`;
}

function Row({ split, example, examples, links }: Properties & { split: Split; example: Example }) {
  const { index, trueLabel, nets } = example;
  const names = CLASSES[examples.dataset];
  const truth = names[trueLabel];
  return (
    <tr>
      <th scope="row">
        <img
          src={links.file(`checkpoints/${examples.nets[0]?.id}/images/${split}/${index}.png`)}
          alt={`${ABOUT[split].alt} ${index}`}
          width="48"
          height="48"
          loading="lazy"
        />
        {truth}
      </th>
      {nets.map(({ given, prediction }) => (
        <td>
          {split === "train" && <div class="dim">told {names[given]}</div>}
          says <b class={prediction === given ? "match" : "mismatch"}>{names[prediction]}</b>
        </td>
      ))}
    </tr>
  );
}

function Pictures({ split, examples, links }: Properties & { split: Split }) {
  const title = examples.nets.length > 1 ? ABOUT[split].title : ABOUT[split].title.split(",")[0];
  return (
    <table class="twins">
      <caption>{title}</caption>
      <thead>
        <tr>
          <th scope="col">in truth</th>
          {examples.nets.map(({ view }, k) => (
            <th scope="col">
              {k === 0 ? "this network" : "its twin"}
              <div class="dim">{toldText(view)}</div>
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {examples.splits[split].map((example) => (
          <Row split={split} example={example} examples={examples} links={links} />
        ))}
      </tbody>
    </table>
  );
}

export function ExamplesPart({ examples, links }: Properties) {
  const twin = examples.nets[1]?.id;
  return (
    <>
      <h2>What it has learned</h2>
      <p>
        The first images of each split: what they show, what the network was told that they show,
        and what it says, green where that is what it was told.{" "}
        {twin && (
          <>
            Its twin, <a href={links.page(`checkpoints/${twin}`)}>{twin}</a>, differs from it in
            nothing but the labels that it was told.
          </>
        )}
      </p>
      <div class="pair">
        <Pictures split="train" examples={examples} links={links} />
        <Pictures split="test" examples={examples} links={links} />
      </div>
    </>
  );
}
