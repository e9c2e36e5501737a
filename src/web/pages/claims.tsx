/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** /claims: every claim in the paper's groups, with what became of it. */
import { GROUPS } from "../../claims/claim.ts";
import { CLAIMS, type Claim } from "../../claims/claims.ts";
import type { Status } from "../../claims/judge.ts";
import { type Frame, Layout } from "../layout.tsx";
import type { Links } from "../links.ts";
import { STATUS } from "../names.ts";
import type { Site } from "../site.ts";

function Line({ site, links, claim }: { site: Site; links: Links; claim: Claim }) {
  const verdict = site.verdicts.get(claim.id);
  const status = verdict?.status ?? "not-evaluated";
  return (
    <li>
      <span class={`status ${status}`}>{STATUS[status]}</span>
      <div>
        <a href={links.page(`claims/${claim.id}`)}>{claim.statement}</a>
        {verdict?.reason && <div class="dim">{verdict.reason}</div>}
      </div>
    </li>
  );
}

function Summary({ site }: { site: Site }) {
  const all = [...site.verdicts.values()];
  const count = (status: Status) => all.filter((verdict) => verdict.status === status).length;
  return (
    <p>
      Of {all.length} claims{" "}
      <b id="reproduced" class="reproduced">
        {count("reproduced")} are reproduced
      </b>
      ,{" "}
      <b id="not-reproduced" class="not-reproduced">
        {count("not-reproduced")} are not
      </b>{" "}
      and{" "}
      <b id="not-evaluated" class="not-evaluated">
        {count("not-evaluated")} are not evaluated
      </b>
      . A claim is decided by integers: correct of total, against the labels that a net was given or
      against the true ones. No data is never a pass.
    </p>
  );
}

export function ClaimsPage({ site, ...frame }: Frame & { site: Site }) {
  const { links } = frame;
  return (
    <Layout
      {...frame}
      here="claims"
      title="Claims"
      about="Every statement of the paper that can be checked, and whether it is reproduced here."
    >
      <h1>The paper's claims</h1>
      <Summary site={site} />
      {GROUPS.map((group) => (
        <section>
          <h2>{group}</h2>
          <ul class="claims">
            {CLAIMS.filter((claim) => claim.group === group).map((claim) => (
              <Line site={site} links={links} claim={claim} />
            ))}
          </ul>
        </section>
      ))}
    </Layout>
  );
}
