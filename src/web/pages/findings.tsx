/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** What was found by each rule of a claim: on its own page, and after a verification. */
import type { Value } from "../../claims/values.ts";
import { pairedText } from "../../claims/paired.ts";
import type { Finding, Verdict } from "../../claims/judge.ts";
import { percent } from "../../fraction.ts";
import type { Links } from "../links.ts";
import { beside, ruleName, STATUS } from "../names.ts";
import { type Column, Table } from "./table.tsx";

/** The exact number, and what it is in percent, which no line breaks. */
function exact({ ours, fraction }: Value): string {
  return fraction ? `${ours} (${percent(fraction)}\u00a0%)` : ours;
}

function Rows({ finding, links }: { finding: Finding; links: Links }) {
  return (
    <>
      {finding.values.map((value, k) => (
        <tr>
          <th scope="row">
            {k === 0 ? ruleName(finding.rule) : ""}
            <div>
              <a href={links.page(`checkpoints/${value.checkpoint}`)}>{value.checkpoint}</a>
            </div>
          </th>
          <td class="number" data-label="ours">
            {exact(value)}
            {value.paired && <div class="dim">met alone: {pairedText(value.paired)}</div>}
          </td>
          <td class="number" data-label="wanted">
            {k === 0 ? finding.wanted : ""}
          </td>
          <td class="number" data-label="the paper's">
            {beside(value.quantity, value.paper)}
          </td>
          <td class="number" data-label="a reproduction's">
            {beside(value.quantity, value.reproduction)}
          </td>
          <td data-label="holds">
            {k === 0 && (
              <span class={finding.holds ? "match" : "mismatch"}>
                {finding.holds ? "yes" : "no"}
              </span>
            )}
          </td>
        </tr>
      ))}
    </>
  );
}

const COLUMNS: Column[] = [
  ["rule"],
  ["ours", "number exact"],
  ["wanted", "number"],
  ["the paper's", "number"],
  ["a reproduction's", "number"],
  ["holds", "brief"],
];

export function FindingsTable({ findings, links }: { findings: Finding[]; links: Links }) {
  return (
    <Table name="What each rule measures" layout="stack fixed" columns={COLUMNS}>
      <tbody>
        {findings.map((finding) => (
          <Rows finding={finding} links={links} />
        ))}
      </tbody>
    </Table>
  );
}

/** The status and why. */
export function VerdictLine({ verdict }: { verdict: Pick<Verdict, "status" | "reason"> }) {
  return (
    <p>
      <span class={`status ${verdict.status}`}>{STATUS[verdict.status]}</span>
      {verdict.reason && `: ${verdict.reason}`}
    </p>
  );
}
