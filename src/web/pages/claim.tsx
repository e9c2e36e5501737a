/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** /claims/{id}: a statement of the paper, what decides it, and how to check that. */
import { type Claim, checkpointsOf } from "../../claims/claim.ts";
import { bearingOn, seedsText } from "../../claims/seeds.ts";
import { entryOf, REGISTERED } from "../../claims/registered.ts";
import { type Frame, Layout } from "../layout.tsx";
import type { Links } from "../links.ts";
import type { Site } from "../site.ts";
import { FindingsTable, VerdictLine } from "./findings.tsx";

function OnServer({
  claim,
  links,
  counting,
  receipts,
}: Pick<Frame, "links" | "counting" | "receipts"> & { claim: Claim }) {
  const verification = `v1/claims/${claim.id}/verification`;
  return (
    <>
      <form action={links.file(`claims/${claim.id}/verification`)} method="get">
        <button type="submit">Verify on the server</button>
      </form>
      <p class="dim">
        The server draws 1,000 training and 1,000 test images of each network, runs it on them,
        {counting && " counts all published predictions,"} and decides the claim anew.
      </p>
      <div id="verification" aria-live="polite"></div>
      <p>In a terminal, the same{receipts && ", and as a signed receipt"}:</p>
      <pre data-curl>
        <code>
          {`curl http://localhost:8000/${verification}`}
          {receipts &&
            `\ncurl -OJ -H 'Accept: application/vnd.in-toto.bundle' http://localhost:8000/${verification}`}
        </code>
      </pre>
    </>
  );
}

function Checks({ claim, ...frame }: Frame & { claim: Claim }) {
  const { links, scripts, server, receipts } = frame;
  return (
    <section id="checks" data-claim={claim.id} data-receipts={receipts ? "" : undefined}>
      <h2>Check it</h2>
      {scripts && (
        <>
          <p>
            <a class="button" href={`${links.page("audit")}?claim=${claim.id}`}>
              Verify in this browser
            </a>
          </p>
          <p class="dim">
            Your own machine computes, on the dataset's files from your disk if you have them; this
            host only hands out what is published.
          </p>
        </>
      )}
      {server && <OnServer claim={claim} {...frame} />}
    </section>
  );
}

/** What was written down when: a digest cannot say more than was known when it was committed. */
function Registration({ claim }: { claim: Claim }) {
  const entry = entryOf(REGISTERED.claims, claim.id);
  if (!entry) return null;
  const ids = checkpointsOf(claim);
  const recipes = ids.map((id) => ({ id, late: entryOf(REGISTERED.recipes, id)?.late }));
  const early = recipes.filter(({ late }) => late === undefined).map(({ id }) => id);
  return (
    <>
      <h2>What was registered when</h2>
      <p>
        The statement and its bounds, as <code>fixtures/registered.json</code> has them, have the
        SHA-256 <code>{entry.sha256}</code>.{" "}
        {entry.late
          ? `They are late: ${entry.late}.`
          : "They were committed before there was a network that they are about."}
      </p>
      {early.length > 0 && (
        <p>
          The recipes of {early.join(", ")} were committed before they were trained
          {early.length < ids.length ? "; the others' were registered late" : ""}.
        </p>
      )}
    </>
  );
}

function Networks({ claim, site, links }: { claim: Claim; site: Site; links: Links }) {
  const ids = bearingOn(claim, (id) => site.numbers.has(id));
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
  const { links } = frame;
  const verdict = site.verdicts.get(claim.id);
  const findings = verdict?.findings ?? [];
  const next = site.claims[site.claims.indexOf(claim) + 1];
  return (
    <Layout {...frame} here="claims" title={claim.id} about={claim.statement} modules={["page"]}>
      <h1>{claim.statement}</h1>
      <p class="dim">
        {claim.where}
        {!site.pack && claim.group !== "Beyond the paper" && " of the paper"}; here{" "}
        <code>{claim.id}</code>
      </p>
      {verdict && <VerdictLine verdict={verdict} />}
      {verdict?.seeds && (
        <p id="seeds">
          It holds {seedsText(verdict.seeds, claim.rules.length)}. It is reproduced only if it holds
          for all that are published.
        </p>
      )}
      {claim.beyondReach && <p>The paper reports: {claim.beyondReach.paper}.</p>}
      {findings.length > 0 && (
        <>
          <h2>What decides it</h2>
          <p>
            All of these must hold. A fraction is an exact count of the published networks'
            predictions; what is no fraction is rounded.
          </p>
          <FindingsTable findings={findings} links={links} />
        </>
      )}
      {findings.length > 0 && <Checks claim={claim} {...frame} />}
      {!site.pack && <Registration claim={claim} />}
      <Networks claim={claim} site={site} links={links} />
      <p>
        As JSON: <a href={links.json(`v1/claims/${claim.id}`)}>/v1/claims/{claim.id}</a>.{" "}
        {next && (
          <>
            Next claim: <a href={links.page(`claims/${next.id}`)}>{next.statement}</a>
          </>
        )}
      </p>
    </Layout>
  );
}
