/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** /checkpoints: every published network with its two counts, by nets and what they were told. */
import { type Numbers, paperAccuracy } from "../../cards/published-numbers.ts";
import { percent } from "../../fraction.ts";
import { VIEWS } from "../../recipes.ts";
import { type Frame, Layout } from "../layout.tsx";
import type { Links } from "../links.ts";
import { netName } from "../names.ts";
import type { Site } from "../site.ts";
import { type Column, Table } from "./table.tsx";

/** By data, then by seed: second recipes and further seeds stand where what they are like stands. */
function place(id: string): [number, number] {
  const data = Object.keys(VIEWS).indexOf(id.split(".")[1] ?? "");
  return [data, Number(/\.seed-(\d+)$/.exec(id)?.[1] ?? 0)];
}

function inOrder([a]: [string, Numbers], [b]: [string, Numbers]): number {
  const [[data, seed], [otherData, otherSeed]] = [place(a), place(b)];
  return data - otherData || seed - otherSeed;
}

/** As narrow as the columns of ours; a sign stays on the line of its number, words may be broken. */
function beside(text: string): string {
  return text.replace(" %", "").replace("≈ ", "≈\u00a0").replace("converge", "con\u00adverge");
}

/** An id that a line may end in after each dot. */
function broken(id: string) {
  return id.split(/(?<=\.)/).map((part) => (
    <>
      {part}
      <wbr />
    </>
  ));
}

function Row({ id, numbers, links }: { id: string; numbers: Numbers; links: Links }) {
  const { train, test } = numbers.fixture.splits;
  const paper = paperAccuracy(id);
  return (
    <tr>
      <th scope="row">
        <a href={links.page(`checkpoints/${id}`)}>{broken(id)}</a>
      </th>
      <td class="number wide-only">
        {train.correct}/{train.total}
      </td>
      <td class="number">{percent([train.correct, train.total])}</td>
      <td class="number dim">{beside(paper.train)}</td>
      <td class="number wide-only">
        {test.correct}/{test.total}
      </td>
      <td class="number">{percent([test.correct, test.total])}</td>
      <td class="number dim">{beside(paper.test)}</td>
    </tr>
  );
}

function Nets({ site, links }: { site: Site; links: Links }) {
  const all = [...site.numbers];
  const nets = [...new Set(all.map(([, { checkpoint }]) => checkpoint.recipe.net))];
  return (
    <>
      {nets.map((net) => (
        <tbody>
          <tr>
            <th scope="rowgroup" colspan={7} class="group">
              {netName(net)}
            </th>
          </tr>
          {all
            .filter(([, { checkpoint }]) => checkpoint.recipe.net === net)
            .sort(inOrder)
            .map(([id, numbers]) => (
              <Row id={id} numbers={numbers} links={links} />
            ))}
        </tbody>
      ))}
    </>
  );
}

const COLUMNS: Column[] = [
  ["network"],
  ["train", "number wide-only"],
  [
    <>
      <span class="unseen narrow-only">train</span> %
    </>,
    "number",
  ],
  [
    <>
      paper<span class="unseen">, train</span>
    </>,
    "number",
  ],
  ["test", "number wide-only"],
  [
    <>
      <span class="unseen narrow-only">test</span> %
    </>,
    "number",
  ],
  [
    <>
      paper<span class="unseen">, test</span>
    </>,
    "number",
  ],
];

export function CheckpointsPage({ site, ...frame }: Frame & { site: Site }) {
  const { links } = frame;
  return (
    <Layout
      {...frame}
      here="checkpoints"
      title="Networks"
      about="Every published network, with the exact count of what it gets right."
    >
      <h1>The networks</h1>
      <p>
        Counts against the labels that the network was given on train, and against the true ones on
        test; ≈ is read off the paper's Figure 1c. A second number of weight decay is of the second
        recipe where the paper does not give it; seed-1 and seed-2 are the same recipe drawn anew.
      </p>
      <Table name="The networks" columns={COLUMNS} layout="fixed">
        <Nets site={site} links={links} />
      </Table>
    </Layout>
  );
}
