/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** /checkpoints/{id}: what a network is, how it was made, what it gets right, and its files. */
import { raw } from "hono/html";
import { netText, recipeRows, regularizersText, viewText } from "../../cards/describe.ts";
import { type Numbers, paperAccuracy } from "../../cards/published-numbers.ts";
import { bearingOn } from "../../claims/seeds.ts";
import { type Fraction, percent } from "../../fraction.ts";
import type { Examples } from "../examples.ts";
import { historySvg } from "../figures/history.ts";
import { WIDTHS } from "../figures/svg.ts";
import { type Frame, Layout } from "../layout.tsx";
import type { Site } from "../site.ts";
import { ClaimList } from "./claim-list.tsx";
import { ExamplesPart } from "./examples.tsx";
import { FilesPart } from "./files.tsx";
import { type Column, Table } from "./table.tsx";
import { Try } from "./try.tsx";

function Count({ about, count, paper }: { about: string; count: Fraction; paper: string }) {
  return (
    <tr>
      <th scope="row">{about}</th>
      <td class="number">
        {count[0]}/{count[1]}
      </td>
      <td class="number">{percent(count)} %</td>
      <td class="number dim">{paper}</td>
    </tr>
  );
}

const COUNTS: Column[] = [
  ["correct"],
  ["exactly", "number"],
  ["accuracy", "number"],
  ["paper", "number"],
];

function Counts({ numbers }: { numbers: Numbers }) {
  const { checkpoint, fixture } = numbers;
  const { train, test } = fixture.splits;
  const { numerator, denominator } = fixture.gap;
  const paper = paperAccuracy(checkpoint.id);
  const corrupted = fixture.view.labels.kind !== "true";
  return (
    <Table name="Counts" columns={COUNTS} scrolls={false}>
      <tbody>
        <Count
          about="train, given labels"
          count={[train.correct, train.total]}
          paper={paper.train}
        />
        {corrupted && (
          <Count
            about="train, true labels"
            count={[train.correctOnTrueLabels, train.total]}
            paper=""
          />
        )}
        <Count about="test, true labels" count={[test.correct, test.total]} paper={paper.test} />
        <tr>
          <th scope="row">gap</th>
          <td class="number">
            {numerator}/{denominator}
          </td>
          <td class="number">{percent([numerator, denominator])} points</td>
          <td></td>
        </tr>
      </tbody>
    </Table>
  );
}

function Recipe({ numbers }: { numbers: Numbers }) {
  const { recipe, recipeDigest, model, trained } = numbers.checkpoint;
  const { backend, version } = trained;
  const madeWith = version.startsWith(backend) ? version : `${backend} ${version}`;
  const rows: [string, string][] = [
    ["weights", model.parameters.toLocaleString("en")],
    ...recipeRows(recipe),
    ...(recipe.kind === "given"
      ? []
      : ([
          ["made with", `${madeWith}, ${trained.device}`],
          ["date", trained.date],
        ] as [string, string][])),
    ["recipe's SHA-256", recipeDigest],
  ];
  return (
    <Table name="Recipe" layout="stack">
      <tbody>
        {rows.map(([about, text]) => (
          <tr>
            <th scope="row">{about}</th>
            <td>{text}</td>
          </tr>
        ))}
      </tbody>
    </Table>
  );
}

interface Properties extends Frame {
  site: Site;
  numbers: Numbers;
  /** None where the dataset cannot be read. */
  examples: Examples | undefined;
}

export function CheckpointPage({ site, numbers, examples, ...frame }: Properties) {
  const { links, scripts } = frame;
  const { id, recipe } = numbers.checkpoint;
  const how = recipe.kind === "training" ? `, trained ${regularizersText(recipe)}` : "";
  const about = `A ${netText(recipe)}${how}; the data: ${viewText(recipe.view)}.`;
  // Of a kernel machine the training images are a part.
  const lacksImages = frame.noBlocks === true && recipe.kind === "kernel";
  const claims = site.claims.filter((claim) =>
    bearingOn(claim, (one) => site.numbers.has(one)).includes(id),
  );
  return (
    <Layout {...frame} here="checkpoints" title={id} about={about} modules={["page", "try"]}>
      <h1>{id}</h1>
      <p class="lead">{about}</p>
      <Counts numbers={numbers} />
      {scripts && (
        <p>
          <a class="button" href={`${links.page("audit")}?checkpoint=${id}`}>
            Recompute in this browser
          </a>
        </p>
      )}
      {examples ? (
        <ExamplesPart examples={examples} links={links} />
      ) : (
        <p class="dim">This host has no images to show.</p>
      )}
      {scripts && !lacksImages && <Try id={id} view={recipe.view} examples={examples} />}
      <h2>How it was made</h2>
      {numbers.history.length > 0 && (
        <figure>
          <div class="wide-only">{raw(historySvg(numbers.history, WIDTHS.wide))}</div>
          <div class="narrow-only">{raw(historySvg(numbers.history, WIDTHS.narrow))}</div>
        </figure>
      )}
      <Recipe numbers={numbers} />
      <FilesPart numbers={numbers} links={links} server={frame.server} />
      <h2>The claims that it bears on</h2>
      <ClaimList claims={claims} site={site} links={links} />
    </Layout>
  );
}
