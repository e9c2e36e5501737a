/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** /: what the paper found, whether it holds here, and how to check. */
import { checkpointOf, paper, reproductionOf, secondCheckpointOf } from "../../claims/paper.ts";
import type { Status } from "../../claims/judge.ts";
import { percent } from "../../fraction.ts";
import { ACCURACY } from "../figures/accuracy.ts";
import { type Frame, Layout } from "../layout.tsx";
import type { Links } from "../links.ts";
import { netName, STATUS } from "../names.ts";
import type { Site } from "../site.ts";
import { Drawing } from "./drawing.tsx";

function Counts({ site, links }: { site: Site; links: Links }) {
  const all = [...site.verdicts.values()];
  const statuses: Status[] = ["reproduced", "not-reproduced", "not-evaluated"];
  return (
    <ul class="counts">
      {statuses.map((status) => (
        <li>
          <a href={`${links.page("claims")}#${status}`}>
            <b class={status}>{all.filter((verdict) => verdict.status === status).length}</b>
            {STATUS[status]}
          </a>
        </li>
      ))}
    </ul>
  );
}

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

type Row = (typeof paper.table1.rows)[number];

function Table1({ site, links }: { site: Site; links: Links }) {
  return (
    <section class="wide" tabindex={0} aria-label="Table 1">
      <table>
        <caption>
          Accuracy in percent, ours and the paper's; on train counted against the labels that the
          net was given.{" "}
          <span class="wide-only">The last column is an independent reproduction's.</span>
        </caption>
        <thead>
          <tr>
            <th scope="col">net</th>
            <th scope="col">labels</th>
            <th scope="col" class="wide-only">
              crop
            </th>
            <th scope="col" class="wide-only">
              weight decay
            </th>
            <th scope="col" class="number">
              train
            </th>
            <th scope="col" class="number">
              paper
            </th>
            <th scope="col" class="number">
              test
            </th>
            <th scope="col" class="number">
              paper
            </th>
            <th scope="col" class="number wide-only">
              reprod.
            </th>
          </tr>
        </thead>
        <tbody>
          {paper.table1.rows.map((row) => (
            <>
              <Table1Row site={site} links={links} row={row} />
              <SecondRow site={site} links={links} row={row} />
            </>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Ways({ links, server }: Pick<Frame, "links" | "server">) {
  return (
    <div class="ways">
      <section>
        <h3>In this browser</h3>
        <p>
          <a href={links.page("audit")}>The auditor's page</a> runs the published networks on your
          machine and counts for itself. The dataset comes from your disk, if you like, and is
          accepted by its SHA-256 alone.
        </p>
      </section>
      <section>
        <h3>Over HTTP</h3>
        <p>
          One request recomputes a sample of what bears on a claim, and says its verdict
          {server ? ":" : "; npm start serves it at port 8000:"}
        </p>
        <pre tabindex={0} data-curl>
          <code>curl http://localhost:8000/v1/claims/theorem-1/verification</code>
        </pre>
      </section>
      <section>
        <h3>With a clone of it</h3>
        <p>
          <code>npm ci && npm run verify</code> decides every claim; <code>scripts/audit.py</code>{" "}
          does so with none of our code.
        </p>
      </section>
    </div>
  );
}

export function Home({ site, ...frame }: Frame & { site: Site }) {
  const { links, scripts } = frame;
  return (
    <Layout
      {...frame}
      here=""
      title="Rethink: networks that memorize, and networks that generalize"
      about="The claims of “Understanding deep learning requires rethinking generalization”, each checked by exact counts that anyone can recompute."
      modules={["page"]}
    >
      <h1>The same network can learn, or learn by heart</h1>
      <p class="lead">
        In 2016 Zhang, Bengio, Hardt, Recht and Vinyals took networks that classify small images
        well, gave every training image a label drawn at random, and trained again. Nothing else was
        changed: not the network, not the optimizer, not the number of weights.
      </p>
      <p>
        The networks met nearly all of the random labels. There was nothing to learn in them, so
        they had been memorized, 50,000 of them; and on new images the same networks were at chance.
        So a network that does well on new images could as well have memorized, and its size alone
        cannot explain that it did not. Nor can weight decay, cropped images or other regularizers:
        without them networks still generalize, with them they still memorize.
      </p>
      <p>
        Here are such networks, trained anew, and the exact count of what each gets right. Whoever
        doubts a number can recompute it, on her own machine, from the published bytes.
      </p>
      <Drawing
        figure={ACCURACY}
        rows={ACCURACY.rows(site)}
        links={links}
        scripts={scripts}
        caption
      />
      <h2>What became of the claims</h2>
      <p>
        The paper's statements are written down as {site.verdicts.size}{" "}
        <a href={links.page("claims")}>claims</a>, each with a rule that decides it from counts.
      </p>
      <Counts site={site} links={links} />
      <h2>Three ways to check</h2>
      <Ways links={links} server={frame.server} />
      <h2>Table 1</h2>
      <Table1 site={site} links={links} />
    </Layout>
  );
}
