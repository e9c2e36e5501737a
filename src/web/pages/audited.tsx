/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** What an audit found, what it checked and what it did not. */
import type { Audit } from "../audit/messages.ts";
import type { Links } from "../links.ts";
import { Verified } from "./verified.tsx";

export function Audited({ audit, links }: { audit: Audit; links: Links }) {
  const { report, checked, notChecked, digest, seconds, workers } = audit;
  return (
    <>
      <h2 class={report.matched ? "match" : "mismatch"} id="outcome">
        {report.matched ? "All that was recomputed matches" : "Not all of it matches"}
      </h2>
      <p class="dim">
        {seconds.toFixed(1)} s on {workers} workers; the report has the digest <code>{digest}</code>
        .
      </p>
      <Verified report={report} links={links} />
      <h3>Checked</h3>
      <ul>
        {checked.map((text) => (
          <li>{text}</li>
        ))}
      </ul>
      <h3>Not checked</h3>
      <ul>
        {notChecked.map((text) => (
          <li>{text}</li>
        ))}
      </ul>
    </>
  );
}
