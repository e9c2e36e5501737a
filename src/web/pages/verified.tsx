/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** A verification as a person reads it: each checkpoint's shards, and the verdict. */
import { SPLITS } from "../../datasets/cifar10.ts";
import { worst } from "../../evaluation/compare.ts";
import type { CheckpointReport, Report } from "../../verification/verify-claims.ts";
import type { Links } from "../links.ts";
import { FindingsTable, VerdictLine } from "./findings.tsx";
import { type Column, Table } from "./table.tsx";

function sum(of: { recomputed: number; published: number; start: number; end: number }[]) {
  const images = of.reduce((all, { start, end }) => all + end - start, 0);
  const recomputed = of.reduce((all, one) => all + one.recomputed, 0);
  const published = of.reduce((all, one) => all + one.published, 0);
  return { images, recomputed, published };
}

function Row({
  of,
  split,
  links,
}: {
  of: CheckpointReport;
  split: "train" | "test";
  links: Links;
}) {
  const shards = of.splits[split];
  const { images, recomputed, published } = sum(shards);
  const result = shards.length > 0 ? worst(shards.map((shard) => shard.result)) : of.result;
  return (
    <tr>
      <th scope="row">
        <a href={links.page(`checkpoints/${of.checkpoint}`)}>{of.checkpoint}</a>, {split}
      </th>
      <td class="number" data-label="images">
        {images}
      </td>
      <td class="number" data-label="correct">
        {recomputed}
      </td>
      <td class="number" data-label="published">
        {published}
      </td>
      <td class={result} data-label="result">
        {result}
      </td>
    </tr>
  );
}

function reasonsOf({ checkpoints }: Report): string[] {
  return checkpoints.flatMap(({ checkpoint, splits }) =>
    SPLITS.flatMap((split) =>
      splits[split]
        .filter(({ reason }) => reason)
        .map(({ start, end, reason }) => `${checkpoint}, ${split} ${start} to ${end}: ${reason}`),
    ),
  );
}

const COLUMNS: Column[] = [
  ["network and split"],
  ["images", "number"],
  ["correct", "number"],
  ["published", "number"],
  ["result"],
];

export function Verified({ report, links }: { report: Report; links: Links }) {
  return (
    <div class="verified">
      {report.verdicts.map((verdict) => (
        <>
          <h3>{verdict.claim}</h3>
          <VerdictLine verdict={verdict} />
          {verdict.findings.length > 0 && (
            <FindingsTable findings={verdict.findings} links={links} />
          )}
        </>
      ))}
      <h3>What was recomputed</h3>
      <Table name="What was recomputed" layout="stack" columns={COLUMNS}>
        <tbody>
          {report.checkpoints.map((of) => (
            <>
              <Row of={of} split="train" links={links} />
              <Row of={of} split="test" links={links} />
            </>
          ))}
        </tbody>
      </Table>
      {reasonsOf(report).map((reason) => (
        <p class="mismatch">{reason}</p>
      ))}
      <p class="dim">
        Run by {report.runtime.package} {report.runtime.version};{" "}
        {report.counted
          ? "all published predictions were counted against the labels as well."
          : "the published predictions were not counted against the labels."}
      </p>
    </div>
  );
}
