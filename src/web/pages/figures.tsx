/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** /figures and /figures/{id}: the paper's figures out of our histories and counts. */
import { CLAIMS } from "../../claims/claims.ts";
import type { Figure } from "../figures/figure.ts";
import { FIGURES } from "../figures/figures.ts";
import { type Frame, Layout } from "../layout.tsx";
import type { Site } from "../site.ts";
import { ClaimList } from "./claim-list.tsx";
import { Drawing } from "./drawing.tsx";

export function FiguresPage({ site, ...frame }: Frame & { site: Site }) {
  const { links, scripts } = frame;
  return (
    <Layout
      {...frame}
      here="figures"
      title="Figures"
      about="The paper's figures, drawn from our training histories and counts, beside the paper's values."
      modules={["page"]}
    >
      <h1>Figures</h1>
      {FIGURES.map((figure) => (
        <section>
          <h2>
            <a href={links.page(`figures/${figure.id}`)}>{figure.title}</a>
          </h2>
          <p class="dim">{figure.where}</p>
          <Drawing figure={figure} rows={figure.rows(site)} links={links} scripts={scripts} />
        </section>
      ))}
    </Layout>
  );
}

export function FigurePage({ site, figure, ...frame }: Frame & { site: Site; figure: Figure }) {
  const { links, scripts } = frame;
  const rows = figure.rows(site);
  const text = figure.text(rows);
  const claims = CLAIMS.filter(({ group }) => figure.groups.includes(group));
  return (
    <Layout
      {...frame}
      here="figures"
      title={figure.title}
      about={text[0] ?? figure.title}
      modules={["page"]}
    >
      <h1>{figure.title}</h1>
      <p class="dim">{figure.where} of the paper</p>
      {text.map((sentences) => (
        <p>{sentences}</p>
      ))}
      <Drawing figure={figure} rows={rows} links={links} scripts={scripts} />
      <h2>The claims that it decides</h2>
      <ClaimList claims={claims} site={site} links={links} />
      <h2>Other figures</h2>
      <ul>
        {FIGURES.filter((other) => other !== figure).map((other) => (
          <li>
            <a href={links.page(`figures/${other.id}`)}>{other.title}</a>{" "}
            <span class="dim">({other.where})</span>
          </li>
        ))}
      </ul>
    </Layout>
  );
}
