/** The style of the pages: system fonts, light and dark, down to 360 px, and paper. */
export const STYLE = `:root {
  color-scheme: light dark;
  --ink: #1d2127; --dim: #565d68; --paper: #fff; --soft: #f3f5f8; --line: #d5dae1;
  --link: #0b57b0; --good: #14692f; --bad: #ab2317; --open: #6b5300;
  --c1: #0b62b8; --c2: #b3480b; --c3: #11704a; --c4: #8b2fa0; --c5: #a3174f; --c6: #4d5a68;
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    --ink: #e4e7eb; --dim: #a3abb7; --paper: #14171b; --soft: #1e2228; --line: #373e48;
    --link: #83b9ff; --good: #6fd08c; --bad: #ff9c8f; --open: #e3c45c;
    --c1: #6db3ff; --c2: #ff9f5e; --c3: #57c997; --c4: #d692ea; --c5: #ff86b3; --c6: #aab6c4;
  }
}
* { box-sizing: border-box; }
html { background: var(--paper); color: var(--ink); font: 16px/1.55 system-ui, sans-serif; }
body { margin: 0 auto; max-width: 62rem; padding: 0 1rem; overflow-wrap: break-word; }
header { border-bottom: 1px solid var(--line); }
nav { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0.25rem 1.1rem; padding: 0.7rem 0; }
nav a { text-decoration: none; padding: 0.15rem 0; }
nav a[aria-current] { border-bottom: 2px solid var(--link); }
.skip { position: absolute; left: -100vw; }
.skip:focus { position: static; }
h1 { font-size: 1.7rem; line-height: 1.2; margin: 1.6rem 0 0.8rem; }
h2 { font-size: 1.25rem; line-height: 1.3; margin: 2.2rem 0 0.6rem; }
h3 { font-size: 1.05rem; margin: 1.6rem 0 0.4rem; }
p, li { max-width: 46rem; }
a { color: var(--link); }
a:focus-visible, button:focus-visible, summary:focus-visible, input:focus-visible,
select:focus-visible, .wide:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
code, pre, .number { font-family: ui-monospace, "DejaVu Sans Mono", monospace; font-size: 0.88em; }
pre { background: var(--soft); padding: 0.7rem; border-radius: 4px;
  white-space: pre-wrap; overflow-wrap: anywhere; }
.dim { color: var(--dim); }
.lead { font-size: 1.1rem; }
.wide { overflow-x: auto; margin: 0.6rem 0; }
main > table { margin: 0.6rem 0; }
table { border-collapse: collapse; font-size: 0.92rem; }
caption { text-align: left; color: var(--dim); padding-bottom: 0.3rem; }
th, td { padding: 0.3rem 0.9rem 0.3rem 0; text-align: left; vertical-align: top;
  border-bottom: 1px solid var(--line); }
thead th { border-bottom-width: 2px; vertical-align: bottom; }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
th[scope="row"] { font-weight: 500; }
@media (min-width: 48rem) {
  .fixed { table-layout: fixed; width: 100%; }
  .fixed thead th:first-child { width: 31%; }
  .fixed thead .wide-only { width: 14%; }
  .fixed.stack thead th:first-child { width: 25%; }
  .fixed thead .exact { width: 18%; }
  .fixed thead .brief { width: 8%; }
  .fixed .number { white-space: normal; }
}
th.second { padding-left: 1.2rem; }
th.group { padding-top: 1rem; }
figure { margin: 1rem 0; }
figure svg { display: block; width: 100%; height: auto; }
.narrow-only { display: none; }
/* Words for whoever hears the page: the eye finds them in the column beside. */
th { position: relative; }
.unseen { display: block; position: absolute; width: 1px; height: 1px; overflow: hidden;
  clip-path: inset(50%); }
figcaption { color: var(--dim); font-size: 0.92rem; max-width: 46rem; }
.key { display: flex; flex-wrap: wrap; gap: 0.2rem 1.2rem; margin: 0.3rem 0; padding: 0;
  list-style: none; font-size: 0.9rem; }
.key svg { display: inline-block; width: 1.6rem; height: 0.8rem; vertical-align: -0.05rem;
  margin-right: 0.35rem; }
@media (scripting: none) { .key input, .key li:has([data-log]), #audit, #try { display: none; } }
.counts { display: flex; flex-wrap: wrap; gap: 0.6rem; padding: 0; margin: 1rem 0; list-style: none; }
.counts li { border: 1px solid var(--line); border-radius: 6px; padding: 0.5rem 1rem; }
.counts b { display: block; font-size: 1.7rem; line-height: 1.2; }
.reproduced { color: var(--good); }
.not-reproduced, .mismatch { color: var(--bad); }
.not-evaluated, .not-certified { color: var(--open); }
.match { color: var(--good); }
.status { font-weight: 600; white-space: nowrap; }
.ways { display: grid; grid-template-columns: repeat(auto-fit, minmax(16rem, 1fr)); gap: 1rem; }
.ways > section { background: var(--soft); border-radius: 6px; padding: 0.1rem 1rem 0.6rem; min-width: 0; }
.ways h3 { margin-top: 0.7rem; }
.claims { list-style: none; padding: 0; }
.claims li { border-bottom: 1px solid var(--line); padding: 0.45rem 0; max-width: none;
  display: grid; grid-template-columns: 8.2rem 1fr; gap: 0.8rem; }
main:has(#reproduced:target) li:not([data-status="reproduced"]),
main:has(#not-reproduced:target) li:not([data-status="not-reproduced"]),
main:has(#not-evaluated:target) li:not([data-status="not-evaluated"]),
main:has(#reproduced:target) section:not(:has([data-status="reproduced"])),
main:has(#not-reproduced:target) section:not(:has([data-status="not-reproduced"])),
main:has(#not-evaluated:target) section:not(:has([data-status="not-evaluated"])) { display: none; }
button, .button { font: inherit; color: var(--paper); background: var(--link); border: 0;
  border-radius: 4px; padding: 0.45rem 0.9rem; cursor: pointer; text-decoration: none;
  display: inline-block; margin: 0.2rem 0.5rem 0.2rem 0; }
button.plain { color: var(--link); background: none; border: 1px solid var(--link); }
button:disabled, button[aria-disabled="true"] { opacity: 0.5; cursor: default; }
input[type="file"] { width: 100%; }
select, input { font: inherit; color: inherit; background: var(--paper); max-width: 100%;
  border: 1px solid var(--dim); border-radius: 4px; padding: 0.3rem; }
#target { width: 100%; } /* a long claim's id is wider than a telephone */
label:has(#target) { display: block; }
input[type="checkbox"] { width: 1.05rem; height: 1.05rem; vertical-align: -0.15rem; }
fieldset { border: 1px solid var(--line); border-radius: 6px; margin: 1rem 0; min-width: 0; }
progress { width: 100%; height: 1rem; }
.controls { display: flex; flex-wrap: wrap; gap: 0.3rem 1rem; margin: 0.4rem 0; font-size: 0.92rem; }
.drop { border: 2px dashed var(--dim); border-radius: 6px; padding: 1rem; }
.drop.over { border-color: var(--link); background: var(--soft); }
.pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 26rem), 1fr)); gap: 0 3rem; }
.twins { width: 100%; table-layout: fixed; }
.twins caption { color: inherit; font-weight: 600; padding: 0.6rem 0; }
.twins td, .twins tbody th { vertical-align: middle; line-height: 1.3; padding: 0.25rem 0.5rem 0.25rem 0; }
.twins thead .dim { font-weight: 400; }
.twins img { width: 3rem; height: 3rem; image-rendering: pixelated; display: block; background: var(--soft); }
.seen { width: 6rem; height: 6rem; image-rendering: pixelated; margin-top: 0.8rem; }
.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(19rem, 1fr)); gap: 1rem 2rem; }
.bar { display: grid; grid-template-columns: 6rem 1fr 4rem; gap: 0.5rem; font-size: 0.85rem;
  align-items: center; }
.bar i { background: var(--c1); height: 0.7rem; display: block; }
[hidden] { display: none !important; }
footer { border-top: 1px solid var(--line); margin-top: 3rem; padding: 1rem 0 2rem;
  color: var(--dim); font-size: 0.9rem; }
@media (max-width: 34rem) {
  h1 { font-size: 1.4rem; }
  .claims li { grid-template-columns: 1fr; gap: 0; }
  .wide-only { display: none; }
  .narrow-only { display: block; }
  .unseen.narrow-only { position: static; width: auto; height: auto; clip-path: none; }
  table { font-size: 0.84rem; }
  th, td { padding-right: 0.5rem; }
  td.number { white-space: normal; }
  /* A row is a list there, what is in its cells named beside it. */
  .stack thead, .stack td:empty { display: none; }
  .stack, .stack tbody, .stack tr, .stack th { display: block; }
  .stack tr { border-bottom: 1px solid var(--line); padding: 0.3rem 0; }
  .stack td { display: flex; gap: 0.8rem; text-align: left; white-space: normal; overflow-wrap: anywhere; }
  .stack th, .stack td { border: 0; padding: 0.1rem 0; }
  .stack td[data-label]::before { content: attr(data-label); flex: 0 0 6.5rem; color: var(--dim);
    font: 0.84rem/1.55 system-ui, sans-serif; overflow-wrap: break-word; }
}
@media print {
  :root { color-scheme: light; }
  nav, footer, button, .button, .controls, .skip, .key input, .key li:has([data-log]), #try { display: none; }
  tr, figure, .claims li { break-inside: avoid; }
  .pair { display: block; }
  body { max-width: none; }
  a { color: inherit; }
}
`;
export const ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><rect width="16" height="16" rx="3" fill="#0b62b8"/><path d="M3 4.5h10M3 8h10M3 11.500h3" stroke="#fff" stroke-width="2"/></svg>`;
