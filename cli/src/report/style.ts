// The style sheet of the report: one column on a phone, two on a desk, light and dark, and ink on paper.

export const STYLE = `
:root {
  color-scheme: light dark;
  --paper: #fbfaf8; --card: #ffffff; --ink: #1d1c1a; --soft: #6a6761; --line: #e4e1da; --faint: #f3f1ec;
  --blue: #2f62c9; --orange: #c4581a; --green: #23795a; --red: #b3352c; --warn: #fdf3dc; --warn-line: #e6c77a;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #131417; --card: #1b1d21; --ink: #e9e7e2; --soft: #a09d96; --line: #32353b; --faint: #23262b;
    --blue: #7fa9ff; --orange: #ffa060; --green: #6fcfa6; --red: #ff8d82; --warn: #2e281a; --warn-line: #6d5a2a;
  }
}
* { box-sizing: border-box }
html { -webkit-text-size-adjust: 100% }
body {
  margin: 0; background: var(--paper); color: var(--ink);
  font: 16px/1.55 ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
}
main { max-width: 1060px; margin: 0 auto; padding: 48px 24px 80px }
header p { margin: 0 }
.kicker { color: var(--soft); font-size: 14px }
h1 { font-size: clamp(26px, 5vw, 38px); line-height: 1.15; letter-spacing: -0.02em; margin: 6px 0 14px; text-wrap: balance }
.lead { font-size: 18px; max-width: 44em; text-wrap: pretty }
h2 { font-size: 21px; letter-spacing: -0.01em; margin: 56px 0 6px }
h3 { font-size: 16px; margin: 0 0 2px }
section > p { max-width: 46em; color: var(--soft); margin: 0 0 16px }
code, pre, .mono { font-family: ui-monospace, "SF Mono", "Cascadia Code", Menlo, Consolas, monospace; font-size: 0.9em }
pre { background: var(--faint); border: 1px solid var(--line); border-radius: 10px; padding: 16px 18px; overflow-x: auto; line-height: 1.5 }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(190px, 40vw), 1fr)); gap: 14px; margin: 28px 0 0 }
.tile, figure, .panel { background: var(--card); border: 1px solid var(--line); border-radius: 14px }
.tile { padding: 16px 18px }
.tile dt { color: var(--soft); font-size: 14px }
.tile dd { margin: 0; font-size: 30px; letter-spacing: -0.02em; font-variant-numeric: tabular-nums; line-height: 1.3 }
.tile dd + dd { font-size: 14px; letter-spacing: 0; color: var(--soft) }
.grid { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 18px }
figure { margin: 0; padding: 18px 18px 12px; min-width: 0 }
figure.wide { grid-column: 1 / -1 }
figure.tall { grid-row: span 2 }
figcaption { margin-bottom: 8px }
figcaption p { margin: 0; color: var(--soft); font-size: 14px; line-height: 1.45 }
figure svg { display: block; width: 100%; height: auto; overflow: visible; color: var(--ink); background: none }
figure details { margin-top: 8px; font-size: 14px; color: var(--soft) }
.key { display: inline-block; width: 10px; height: 10px; border-radius: 3px; margin: 0 5px 0 0 }
.trace { overflow-x: auto }
.trace svg { width: auto; max-width: 100%; margin: 0 auto }
.trace + ul { margin: 14px 0 0 }
ul + pre { margin-top: 18px }
.scroll { overflow-x: auto }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums }
th, td { text-align: left; padding: 7px 14px 7px 0; border-bottom: 1px solid var(--line); vertical-align: baseline }
th { font-weight: 600; font-size: 14px; color: var(--soft) }
td.n, th.n { text-align: right; white-space: nowrap }
tr:last-child td { border-bottom: 0 }
.panel { padding: 14px 20px }
.bar { position: relative; display: block; width: 100%; min-width: 120px; height: 10px; background: var(--faint); border-radius: 5px }
.bar i { position: absolute; top: 0; bottom: 0; border-radius: 5px; background: var(--blue) }
.bar i.minus { background: var(--orange) }
.bar::after { content: ""; position: absolute; left: 50%; top: -3px; bottom: -3px; width: 1px; background: var(--soft) }
.note { background: var(--warn); border: 1px solid var(--warn-line); border-radius: 12px; padding: 12px 18px; margin: 14px 0 0 }
.note p { margin: 0 }
.good { color: var(--green) } .bad { color: var(--red) }
ul.plain { list-style: none; margin: 0; padding: 0 } ul.plain li { padding: 6px 0; border-bottom: 1px solid var(--line) }
ul.plain li:last-child { border-bottom: 0 }
footer { margin-top: 64px; color: var(--soft); font-size: 14px }
a { color: var(--blue) }
:focus-visible { outline: 2px solid var(--blue); outline-offset: 3px }
@media (max-width: 760px) { .trace svg { max-width: none } td:nth-child(3):not(.n) { font-size: 14px } .bar { min-width: 70px } .tile dd { font-size: 24px } main { padding: 28px 16px 56px } .grid { grid-template-columns: minmax(0, 1fr) } h2 { margin-top: 44px } }
@media print {
  :root { --paper: #fff; --card: #fff; --ink: #000; --soft: #444; --line: #bbb; --faint: #eee; --blue: #1f4fa8; --orange: #a34712; --warn: #fff }
  body { font-size: 11pt } main { max-width: none; padding: 0 }
  figure, .tile, .panel, tr { break-inside: avoid } h2 { break-after: avoid } details { display: none }
}
`
