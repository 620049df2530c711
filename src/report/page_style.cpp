#include "report/page.hpp"

namespace csatdb::report {

// Whoever changes style or script changes its hash; the test tells the new one.
const std::string_view kStyleHash = "qDpfp79u7PXFgbxI1BlN0dHF9edGJ2Jns78LumnhWuU=";
const std::string_view kScriptHash = "o2Oj6ZzoWQftn6Fu+UYXbEvKdlu51pUrN8WcSSUode4=";

std::string_view page_style() {
  return R"css(
:root {
  color-scheme: light dark;
  --paper: #f6f7f8; --card: #ffffff; --rule: #e1e4e8; --grid: #e8eaed;
  --ink: #1b1f24; --soft: #59636e; --line: #2563a8; --band: #2563a826; --moving: #8a5a00;
  --above: #0b7a5f; --below: #b8470f; --track: #eceff2; --volume: #c3cad2;
  --cold2: #b8470f; --cold1: #eba878; --even: #dfe3e8; --warm1: #7fc0ae; --warm2: #0b7a5f;
  --v1: #dfe9f4; --v2: #b5cfe8; --v3: #7fabd6; --v4: #4a83bd; --v5: #225b98;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #121417; --card: #1a1d22; --rule: #2d323a; --grid: #2a2f36;
    --ink: #e7eaee; --soft: #a0a9b4; --line: #78b0ee; --band: #78b0ee2e; --moving: #e0b050;
    --above: #4fc3a1; --below: #f19a62; --track: #262b32; --volume: #4a525d;
    --cold2: #f08a4b; --cold1: #96593a; --even: #363c45; --warm1: #2f7565; --warm2: #4fc3a1;
    --v1: #1f2c3a; --v2: #27445f; --v3: #2f6191; --v4: #4a86c0; --v5: #86bdf2;
  }
}
* { box-sizing: border-box; }
html { scroll-behavior: smooth; }
body { margin: 0; background: var(--paper); color: var(--ink);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", Arial, sans-serif; }
main { max-width: 1240px; margin: 0 auto; padding: 28px 20px 48px; }
h1 { font-size: 1.75rem; line-height: 1.2; margin: 0; letter-spacing: -0.01em; }
h2 { font-size: 1.1rem; line-height: 1.3; margin: 0 0 4px; }
p { margin: 0 0 8px; }
header p { color: var(--soft); margin: 6px 0 0; }
nav { margin: 14px 0 0; font-size: 0.88rem; line-height: 1.9; }
nav a { margin-right: 14px; white-space: nowrap; }
a { color: var(--line); text-underline-offset: 2px; }
.skip { position: absolute; left: -9999px; }
.skip:focus { left: 8px; top: 8px; background: var(--card); padding: 6px 10px; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
.tiles { display: grid; gap: 16px; margin-top: 20px; grid-template-columns: repeat(auto-fit, minmax(200px, 1fr)); }
.cards { columns: 2 500px; column-gap: 16px; margin-top: 16px; }
.tile, .card { background: var(--card); border: 1px solid var(--rule); border-radius: 8px; min-width: 0; }
.tile { padding: 14px 16px 12px; }
.tile h2 { font-size: 0.88rem; font-weight: 600; color: var(--soft); margin: 0; }
.tile .big { font-size: 2rem; font-weight: 650; line-height: 1.25; margin: 0; letter-spacing: -0.02em;
  font-variant-numeric: tabular-nums; }
.tile .big small { font-size: 1.05rem; font-weight: 500; color: var(--soft); margin-left: 2px; }
.tile p:not(.big) { font-size: 0.84rem; color: var(--soft); margin: 0; }
.tile .up { color: var(--above); font-weight: 600; }
.tile .down { color: var(--below); font-weight: 600; }
.card { padding: 18px 20px 14px; margin: 0 0 16px; break-inside: avoid; }
.card.full { column-span: all; margin-top: 16px; }
.lead { color: var(--soft); font-size: 0.9rem; margin-bottom: 12px; }
.note { color: var(--soft); font-size: 0.8rem; margin: 6px 0 0; }
.empty { color: var(--soft); padding: 18px 0; }
svg { display: block; overflow: visible; }
svg text { fill: var(--soft); font-size: 11.5px; font-variant-numeric: tabular-nums; }
.chart { padding: 8px 14px 0 42px; }
.bars { margin-top: 14px; }
.grid { stroke: var(--grid); stroke-width: 1; shape-rendering: crispEdges; }
.reference { stroke: var(--soft); stroke-width: 1; stroke-dasharray: 2 2; }
.band { fill: var(--band); stroke: none; }
.line, .moving { fill: none; stroke: var(--line); stroke-width: 2; vector-effect: non-scaling-stroke;
  stroke-linejoin: round; }
.moving { stroke: var(--moving); stroke-dasharray: 5 4; }
.dot { fill: var(--line); stroke: var(--line); stroke-width: 1.5; }
.dot.above { fill: var(--above); stroke: var(--above); }
.dot.below { fill: var(--below); stroke: var(--below); }
.dot.hollow { fill: var(--card); }
.span { stroke: var(--line); stroke-width: 2; opacity: 0.6; }
.span.above { stroke: var(--above); }
.span.below { stroke: var(--below); }
.hit { fill: transparent; }
.hit:hover { fill: var(--band); }
.volume { fill: var(--volume); }
.track { fill: var(--track); }
.bar { fill: var(--line); }
.part.low, .key.low { fill: var(--cold2); background: var(--cold2); }
.part.middle, .key.middle { fill: var(--even); background: var(--even); }
.part.high, .key.high { fill: var(--warm2); background: var(--warm2); }
.cell.none, .key.none { fill: none; stroke: var(--rule); stroke-width: 0.5; }
.c-2, .key.c-2 { fill: var(--cold2); background: var(--cold2); }
.c-1, .key.c-1 { fill: var(--cold1); background: var(--cold1); }
.c0, .key.c0 { fill: var(--even); background: var(--even); }
.c1, .key.c1 { fill: var(--warm1); background: var(--warm1); }
.c2, .key.c2 { fill: var(--warm2); background: var(--warm2); }
.v1 { fill: var(--v1); background: var(--v1); }
.v2 { fill: var(--v2); background: var(--v2); }
.v3 { fill: var(--v3); background: var(--v3); }
.v4 { fill: var(--v4); background: var(--v4); }
.v5 { fill: var(--v5); background: var(--v5); }
.keys { display: flex; flex-wrap: wrap; gap: 2px 14px; font-size: 0.8rem; color: var(--soft); margin: 8px 0 0; }
.keys span { display: inline-flex; align-items: center; gap: 5px; }
.key { width: 12px; height: 12px; border-radius: 2px; display: inline-block; }
.key.none { border: 1px solid var(--rule); }
.key.stroke { height: 0; width: 18px; border-top: 2px solid var(--line); border-radius: 0; }
.key.dashes { height: 0; width: 18px; border-top: 2px dashed var(--moving); border-radius: 0; }
.key.shade { background: var(--band); }
.key.ring { border: 2px solid var(--line); border-radius: 50%; width: 10px; height: 10px; }
table { border-collapse: collapse; width: 100%; font-size: 0.88rem; }
th, td { text-align: left; padding: 3px 8px; border-bottom: 1px solid var(--grid); vertical-align: middle; font-weight: 400; }
thead th { color: var(--soft); font-size: 0.8rem; vertical-align: bottom; border-bottom: 1px solid var(--rule); }
tbody tr:last-child > * { border-bottom: 0; }
th:first-child, td:first-child { padding-left: 0; }
th:last-child, td:last-child { padding-right: 0; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.value { font-weight: 650; }
.forest th[scope=row] { min-width: 96px; }
.forest .wide { width: 40%; min-width: 100px; padding: 0 10px; }
.forest .interval { color: var(--soft); }
.full .forest th[scope=row] { min-width: 170px; }
.full .forest .wide { width: 26%; }
.steps .wide { width: 46%; min-width: 110px; }
.part th { font-weight: 650; padding-top: 12px; font-size: 0.84rem; }
tr[hidden] { display: none; }
.verdict { font-size: 0.75rem; white-space: nowrap; }
.verdict.above { color: var(--above); }
.verdict.below { color: var(--below); }
.filter { margin: 0 0 8px; font-size: 0.88rem; }
input { font: inherit; color: inherit; background: var(--paper); border: 1px solid var(--rule); border-radius: 6px; padding: 4px 8px; }
.choices { color: var(--soft); font-size: 0.8rem; }
.scroll { overflow-x: auto; }
details { margin-top: 8px; font-size: 0.84rem; }
summary { cursor: pointer; color: var(--line); }
details table { font-size: 0.78rem; margin-top: 8px; }
details td, details th { padding: 2px 8px 2px 0; white-space: nowrap; }
code { font: 0.92em ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
.words { list-style: none; margin: 0; padding: 0; columns: 2 420px; column-gap: 28px; }
.words li { break-inside: avoid; padding: 9px 0; border-bottom: 1px solid var(--grid); }
.words p { margin: 2px 0 0; white-space: pre-line; overflow-wrap: anywhere; }
.words .about { color: var(--soft); font-size: 0.8rem; }
.chip { display: inline-block; border: 1px solid var(--rule); border-radius: 10px; padding: 0 7px; margin-right: 4px; }
.chip.low { color: var(--below); border-color: var(--below); }
.chip.high { color: var(--above); border-color: var(--above); }
.bad { color: var(--below); }
footer { color: var(--soft); font-size: 0.8rem; margin-top: 28px; }
@media (max-width: 640px) {
  main { padding: 18px 10px 32px; }
  .card { padding: 14px 12px 12px; }
  .chart { padding: 8px 12px 0 36px; }
  nav { white-space: nowrap; overflow-x: auto; padding-bottom: 4px; }
  .tiles { grid-template-columns: 1fr 1fr; gap: 8px; }
  .tile { padding: 10px 11px; }
  .tile .big { font-size: 1.55rem; }
  .forest .interval, .forest .more { display: none; }
  .forest th[scope=row], .full .forest th[scope=row] { min-width: 84px; }
  .full .forest .wide { width: 40%; }
  .forest th, .forest td, .steps th, .steps td { padding-left: 4px; padding-right: 4px; }
}
@media print {
  :root { color-scheme: light; }
  body { background: #fff; font-size: 11px; }
  main { max-width: none; padding: 0; }
  nav, .skip, .filter, details:not([open]) { display: none; }
  .card, .tile { border-color: #ccc; }
  h2, .lead { break-after: avoid; }
  .full .forest, .full .forest th { font-size: 8.5px; }
  .full .forest th, .full .forest td { padding: 2px 4px 2px 0; }
  .scroll { overflow: visible; }
  .scroll table { font-size: 8.5px; }
  .scroll th, .scroll td { padding: 2px 4px 2px 0; }
  .scroll thead th { font-size: 8.5px; white-space: normal; }
  .card.full { break-inside: auto; }
  svg, .key { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
}
)css";
}

std::string_view page_script() {
  return R"js(
for (const field of document.querySelectorAll('.filter')) {
  const rows = field.nextElementSibling.tBodies[0].rows;
  field.hidden = false;
  field.querySelector('input').addEventListener('input', event => {
    const wanted = event.target.value.trim().toLowerCase();
    for (const row of rows) row.hidden = !row.cells[0].textContent.toLowerCase().includes(wanted);
  });
}
)js";
}

}  // namespace csatdb::report
