/** The style of the inspector. Light or dark is what the `color-scheme` around the element says; a page sets it, or the system's is used. */
export const STYLES = `
:host {
  --text: light-dark(#1b1f24, #e6edf3);
  --quiet: light-dark(#57606a, #a8b1bb);
  --ground: light-dark(#ffffff, #0d1117);
  --card: light-dark(#f6f8fa, #161b22);
  --line: light-dark(#8c959f, #6e7681);
  --grid: light-dark(#d8dee4, #30363d);
  --accent: light-dark(#0550ae, #79c0ff);
  --good: light-dark(#116329, #7ee787);
  --warn: light-dark(#7d4e00, #e3b341);
  --bad: light-dark(#a40e26, #ff9492);
  --lit: light-dark(#fff8c5, #3b2f00);
  --series-0: light-dark(#0550ae, #79c0ff);
  --series-1: light-dark(#a23b00, #ffa657);
  display: block;
  container-type: inline-size;
  color: var(--text);
  background: var(--ground);
  font: 0.875rem/1.5 system-ui, sans-serif;
  text-align: start;
}
:host([hidden]) { display: none; }
* { box-sizing: border-box; }
h2, h3, h4, p, dl, dd, ul, ol, figure, fieldset { margin: 0; padding: 0; }
fieldset { border: 0; min-width: 0; }
ul, ol { list-style: none; }
h2 { font-size: 1rem; line-height: 1.25; }
h3 { font-size: 0.9375rem; margin: 0.75rem 0 0.25rem; }
h4 { font-size: 0.875rem; margin: 0 0 0.25rem; overflow-wrap: anywhere; }
.frame { border: 1px solid var(--line); border-radius: 0.5rem; overflow: clip; }
header { display: flex; flex-wrap: wrap; align-items: center; gap: 0.5rem; padding: 0.5rem 0.75rem; background: var(--card); }
header .grow { flex: 1 1 auto; min-width: 0; overflow-wrap: anywhere; }
.state { border: 1px solid currentColor; border-radius: 1rem; padding: 0 0.5rem; white-space: nowrap; }
.state.connected { color: var(--good); }
.state.opening, .state.signaling, .state.negotiating, .state.ending { color: var(--warn); }
.state.ended-badly { color: var(--bad); }
button, select, input, textarea { font: inherit; color: inherit; accent-color: var(--accent); }
button, select, .file {
  min-height: 2rem; padding: 0.125rem 0.625rem; background: var(--ground); border: 1px solid var(--line); border-radius: 0.375rem; cursor: pointer;
}
button:hover, select:hover, .file:hover { border-color: var(--accent); }
button:disabled { cursor: not-allowed; color: var(--quiet); }
input:not([type=checkbox]), textarea { width: 100%; min-height: 2rem; padding: 0.125rem 0.5rem; background: var(--ground); border: 1px solid var(--line); border-radius: 0.375rem; }
textarea { font-family: ui-monospace, monospace; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: -2px; }
.file { display: inline-flex; align-items: center; position: relative; }
.file input { position: absolute; inset: 0; opacity: 0; cursor: pointer; }
.file:focus-within { outline: 3px solid var(--accent); outline-offset: -2px; }
.copy { min-height: 1.5rem; padding: 0 0.5rem; font-size: 0.8125rem; margin-inline-start: 0.5rem; }
.tabs { display: flex; flex-wrap: wrap; background: var(--card); border-block-end: 1px solid var(--line); }
.tabs button { flex: none; min-height: 2.5rem; border: 0; border-radius: 0; background: none; border-block-end: 3px solid transparent; }
.tabs button[aria-selected=true] { border-block-end-color: var(--accent); color: var(--accent); font-weight: 600; }
.panel { padding: 0.5rem 0.75rem 0.75rem; min-height: 12rem; }
.banner { display: flex; flex-wrap: wrap; align-items: center; gap: 0.5rem; padding: 0.5rem 0.75rem; border-block-end: 1px solid var(--line); background: var(--lit); }
.banner ul { flex-basis: 100%; max-height: 8rem; overflow: auto; }
.verdict { font-weight: 600; overflow-wrap: anywhere; padding: 0.25rem 0; }
.quiet { color: var(--quiet); }
.bad { color: var(--bad); }
.code, .json, .at, .report td, .report th { font-family: ui-monospace, monospace; font-size: 0.8125rem; overflow-wrap: anywhere; }
.facts > div { display: grid; grid-template-columns: 10rem minmax(0, 1fr); gap: 0.5rem; padding: 0.125rem 0; border-block-end: 1px solid var(--grid); }
.facts dt, .cells dt { color: var(--quiet); }
.facts dd { overflow-wrap: anywhere; }
.tools { display: flex; flex-wrap: wrap; align-items: center; gap: 0.25rem 0.75rem; margin-block-end: 0.5rem; }
.search { display: flex; align-items: center; gap: 0.5rem; flex: 1 1 12rem; }
.sources { display: flex; flex-wrap: wrap; gap: 0 0.75rem; flex-basis: 100%; }
.sources legend { float: inline-start; margin-inline-end: 0.75rem; color: var(--quiet); }
.sources label, .check { display: inline-flex; align-items: center; gap: 0.25rem; }
.check { margin-block: 0.5rem; }
.count { color: var(--quiet); }
.browser { display: grid; grid-template-columns: minmax(0, 3fr) minmax(0, 2fr); gap: 0.75rem; }
.list { height: 24rem; overflow: auto; border: 1px solid var(--line); border-radius: 0.375rem; overscroll-behavior: contain; }
.list-space { overflow: hidden; }
.row {
  height: 28px; display: grid; grid-template-columns: 4rem 7.5rem minmax(6rem, 11rem) minmax(0, 1fr); gap: 0.5rem; align-items: center;
  padding-inline: 0.5rem; white-space: nowrap; cursor: pointer; contain: strict;
}
.row > * { overflow: hidden; text-overflow: ellipsis; }
.row:hover { background: var(--card); }
.row[aria-selected=true] { background: var(--lit); }
.row .at { text-align: end; color: var(--quiet); }
.row .summary { color: var(--quiet); }
.row .what { font-weight: 600; }
.source { border-inline-start: 4px solid var(--mark, var(--line)); padding-inline-start: 0.375rem; }
.source-session { --mark: light-dark(#0550ae, #79c0ff); }
.source-websocket { --mark: light-dark(#8250df, #d2a8ff); }
.source-datachannel { --mark: light-dark(#116329, #7ee787); }
.source-peer-connection { --mark: light-dark(#a23b00, #ffa657); }
.source-signaling { --mark: light-dark(#57606a, #a8b1bb); }
.source-sdk { --mark: light-dark(#a40e26, #ff9492); }
.json { margin: 0; padding: 0.5rem; max-height: 22rem; overflow: auto; background: var(--card); border: 1px solid var(--grid); border-radius: 0.375rem; white-space: pre-wrap; }
.chosen { min-width: 0; }
.chosen h3 { margin-block-start: 0; overflow-wrap: anywhere; }
.scroller { overflow: auto; max-height: 24rem; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: start; padding: 0.125rem 0.5rem; border-block-end: 1px solid var(--grid); vertical-align: top; overflow-wrap: anywhere; }
thead th { color: var(--quiet); font-weight: 400; }
.report { table-layout: fixed; }
.report th { font-weight: 400; }
.changed td { background: var(--lit); }
.charts { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(18rem, 100%), 1fr)); gap: 0.75rem; }
figure { border: 1px solid var(--grid); border-radius: 0.375rem; padding: 0.5rem; min-width: 0; }
figcaption { display: flex; flex-wrap: wrap; gap: 0 0.75rem; }
.swatch { display: inline-block; width: 0.75rem; height: 0.75rem; margin-inline-end: 0.25rem; background: currentColor; border-radius: 2px; }
.swatch-0 { color: var(--series-0); }
.swatch-1 { color: var(--series-1); }
.plot { height: 120px; overflow: hidden; color: var(--quiet); outline-color: var(--grid); }
.plot .uplot { position: relative; width: min-content; font: 11px system-ui, sans-serif; }
.plot .u-wrap { position: relative; }
.plot .u-over, .plot .u-under { position: absolute; overflow: hidden; }
.plot .u-axis { position: absolute; }
.plot canvas { display: block; position: relative; width: 100%; height: 100%; }
details { border: 1px solid var(--grid); border-radius: 0.375rem; margin-block-start: 0.25rem; }
summary { cursor: pointer; padding: 0.25rem 0.5rem; overflow-wrap: anywhere; }
details > :not(summary) { padding-inline: 0.5rem; }
.streams { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(20rem, 100%), 1fr)); gap: 0.75rem; }
.streams > li, .members > li, .calls > li { border: 1px solid var(--grid); border-radius: 0.375rem; padding: 0.5rem; margin-block-end: 0.25rem; overflow-wrap: anywhere; }
.members > li { display: flex; flex-wrap: wrap; align-items: center; gap: 0.25rem 0.5rem; }
.cells { display: grid; grid-template-columns: repeat(auto-fill, minmax(8.5rem, 1fr)); gap: 0.25rem 0.75rem; }
.grade.noticeable { color: var(--warn); }
.grade.long, .grade.veryLong { color: var(--bad); font-weight: 600; }
meter { width: 100%; }
.badge { border: 1px solid var(--accent); color: var(--accent); border-radius: 1rem; padding: 0 0.5rem; font-size: 0.8125rem; }
.line { display: flex; flex-wrap: wrap; gap: 0.5rem; align-items: end; }
.stack { display: grid; gap: 0.5rem; }
.line label, .stack > label { display: grid; gap: 0.125rem; }
.line .check { display: inline-flex; }
.wide { flex: 1 1 12rem; }
.messages > li { display: flex; flex-wrap: wrap; gap: 0 0.75rem; padding: 0.125rem 0; border-block-end: 1px solid var(--grid); }
.messages .text { flex: 1 1 10rem; white-space: pre-wrap; }
.codecs > li { padding: 0.125rem 0; border-block-end: 1px solid var(--grid); }
.codecs ul { padding-inline-start: 1rem; color: var(--quiet); }
.diagram {
  overflow-x: auto;
  --rx-sora-paper: var(--ground); --rx-sora-ink: var(--text); --rx-sora-quiet: var(--quiet); --rx-sora-rule: var(--grid);
  --rx-sora-good: var(--good); --rx-sora-busy: var(--accent); --rx-sora-warn: var(--warn); --rx-sora-bad: var(--bad);
}
.diagram svg { display: block; max-width: none; }
.diagram [data-entry] { cursor: pointer; }
.status { min-height: 1.5rem; padding: 0.125rem 0.75rem; color: var(--quiet); border-block-start: 1px solid var(--grid); overflow-wrap: anywhere; }
@container (max-width: 44rem) {
  .browser { grid-template-columns: minmax(0, 1fr); }
  .list { height: 18rem; }
  .row { grid-template-columns: 3.5rem minmax(5rem, auto) minmax(0, 1fr); }
  .row .source { font-size: 0; width: 8px; padding: 0; height: 1rem; grid-column: 1; grid-row: 1; justify-self: start; }
  .row .at { grid-column: 1; grid-row: 1; }
}
@container (max-width: 26rem) {
  .tabs { flex-wrap: nowrap; overflow-x: auto; scrollbar-width: thin; }
  .facts > div { grid-template-columns: minmax(0, 1fr); gap: 0; }
}
`;
