/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** /claims/{id}/verification: what a server found, for a browser that runs no script. */
import type { Claim } from "../../claims/claim.ts";
import type { Report } from "../../verification/verify-claims.ts";
import { type Frame, Layout } from "../layout.tsx";
import { Verified } from "./verified.tsx";

export function VerificationPage({
  claim,
  report,
  ...frame
}: Frame & { claim: Claim; report: Report }) {
  const { links } = frame;
  return (
    <Layout {...frame} here="claims" title={`${claim.id}, verified`} about={claim.statement}>
      <h1>{claim.statement}</h1>
      <Verified report={report} links={links} />
      <p>
        <a href={links.page(`claims/${claim.id}`)}>Back to the claim</a>
      </p>
    </Layout>
  );
}
