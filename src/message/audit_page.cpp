// Colours keep a contrast of at least 4.5 to 1 in both schemes (WCAG 2.1 AA, 1.4.3). No script, no request: the
// filters are checkboxes that the style sheet reads with :has(); where a browser does not know it, everything stays
// visible.
#include "message/audit_page.h"

namespace convops {

std::string_view const audit_page = R"html(<!DOCTYPE html>
<html lang="en">
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
  --high: #b3201f; --medium: #a84a00; --low: #7a5b00; --note: #4d5866; --good: #1a6b3c; --track: #e4e9ee;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #12171d; --sheet: #1a2129; --ink: #e6ebf0; --soft: #a3b0bd; --line: #303b47; --link: #7fb8f5;
    --high: #ff9d94; --medium: #ffb37a; --low: #e9c46a; --note: #b6c2cf; --good: #7fd6a0; --track: #2a343f;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body { margin: 0; background: var(--paper); color: var(--ink); overflow-wrap: anywhere;
  font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; }
header, main, footer { max-width: 60rem; margin: 0 auto; padding: 0 1.25rem; }
header { padding-top: 2.5rem; }
h1 { font-size: clamp(1.4rem, 1rem + 2vw, 2rem); line-height: 1.2; margin: 0 0 .4rem; letter-spacing: -.01em; }
h2 { font-size: 1.25rem; line-height: 1.3; margin: 2.75rem 0 .75rem; padding-top: .75rem;
  border-top: 1px solid var(--line); }
h3 { font-size: 1.05rem; line-height: 1.4; margin: 0; display: inline; font-weight: 600; }
h4 { font-size: .92rem; margin: .9rem 0 .25rem; color: var(--soft); font-weight: 600; }
p, ul, ol, dl, table, figure, pre { margin: 0 0 1rem; }
a { color: var(--link); text-underline-offset: .15em; }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; border-radius: 2px; }
.soft { color: var(--soft); font-size: .9rem; }
.grade { display: flex; gap: 1.25rem; align-items: center; margin: 1.25rem 0; padding: 1rem 1.25rem;
  background: var(--sheet); border-radius: .5rem; }
.letter { font-size: 3.4rem; line-height: 1; font-weight: 700; }
.letter.a, .letter.b { color: var(--good); } .letter.c, .letter.d { color: var(--medium); }
.letter.e, .letter.f { color: var(--high); }
.grade p { margin: 0; }
.scores { width: 100%; border-collapse: collapse; }
.scores th { text-align: left; font-weight: 400; white-space: nowrap; padding: .3rem .9rem .3rem 0; }
.scores td { padding: .3rem 0; vertical-align: middle; }
.scores .number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; padding: .3rem .9rem; font-weight: 600; }
.scores .counts { color: var(--soft); font-size: .88rem; white-space: nowrap; }
.scores svg { display: block; width: 100%; min-width: 5rem; height: .8rem; }
.track { fill: var(--track); } .fill { fill: var(--link); }
ol.best > li { margin-bottom: .8rem; padding-left: .25rem; }
ol.best summary { padding: .35rem 0; color: var(--link); }
.gain { color: var(--good); font-weight: 700; font-variant-numeric: tabular-nums; }
.strip { width: 100%; height: 2.6rem; display: block; margin-bottom: .5rem; }
.strip line { stroke: var(--line); } .strip rect { fill: var(--high); } .strip text { fill: var(--soft); font-size: 11px; }
.moment { border-left: 3px solid var(--high); padding-left: .8rem; margin-bottom: 1.1rem; }
.moment p { margin: 0 0 .2rem; }
fieldset { border: 1px solid var(--line); border-radius: .4rem; margin: 0 0 .75rem; padding: .4rem .9rem .6rem;
  display: flex; flex-wrap: wrap; gap: .3rem 1.2rem; }
legend { color: var(--soft); font-size: .88rem; padding: 0 .3rem; }
label { display: inline-flex; gap: .45rem; align-items: center; min-height: 2rem; cursor: pointer; }
input[type=checkbox] { width: 1.1rem; height: 1.1rem; accent-color: var(--link); }
.check { border: 1px solid var(--line); border-radius: .45rem; margin-bottom: .6rem; }
summary { cursor: pointer; padding: .6rem .9rem; }
.check > summary { display: flex; gap: .7rem; align-items: baseline; }
.check > summary .count { margin-left: auto; color: var(--soft); font-size: .9rem; white-space: nowrap; }
.tag { border: 1.5px solid currentColor; border-radius: .35rem; padding: 0 .45rem; font-size: .8rem; font-weight: 600;
  white-space: nowrap; }
.H { color: var(--high); } .M { color: var(--medium); } .L { color: var(--low); } .i { color: var(--note); }
.inside { padding: 0 .9rem .6rem; }
.finding { border-top: 1px solid var(--line); padding: .6rem 0; }
.finding p { margin: 0 0 .25rem; }
.finding details summary { padding: .35rem 0; color: var(--link); }
.name { font-weight: 600; }
table.plain { width: 100%; border-collapse: collapse; text-align: left; }
.plain th, .plain td { vertical-align: top; padding: .45rem .75rem .45rem 0; border-bottom: 1px solid var(--line);
  font-weight: 400; }
.plain thead th { color: var(--soft); font-size: .85rem; font-weight: 600; }
.plain .usd { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
code, pre { font: .82rem/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; background: var(--sheet); padding: .5rem .7rem;
  border-radius: .3rem; margin-bottom: .6rem; }
footer { margin-top: 3rem; padding-top: 1rem; padding-bottom: 3rem; color: var(--soft); font-size: .88rem; }
{{#severities}}body:has(#show-{{key}}:not(:checked)) .severity-{{key}} { display: none; }
{{/severities}}{{#kinds}}body:has(#show-{{key}}:not(:checked)) .category-{{key}} { display: none; }
{{/kinds}}@media (max-width: 40rem) {
  header { padding-top: 1.5rem; }
  .scores .counts { display: none; }
  .grade { align-items: flex-start; }
  .check > summary { flex-wrap: wrap; }
  .check > summary .count { margin-left: 0; width: 100%; }
}
@page { size: A4; margin: 16mm 15mm 18mm; }
@media print {
  :root { --paper: #fff; --sheet: #f4f5f7; --ink: #000; --soft: #444; --line: #bbb; --link: #000; --high: #9c1c1b;
    --medium: #8a3d00; --low: #6b5000; --note: #444; --good: #155a32; --track: #ddd; }
  body { font-size: 9.6pt; line-height: 1.42; }
  header, main, footer { max-width: none; padding: 0; }
  .filters { display: none; }
  h2, h3, h4 { break-after: avoid; }
  .finding, .moment, tr { break-inside: avoid; }
  code, pre { font-size: 7.6pt; }
}
</style>
</head>
<body>
<header>
<h1>{{title}}</h1>
<p class="soft">{{regions}} · <time datetime="{{iso}}">{{at}}</time> · {{resources}} resources · {{alarms}} alarms · {{calls}} calls in {{seconds}}</p>
<div class="grade"><div class="letter {{letter_class}}" role="img" aria-label="Grade {{letter}}">{{letter}}</div><div>
<p><strong>{{score}} of 100</strong>; {{checked}}.</p>
{{#held}}<p class="soft">Held at {{letter}}: an alarm that nobody receives is worth nothing. Failing: {{held}}.</p>{{/held}}
{{#since}}<p class="soft">{{since}}</p>{{/since}}</div></div>
<table class="scores"><caption class="soft" style="text-align:left">Score by category</caption><tbody>
{{#categories}}<tr><th scope="row">{{name}}</th><td style="width:100%"><svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true"><rect class="track" width="100" height="8" rx="1"></rect><rect class="fill" width="{{width}}" height="8" rx="1"></rect></svg></td><td class="number">{{number}}</td><td class="counts">{{counts}}</td></tr>
{{/categories}}</tbody></table>
</header>
<main>
{{#has_best}}<section aria-labelledby="best"><h2 id="best">What raises the score most</h2>
<ol class="best">{{#best}}<li><span class="gain">{{gain}}</span> {{statement}}{{#cli}}<details><summary>The command</summary><pre><code>{{cli}}</code></pre></details>{{/cli}}</li>
{{/best}}</ol></section>{{/has_best}}
<section aria-labelledby="told"><h2 id="told">Would you have been told?</h2>
{{#strip}}<svg class="strip" viewBox="0 0 1000 42" role="img" aria-label="{{label}}"><line x1="0" y1="20" x2="1000" y2="20"></line>{{#marks}}<rect x="{{x}}" y="10" width="{{width}}" height="20" rx="2"></rect>{{/marks}}<text x="0" y="40">{{first}}</text><text x="1000" y="40" text-anchor="end">{{last}}</text></svg>{{/strip}}
{{#untold}}<div class="moment"><p><strong><time datetime="{{iso}}">{{at}}</time></strong> {{text}}</p><p>{{why}}</p>{{#caught}}<p class="soft">{{caught}}</p>{{/caught}}{{#fixes}}<details><summary>The alarm that would have told</summary>{{#one}}<h4>{{language}}</h4><pre><code>{{code}}</code></pre>{{/one}}</details>{{/fixes}}</div>
{{/untold}}{{#no_moment}}<p>{{no_moment}}</p>{{/no_moment}}
</section>
{{#has_tunings}}<section aria-labelledby="tune"><h2 id="tune">Alarms to tune</h2>
{{#tunings}}<div class="finding"><p class="name">{{name}}</p><p>{{text}}</p>{{#fixes}}<details><summary>The change</summary>{{#one}}<h4>{{language}}</h4><pre><code>{{code}}</code></pre>{{/one}}</details>{{/fixes}}</div>
{{/tunings}}</section>{{/has_tunings}}
<section aria-labelledby="findings"><h2 id="findings">Findings</h2>
{{^groups}}<p>None.</p>{{/groups}}{{#has_groups}}<form class="filters" autocomplete="off">
<fieldset><legend>Severity</legend>{{#severities}}<label><input type="checkbox" id="show-{{key}}" checked> {{name}}</label>{{/severities}}</fieldset>
<fieldset><legend>Category</legend>{{#kinds}}<label><input type="checkbox" id="show-{{key}}" checked> {{name}}</label>{{/kinds}}</fieldset>
</form>{{/has_groups}}
{{#groups}}<details class="check severity-{{severity}} category-{{category}}"{{#open}} open{{/open}}><summary><span class="tag {{severity}}">{{severity_name}}</span> <h3>{{title}}</h3> <span class="count">{{count}}</span></summary>
<div class="inside"><p class="soft">Check {{number}}, {{check}}</p>
{{#findings}}<div class="finding"><p class="name">{{resource}}{{#region}} <span class="soft">{{region}}</span>{{/region}}</p><p>{{why}}</p>
<details><summary>Evidence{{#fixes}} and fix{{/fixes}}</summary>{{#evidence}}<p class="soft"><code>{{api}}</code> {{field}}: <code>{{value}}</code></p>{{/evidence}}{{#fixes}}{{#one}}<h4>{{language}}</h4><pre><code>{{code}}</code></pre>{{/one}}{{/fixes}}</details></div>
{{/findings}}{{#more}}<p class="soft">{{more}}</p>{{/more}}</div></details>
{{/groups}}</section>
{{#has_costs}}<section aria-labelledby="cost"><h2 id="cost">What it costs a month</h2>
<table class="plain"><thead><tr><th scope="col">Item</th><th scope="col" class="usd">USD</th><th scope="col" class="usd">Wasted</th></tr></thead><tbody>
{{#costs}}<tr><th scope="row">{{item}}<br><span class="soft">{{basis}}</span></th><td class="usd">{{usd}}</td><td class="usd">{{wasted}}</td></tr>
{{/costs}}</tbody></table></section>{{/has_costs}}
{{#has_unknown}}<section aria-labelledby="unknown"><h2 id="unknown">Not checked</h2>
<p class="soft">Not looking is not the same as not finding: these are neither passed nor failed.</p>
<table class="plain"><thead><tr><th scope="col">Check</th><th scope="col">Why</th></tr></thead><tbody>
{{#unknown}}<tr><th scope="row">{{title}}</th><td>{{why}}{{#action}}<br><span class="soft">Missing: <code>{{action}}</code></span>{{/action}}</td></tr>
{{/unknown}}</tbody></table></section>{{/has_unknown}}
</main>
<footer><p>Read-only: describe, list and get calls alone. Made by ConvOps, {{at}}.</p></footer>
</body>
</html>
)html";

} // namespace convops
