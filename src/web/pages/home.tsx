/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** /: what the paper found, whether it holds here, and how to check. */
import type { Status } from "../../claims/judge.ts";
import { ACCURACY } from "../figures/accuracy.ts";
import { type Frame, Layout } from "../layout.tsx";
import type { Links } from "../links.ts";
import { STATUS } from "../names.ts";
import type { Site } from "../site.ts";
import { Drawing } from "./drawing.tsx";
import { Table1 } from "./table1.tsx";

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
        <pre data-curl={server ? "" : undefined}>
          <code>curl http://localhost:8000/v1/claims/theorem-1/verification</code>
        </pre>
      </section>
      <section>
        <h3>With a clone of it</h3>
        <p>
          <code>npm ci && npm run verify</code> recounts, and decides every claim that a published
          network bears on; <code>scripts/audit.py</code> and <code>scripts/decide.py</code> do so
          with none of our code.
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
        cannot explain that it did not. Nor, says the paper, can weight decay, cropped images or
        other regularizers: without them networks still generalize, with them they still memorize.
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
