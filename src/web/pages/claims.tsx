/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** /claims: every claim in the paper's groups, with what became of it. */
import { groupsOf } from "../../claims/claim.ts";
import type { Status } from "../../claims/judge.ts";
import { type Frame, Layout } from "../layout.tsx";
import { STATUS } from "../names.ts";
import type { Site } from "../site.ts";
import { ClaimList } from "./claim-list.tsx";

const COUNTED: Record<Status, string> = {
  reproduced: "are reproduced",
  "not-reproduced": "are not",
  "not-evaluated": "are not evaluated",
};

/** Each count leads to its claims alone: the style hides the others where one of them is the target. */
function Summary({ site }: { site: Site }) {
  const all = [...site.verdicts.values()];
  const counts = (Object.keys(COUNTED) as Status[]).map((status) => (
    <a id={status} href={`#${status}`} class={status}>
      {all.filter((verdict) => verdict.status === status).length} {COUNTED[status]}
    </a>
  ));
  return (
    <p>
      Of <a href="#main">all {all.length} claims</a> {counts[0]}, {counts[1]} and {counts[2]}. A
      claim is decided by integers: correct of total, against the labels that a net was given or
      against the true ones. No data is never a pass.
    </p>
  );
}

/** Which claims to show; left out, all are. */
export interface Wanted {
  group?: string;
  status?: Status;
}

export function ClaimsPage({
  site,
  wanted = {},
  ...frame
}: Frame & { site: Site; wanted?: Wanted }) {
  const { links } = frame;
  const { group, status } = wanted;
  const shown = site.claims.filter(
    (claim) =>
      (group === undefined || claim.group === group) &&
      (status === undefined || site.verdicts.get(claim.id)?.status === status),
  );
  return (
    <Layout
      {...frame}
      here="claims"
      title="Claims"
      about="Every statement of the paper that can be checked, and whether it is reproduced here."
    >
      <h1>{site.pack ? "Claims" : "The paper's claims"}</h1>
      {group || status ? (
        <p>
          {shown.length} of <a href={links.page("claims")}>all {site.claims.length} claims</a>:{" "}
          {[group, status && STATUS[status]].filter(Boolean).join(", ")}.
        </p>
      ) : (
        <Summary site={site} />
      )}
      {groupsOf(shown).map((group) => (
        <section>
          <h2>{group}</h2>
          <ClaimList
            claims={shown.filter((claim) => claim.group === group)}
            site={site}
            links={links}
          />
        </section>
      ))}
    </Layout>
  );
}
