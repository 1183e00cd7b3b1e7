// Colours keep a contrast of at least 4.5 to 1 in both schemes (WCAG 2.1 AA, 1.4.3). No script, no request: fonts are
// the system's, the chart is a data URI. Tables have two or three columns, so that a phone needs no sideways
// scrolling.
#include "message/report_page.h"

namespace convops {

std::string_view const report_page = R"html(<!DOCTYPE html>
<html lang="{{lang}}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="{{policy}}">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex, nofollow">
<meta name="color-scheme" content="light dark">
<title>{{title}}</title>
<style>
:root {
  --paper: #ffffff; --sheet: #f5f7f9; --ink: #1b2430; --soft: #515d6b; --line: #d9dfe6; --link: #0b5cad;
  --p1: #b3201f; --p2: #a84a00; --p3: #7a5b00; --p4: #4d5866; --good: #1a6b3c; --told: #5a4a9c;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #12171d; --sheet: #1a2129; --ink: #e6ebf0; --soft: #a3b0bd; --line: #303b47; --link: #7fb8f5;
    --p1: #ff9d94; --p2: #ffb37a; --p3: #e9c46a; --p4: #b6c2cf; --good: #7fd6a0; --told: #c0b3f5;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body { margin: 0; background: var(--paper); color: var(--ink); overflow-wrap: anywhere;
  font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Noto Sans Devanagari", sans-serif; }
header, main, footer { max-width: 54rem; margin: 0 auto; padding: 0 1.25rem; }
header { padding-top: 2.5rem; }
h1 { font-size: clamp(1.45rem, 1rem + 2vw, 2.1rem); line-height: 1.2; margin: .6rem 0 1rem; letter-spacing: -.01em; }
h2 { font-size: 1.25rem; line-height: 1.3; margin: 2.75rem 0 .75rem; padding-top: .75rem;
  border-top: 1px solid var(--line); }
h3 { font-size: 1.05rem; line-height: 1.4; margin: 1.5rem 0 .5rem; }
h4 { font-size: .95rem; margin: 1rem 0 .25rem; color: var(--soft); font-weight: 600; }
p, ul, ol, dl, table, figure, pre { margin: 0 0 1rem; }
a { color: var(--link); text-underline-offset: .15em; }
a:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; border-radius: 2px; }
.marks { display: flex; flex-wrap: wrap; gap: .5rem; margin: 0; padding: 0; list-style: none; font-weight: 600; }
.marks li { border: 1.5px solid currentColor; border-radius: .35rem; padding: .05rem .55rem; font-size: .9rem; }
.p1 { color: var(--p1); } .p2 { color: var(--p2); } .p3 { color: var(--p3); } .p4 { color: var(--p4); }
.resolved { color: var(--good); } .open { color: var(--p1); }
.lead { font-size: 1.12rem; line-height: 1.5; padding: .9rem 1.1rem; background: var(--sheet);
  border-left: 4px solid var(--link); border-radius: 0 .4rem .4rem 0; }
nav ul { display: flex; flex-wrap: wrap; gap: .25rem 1.1rem; padding: 0; list-style: none; font-size: .92rem; }
.facts { font-size: .82rem; white-space: normal; }
.facts a { display: inline-block; padding: 0 .15rem; }
dl.rows { display: grid; grid-template-columns: minmax(9rem, max-content) 1fr; gap: 0; }
dl.rows > div { display: contents; }
dt, dd { margin: 0; padding: .45rem 0; border-bottom: 1px solid var(--line); }
dt { color: var(--soft); padding-right: 1.5rem; }
figure { padding: .5rem; background: #ffffff; border: 1px solid var(--line); border-radius: .4rem; }
figure img { display: block; width: 100%; height: auto; }
figcaption { color: #515d6b; font-size: .85rem; padding: .4rem .25rem 0; }
table { width: 100%; border-collapse: collapse; text-align: left; }
th, td { vertical-align: top; padding: .5rem .75rem .5rem 0; border-bottom: 1px solid var(--line); font-weight: 400; }
thead th { color: var(--soft); font-size: .85rem; font-weight: 600; }
td:last-child, th:last-child { padding-right: 0; }
td p { margin: 0; }
td p + p, td pre { margin: .3rem 0 0; }
.clock { white-space: nowrap; font-variant-numeric: tabular-nums; color: var(--soft); width: 1%; }
.moment { border-left: 3px solid var(--line); padding-left: .75rem; }
.moment.alarm { border-left-color: var(--p1); } .moment.onset { border-left-color: var(--p2); }
.moment.change { border-left-color: var(--link); } .moment.told { border-left-color: var(--told); }
.moment.recovery { border-left-color: var(--good); }
.moment.onset, .moment.alarm, .moment.recovery { font-weight: 600; }
.id { width: 1%; white-space: nowrap; font-weight: 600; font-variant-numeric: tabular-nums; }
tr:target { background: var(--sheet); }
.soft { color: var(--soft); font-size: .88rem; }
code, pre { font: .84rem/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; background: var(--sheet); padding: .4rem .6rem;
  border-radius: .3rem; }
li { margin-bottom: .35rem; }
main ul { padding-left: 1.2rem; }
.writing { height: 2.4rem; border-bottom: 1px solid var(--line); }
footer { margin-top: 3rem; padding-top: 1rem; padding-bottom: 3rem; color: var(--soft); font-size: .88rem; }
footer p { border-top: 1px solid var(--line); padding-top: .75rem; }
@media (max-width: 40rem) {
  header { padding-top: 1.5rem; }
  dl.rows { grid-template-columns: 1fr; }
  dt { border-bottom: 0; padding-bottom: 0; font-size: .88rem; }
  dd { padding-top: .1rem; }
  .clock { white-space: normal; min-width: 5.2rem; font-size: .88rem; }
  th, td { padding-right: .5rem; }
}
@page { size: A4; margin: 16mm 15mm 18mm; }
@media print {
  :root { --paper: #fff; --sheet: #f4f5f7; --ink: #000; --soft: #444; --line: #bbb; --link: #000;
    --p1: #9c1c1b; --p2: #8a3d00; --p3: #6b5000; --p4: #444; --good: #155a32; --told: #4b3d85; }
  body { font-size: 9.6pt; line-height: 1.42; }
  header, main, footer { max-width: none; padding: 0; }
  nav { display: none; }
  a { text-decoration: none; }
  h1 { font-size: 18pt; } h2 { font-size: 13pt; margin-top: 16pt; } h3 { font-size: 10.5pt; }
  h2, h3, h4 { break-after: avoid; }
  tr, li, figure, .lead { break-inside: avoid; }
  thead { display: table-header-group; }
  code, pre { font-size: 7.6pt; }
  .soft, figcaption, thead th, .facts { font-size: 8.2pt; }
  footer { margin-top: 14pt; padding-bottom: 0; font-size: 8.2pt; }
}
</style>
</head>
<body>
<header>
<ul class="marks"><li class="{{severity_class}}">{{severity}}</li><li class="{{state_class}}">{{state}}</li></ul>
<h1>{{title}}</h1>
<p class="lead">{{conclusion}}{{#conclusion_facts}} <span class="facts">{{#ids}}<a href="#{{id}}">{{id}}</a>{{/ids}}</span>{{/conclusion_facts}}</p>
<nav aria-label="{{title}}"><ul>{{#sections}}<li><a href="#{{anchor}}">{{name}}</a></li>{{/sections}}</ul></nav>
</header>
<main>
<section aria-labelledby="summary"><h2 id="summary">{{summary_heading}}</h2>
<dl class="rows">
{{#summary}}<div><dt>{{label}}</dt><dd>{{text}}{{#cited}} <span class="facts">{{#ids}}<a href="#{{id}}">{{id}}</a>{{/ids}}</span>{{/cited}}</dd></div>
{{/summary}}</dl>
{{#chart}}<figure><img src="data:image/svg+xml;base64,{{bytes}}" width="1000" height="520" alt="{{alt}}"><figcaption>{{alt}}</figcaption></figure>
{{/chart}}</section>
<section aria-labelledby="timeline"><h2 id="timeline">{{timeline_heading}}</h2>
<table><thead><tr><th scope="col">{{time}}</th><th scope="col">{{event}}</th></tr></thead><tbody>
{{#timeline}}<tr><td class="clock"><time datetime="{{iso}}">{{clock}}</time></td><td class="moment {{kind}}">{{text}}{{#cited}} <span class="facts">{{#ids}}<a href="#{{id}}">{{id}}</a>{{/ids}}</span>{{/cited}}</td></tr>
{{/timeline}}</tbody></table>
{{#left_out}}<p class="soft">{{left_out}}</p>{{/left_out}}</section>
<section aria-labelledby="cause"><h2 id="cause">{{causes_heading}}</h2>
{{#without_cause}}<p>{{without_cause}}</p>
{{/without_cause}}{{#causes}}<h3>{{rank}}. {{statement}}</h3>
<h4>{{for}}</h4>
<ul>{{#supporting}}<li>{{text}}{{#cited}} <span class="facts">{{#ids}}<a href="#{{id}}">{{id}}</a>{{/ids}}</span>{{/cited}}</li>{{/supporting}}</ul>
<h4>{{against}}</h4>
{{#opposing}}<ul>{{#lines}}<li>{{text}}{{#cited}} <span class="facts">{{#ids}}<a href="#{{id}}">{{id}}</a>{{/ids}}</span>{{/cited}}</li>{{/lines}}</ul>{{/opposing}}{{^opposing}}<p>{{none_against}}</p>{{/opposing}}
{{/causes}}</section>
<section aria-labelledby="ruled-out"><h2 id="ruled-out">{{ruled_out_heading}}</h2>
{{#has_ruled_out}}<ul>{{#ruled_out}}<li>{{text}}{{#cited}} <span class="facts">{{#ids}}<a href="#{{id}}">{{id}}</a>{{/ids}}</span>{{/cited}}</li>{{/ruled_out}}</ul>{{/has_ruled_out}}{{^has_ruled_out}}<p>{{nothing_ruled_out}}</p>{{/has_ruled_out}}
</section>
<section aria-labelledby="not-seen"><h2 id="not-seen">{{not_seen_heading}}</h2>
{{#has_gaps}}<table><thead><tr><th scope="col">{{source}}</th><th scope="col">{{why}}</th></tr></thead><tbody>
{{#gaps}}<tr><th scope="row">{{name}}</th><td><p>{{reason}}</p>{{#action}}<p class="soft">{{iam_action}}: <code>{{action}}</code></p>{{/action}}{{#told}}<p class="soft">{{would_have_told}}: {{told}}</p>{{/told}}</td></tr>
{{/gaps}}</tbody></table>{{/has_gaps}}{{^has_gaps}}<p>{{everything_seen}}</p>{{/has_gaps}}
</section>
<section aria-labelledby="actions"><h2 id="actions">{{actions_heading}}</h2>
{{#has_actions}}<ul>{{#actions}}<li>{{text}}{{#can}} <span class="soft">{{can_be_done}}</span>{{/can}}</li>{{/actions}}</ul>{{/has_actions}}{{^has_actions}}<p>{{no_actions}}</p>{{/has_actions}}
</section>
<section aria-labelledby="follow-ups"><h2 id="follow-ups">{{follow_ups_heading}}</h2>
<p class="soft">{{follow_ups_hint}}</p>
<div aria-hidden="true"><div class="writing"></div><div class="writing"></div><div class="writing"></div></div>
</section>
<section aria-labelledby="evidence"><h2 id="evidence">{{evidence_heading}}</h2>
{{#has_evidence}}<table><thead><tr><th scope="col">{{fact}}</th><th scope="col">{{statement_column}}</th></tr></thead><tbody>
{{#evidence}}<tr id="{{id}}"><th scope="row" class="id">{{id}}</th><td><p>{{text}}</p><p class="soft">{{name}}{{#clock}} · <time datetime="{{iso}}">{{clock}}</time>{{/clock}}{{#link}} · <a href="{{link}}" rel="noreferrer noopener">{{open_in_console}}<span class="facts"> {{id}}</span></a>{{/link}}</p>{{#cli}}<pre><code>{{cli}}</code></pre>{{/cli}}</td></tr>
{{/evidence}}</tbody></table>{{/has_evidence}}{{^has_evidence}}<p>{{no_evidence}}</p>{{/has_evidence}}
</section>
</main>
<footer><p>{{#price}}{{cost}}: {{price}}<br>{{/price}}{{made_by}}</p></footer>
</body>
</html>
)html";

} // namespace convops
