/** Verdicts by table and figure, the paper's numbers beside ours. */
import { type Claim, groupsOf } from "../claims/claim.ts";
import { aloneText, pText } from "../claims/paired.ts";
import { commandLine } from "../command.ts";
import type { Value } from "../claims/values.ts";
import { percent } from "../fraction.ts";
import { paper } from "../claims/paper.ts";
import type { Finding, Status, Verdict } from "../claims/judge.ts";
import { lateReason } from "../claims/registered.ts";
import { seedsText } from "../claims/seeds.ts";
import { columns, wrapped } from "./columns.ts";

interface Decided {
  claim: Claim;
  verdict: Verdict;
}

export function statusText(status: Status): string {
  return status.replace("-", " ");
}

function paperText({ paper, fraction, quantity }: Value): string {
  if (paper === undefined) return "";
  if (fraction) return `${paper.toFixed(2)} %`;
  return quantity === "epochs" ? `× ${paper}` : `${paper}`;
}

function oursText({ ours, fraction }: Value): string {
  return fraction ? `${ours} ${percent(fraction)} %` : ours;
}

function differenceText({ points, reproduction, quantity, paired }: Value): string {
  if (paired && quantity === "paired") return pText(paired);
  if (points === undefined) return "";
  const by = `${points > 0 ? "+" : ""}${points.toFixed(2)}`;
  return reproduction === undefined ? by : `${by} (${Number(reproduction.toFixed(2))} %)`;
}

/** A line a value; the first says what was wanted, and marks a rule that fails. */
function findingRows({ values, wanted, holds }: Finding): string[][] {
  return values.flatMap((value, k) => [
    [
      ` ${value.checkpoint}`,
      value.quantity,
      oursText(value),
      paperText(value),
      k === 0 ? `${holds ? "" : "✗ "}${wanted}` : "",
      differenceText(value),
    ],
    ...(value.paired && value.quantity !== "paired"
      ? [[` ${value.checkpoint}`, "paired", aloneText(value.paired), "", "", pText(value.paired)]]
      : []),
  ]);
}

/** Names a checkpoint only where it is another than the line before names. */
function onceEach(rows: string[][]): string[][] {
  return rows.map(([checkpoint = "", ...rest], k) => [
    checkpoint === rows[k - 1]?.[0] ? "" : checkpoint,
    ...rest,
  ]);
}

const LEGEND = [
  wrapped(
    `off by: percentage points from the paper's number, where more than two; in brackets: ${paper.reproduction.who}`,
  ),
];
const HEAD = ["", "", "ours", "paper", "wanted", "off by"];
const WIDTHS = [37, 7, 21, 8, 21, 16]; // and two between: 120

function claimText({ claim, verdict }: Decided): string {
  const reason = verdict.reason && `: ${verdict.reason}`;
  const { seeds } = verdict;
  const drawn = seeds ? ` ${seedsText(seeds, claim.rules.length)}` : "";
  const late = lateReason(claim.id) ? ", registered late" : "";
  const said = `${statusText(verdict.status)}${drawn}${late}`;
  const title = wrapped(`${claim.id}: ${said}${reason}`, "    ");
  return verdict.findings.length === 0
    ? title
    : `${title}\n${columns(onceEach(verdict.findings.flatMap(findingRows)), WIDTHS)}`;
}

/** Claims of which nothing could be decided for want of checkpoints: one line for all. */
function wantingText(wanting: Decided[]): string[] {
  const [first] = wanting.flatMap(({ verdict }) => verdict.missing);
  if (first === undefined) return [];
  return [
    `${wanting.length} not evaluated for want of checkpoints: ${commandLine("train", first)}, and what else ${commandLine("list")} names`,
  ];
}

/** Claims that no checkpoint here could decide: what the paper reports, and one reason for each kind. */
function beyondReachText(beyond: Decided[]): string[] {
  const reasons = [...new Set(beyond.map(({ verdict }) => verdict.reason))];
  return [
    ...beyond.map(({ claim }) =>
      wrapped(`${claim.id}: not evaluated; paper: ${claim.beyondReach?.paper}`),
    ),
    ...reasons.map((reason) => wrapped(`  (${reason})`)),
  ];
}

function groupText(group: string, decided: Decided[]): string[] {
  if (decided.length === 0) return [];
  const beyond = decided.filter(({ claim }) => claim.beyondReach);
  const wanting = decided.filter(
    ({ verdict }) =>
      verdict.status === "not-evaluated" &&
      verdict.missing.length > 0 &&
      verdict.findings.length === 0,
  );
  const shown = decided.filter((d) => !beyond.includes(d) && !wanting.includes(d));
  const head = shown.some(({ verdict }) => verdict.findings.length > 0)
    ? columns([[group, ...HEAD.slice(1)]], WIDTHS)
    : group;
  return ["", head, ...shown.map(claimText), ...wantingText(wanting), ...beyondReachText(beyond)];
}

/** "12 reproduced, 1 not reproduced, 30 not evaluated" */
export function summary(verdicts: Verdict[]): string {
  const count = (status: Status) =>
    `${verdicts.filter((v) => v.status === status).length} ${statusText(status)}`;
  return [count("reproduced"), count("not-reproduced"), count("not-evaluated")].join(", ");
}

/**
 * Claims with their verdicts, in the order of the groups. "off by" stands where
 * ours differs from the paper by more than two points, beside what an
 * independent reproduction got.
 */
export function claimsTable(claims: Claim[], verdicts: Verdict[]): string {
  const decided = claims.flatMap((claim) => {
    const verdict = verdicts.find((v) => v.claim === claim.id);
    return verdict ? [{ claim, verdict }] : [];
  });
  const lines = groupsOf(claims).flatMap((group) =>
    groupText(
      group,
      decided.filter(({ claim }) => claim.group === group),
    ),
  );
  const off = verdicts.some(({ findings }) =>
    findings.some(({ values }) => values.some(({ points }) => points !== undefined)),
  );
  return [...lines, ...(off ? ["", ...LEGEND] : [])].join("\n");
}
