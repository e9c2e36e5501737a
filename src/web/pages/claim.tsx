/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** /claims/{id}: a statement of the paper, what decides it, and how to check that. */
import { type Claim, checkpointsOf } from "../../claims/claim.ts";
import { CLAIMS } from "../../claims/claims.ts";
import { type Frame, Layout } from "../layout.tsx";
import type { Links } from "../links.ts";
import type { Site } from "../site.ts";
import { FindingsTable, VerdictLine } from "./findings.tsx";

function Checks({ claim, links, scripts }: { claim: Claim; links: Links; scripts: boolean }) {
  const verification = `v1/claims/${claim.id}/verification`;
  return (
    <section id="checks" data-claim={claim.id}>
      <h2>Check it</h2>
      <form action={links.file(`claims/${claim.id}/verification`)} method="get">
        <button type="submit">Verify on the server</button>
        {scripts && (
          <a class="button" href={`${links.page("audit")}?claim=${claim.id}`}>
            Verify in this browser
          </a>
        )}
      </form>
      <p class="dim">
        The server draws 1,000 training and 1,000 test images of each network, runs it on them,
        counts all published predictions, and decides the claim anew. In this browser nothing but
        your own machine is trusted.
      </p>
      <div id="verification" aria-live="polite"></div>
      <p>In a terminal, the same, and as a signed receipt:</p>
      <pre tabindex={0} data-curl>
        <code>{`curl ${"http://localhost:8000"}/${verification}
curl -OJ -H 'Accept: application/vnd.in-toto.bundle' http://localhost:8000/${verification}`}</code>
      </pre>
    </section>
  );
}

function Networks({ claim, site, links }: { claim: Claim; site: Site; links: Links }) {
  const ids = checkpointsOf(claim);
  if (ids.length === 0) return null;
  return (
    <>
      <h2>The networks that bear on it</h2>
      <ul>
        {ids.map((id) => (
          <li>
            {site.numbers.has(id) ? (
              <a href={links.page(`checkpoints/${id}`)}>{id}</a>
            ) : (
              <>
                {id} <span class="dim">(has a recipe, and is not trained)</span>
              </>
            )}
          </li>
        ))}
      </ul>
    </>
  );
}

export function ClaimPage({ site, claim, ...frame }: Frame & { site: Site; claim: Claim }) {
  const { links, scripts } = frame;
  const verdict = site.verdicts.get(claim.id);
  const findings = verdict?.findings ?? [];
  const place = CLAIMS.indexOf(claim);
  const next = CLAIMS[place + 1];
  return (
    <Layout {...frame} here="claims" title={claim.id} about={claim.statement} modules={["page"]}>
      <h1>{claim.statement}</h1>
      <p class="dim">
        {claim.where} of the paper; here <code>{claim.id}</code>
      </p>
      {verdict && <VerdictLine verdict={verdict} />}
      {claim.beyondReach && <p>The paper reports: {claim.beyondReach.paper}.</p>}
      {findings.length > 0 && (
        <>
          <h2>What decides it</h2>
          <p>All of these must hold. The numbers are exact counts of the published networks.</p>
          <FindingsTable findings={findings} links={links} />
        </>
      )}
      {findings.length > 0 && <Checks claim={claim} links={links} scripts={scripts} />}
      <Networks claim={claim} site={site} links={links} />
      <p>
        As JSON: <a href={links.file(`v1/claims/${claim.id}`)}>/v1/claims/{claim.id}</a>.{" "}
        {next && (
          <>
            Next claim: <a href={links.page(`claims/${next.id}`)}>{next.statement}</a>
          </>
        )}
      </p>
    </Layout>
  );
}
