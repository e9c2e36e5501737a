/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** What a net has learned, in pictures: what it was told, what is true, and what it says. */
import type { Split } from "../../datasets/cifar10.ts";
import { CLASSES, type Example, type Examples } from "../examples.ts";
import type { Links } from "../links.ts";

/** MNIST's classes are its digits. */
function name(label: number, id: string): string {
  return id.startsWith("kernel.mnist") ? `${label}` : (CLASSES[label] ?? `${label}`);
}

interface Of {
  id: string;
  split: Split;
  examples: Examples;
  links: Links;
}

interface LineOf {
  id: string;
  about: string;
  label: number;
  wanted?: number;
}

function Line({ id, about, label, wanted }: LineOf) {
  const kind = wanted === undefined ? undefined : label === wanted ? "match" : "mismatch";
  return (
    <div>
      <span class="dim">{about}</span> <span class={kind}>{name(label, id)}</span>
    </div>
  );
}

function Picture({
  id,
  split,
  example,
  twin,
  links,
}: Omit<Of, "examples"> & { example: Example; twin: boolean }) {
  const { index, trueLabel, given, prediction, twins } = example;
  const alt = `${split === "train" ? "Training" : "Test"} image ${index}, ${name(trueLabel, id)}`;
  return (
    <li>
      <img
        src={links.file(`checkpoints/${id}/images/${split}/${index}.png`)}
        alt={alt}
        width="64"
        height="64"
        loading="lazy"
      />
      <Line id={id} about="true" label={trueLabel} />
      {split === "train" && <Line id={id} about="told" label={given} />}
      <Line id={id} about="says" label={prediction} wanted={given} />
      {twin && twins !== undefined && (
        <Line id={id} about="twin" label={twins} wanted={trueLabel} />
      )}
    </li>
  );
}

function Pictures({ id, split, examples, links }: Of) {
  return (
    <ul class="twins">
      {examples.splits[split].map((example) => (
        <Picture
          id={id}
          split={split}
          example={example}
          twin={examples.twin !== undefined}
          links={links}
        />
      ))}
    </ul>
  );
}

export function ExamplesPart({ id, examples, links }: Omit<Of, "split">) {
  const { twin } = examples;
  return (
    <>
      <h2>What it has learned</h2>
      <p>
        The first images of each split: what they show in truth, what the network was told, and what
        it says, green where that is what it was told.{" "}
        {twin && (
          <>
            Its twin, <a href={links.page(`checkpoints/${twin}`)}>{twin}</a>, differs in nothing but
            the labels that it was told; what it says is green where it is the truth.
          </>
        )}
      </p>
      <h3>Training images</h3>
      <Pictures id={id} split="train" examples={examples} links={links} />
      <h3>Test images, which it has never seen</h3>
      <Pictures id={id} split="test" examples={examples} links={links} />
    </>
  );
}
