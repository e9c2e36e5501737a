/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** Table 1 as a person reads it: ours beside the paper's and a reproduction's. */
import { checkpointOf, paper, reproductionOf, secondCheckpointOf } from "../../claims/paper.ts";
import { percent } from "../../fraction.ts";
import type { Links } from "../links.ts";
import { netName } from "../names.ts";
import type { Site } from "../site.ts";
import { type Column, Table } from "./table.tsx";

type Row = (typeof paper.table1.rows)[number];

interface RowOf {
  site: Site;
  links: Links;
  row: Row;
}

/** What a published network makes of a row; a dash where none is. */
function Ours({ site, id, split }: { site: Site; id: string; split: "train" | "test" }) {
  const counts = site.numbers.get(id)?.fixture.splits[split];
  return <td class="number">{counts ? percent([counts.correct, counts.total]) : "–"}</td>;
}

function Table1Row({ site, links, row }: RowOf) {
  const id = checkpointOf(row);
  const regularizers = [...(row.crop ? ["crop"] : []), ...(row.weightDecay ? ["decay"] : [])];
  return (
    <tr>
      <th scope="row">
        {site.numbers.has(id) ? (
          <a href={links.page(`checkpoints/${id}`)}>{netName(row.net)}</a>
        ) : (
          netName(row.net)
        )}
        <span class="narrow-only dim">{regularizers.join(", ")}</span>
      </th>
      <td>{row.labels}</td>
      <td class="wide-only">{row.crop ? "yes" : "no"}</td>
      <td class="wide-only">{row.weightDecay ? "yes" : "no"}</td>
      <Ours site={site} id={id} split="train" />
      <td class="number dim">{row.train.toFixed(2)}</td>
      <Ours site={site} id={id} split="test" />
      <td class="number dim">{row.test.toFixed(2)}</td>
      <td class="number dim wide-only">{reproductionOf(row)?.toFixed(2) ?? ""}</td>
    </tr>
  );
}

/** What the paper does not say of a row was guessed twice; the second guess stands below the first. */
function SecondRow({ site, links, row }: RowOf) {
  const id = secondCheckpointOf(row);
  if (!id || !site.numbers.has(id)) return null;
  return (
    <tr>
      <th scope="row" class="second">
        <a href={links.page(`checkpoints/${id}`)}>second recipe</a>
      </th>
      <td></td>
      <td class="wide-only"></td>
      <td class="wide-only"></td>
      <Ours site={site} id={id} split="train" />
      <td></td>
      <Ours site={site} id={id} split="test" />
      <td></td>
      <td class="wide-only"></td>
    </tr>
  );
}

function Caption() {
  return (
    <>
      Accuracy in percent, ours and the paper's; on train counted against the labels that the net
      was given. <span class="wide-only">The last column is an independent reproduction's.</span>
    </>
  );
}

const COLUMNS: Column[] = [
  ["net"],
  ["labels"],
  ["crop", "wide-only"],
  ["weight decay", "wide-only"],
  ["train", "number"],
  [
    <>
      paper<span class="unseen">, train</span>
    </>,
    "number",
  ],
  ["test", "number"],
  [
    <>
      paper<span class="unseen">, test</span>
    </>,
    "number",
  ],
  ["reprod.", "number wide-only"],
];

export function Table1({ site, links }: { site: Site; links: Links }) {
  return (
    <Table name="Table 1" caption={<Caption />} columns={COLUMNS}>
      <tbody>
        {paper.table1.rows.map((row) => (
          <>
            <Table1Row site={site} links={links} row={row} />
            <SecondRow site={site} links={links} row={row} />
          </>
        ))}
      </tbody>
    </Table>
  );
}
