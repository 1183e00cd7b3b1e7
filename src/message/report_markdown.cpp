// The report as GitHub-flavoured Markdown.
#include "base/text.h"
#include "message/escape.h"
#include "message/phrases.h"
#include "message/report.h"
#include "message/report_words.h"
#include "message/words.h"

namespace convops {

namespace {

constexpr std::size_t most_text = 3'000; // escaping may grow a line of 1,000 bytes
constexpr std::size_t most_cited = 12;

std::string safe(std::string_view text) {
    return markdown_text(text, most_text);
}

std::string cited(std::vector<FactId> const& facts) {
    std::vector<std::string> ids;
    for (auto const& id : facts)
        if (ids.size() < most_cited)
            ids.push_back(safe(one_line(id.text, 12)));
    return ids.empty() ? std::string() : " \\[" + join(ids, ", ") + "\\]";
}

std::string heading(std::string_view text) {
    return "\n## " + std::string(text) + "\n\n";
}

void add_summary(std::string& out, Report const& report, ReportWords const& say_it) {
    out += heading(say_it.summary);
    for (auto const& row : report.summary)
        out += "- **" + row.label + ":** " + safe(row.text) + cited(row.facts) + "\n";
    if (!report.chart_alt.empty())
        out += "\n*" + safe(report.chart_alt) + "*\n";
}

void add_timeline(std::string& out, Report const& report, ReportWords const& say_it) {
    out += heading(say_it.timeline);
    out += "| " + say(say_it.time, { safe(report.zone) }) + " | " + std::string(say_it.event) + " | "
        + std::string(say_it.facts) + " |\n| --- | --- | --- |\n";
    for (auto const& moment : report.timeline) {
        std::vector<std::string> ids;
        for (auto const& id : moment.facts)
            ids.push_back(safe(one_line(id.text, 12)));
        out += "| " + safe(moment.clock) + " | " + safe(moment.text) + " | " + join(ids, ", ") + " |\n";
    }
    if (report.moments_left_out > 0)
        out += "\n" + say(say_it.left_out, { std::to_string(report.moments_left_out) }) + "\n";
}

void add_causes(std::string& out, Report const& report, ReportWords const& say_it) {
    out += heading(say_it.causes);
    if (report.causes.empty())
        out += safe(report.without_cause) + "\n";
    int rank = 0;
    for (auto const& cause : report.causes) {
        out += (rank == 0 ? "### " : "\n### ") + std::to_string(rank + 1) + ". " + safe(cause.statement) + "\n\n";
        ++rank;
        out += "**" + std::string(say_it.evidence_for) + "**\n\n";
        for (auto const& line : cause.supporting)
            out += "- " + safe(line.text) + cited(line.facts) + "\n";
        out += "\n**" + std::string(say_it.evidence_against) + "**\n\n";
        for (auto const& line : cause.against)
            out += "- " + safe(line.text) + cited(line.facts) + "\n";
        if (cause.against.empty())
            out += std::string(say_it.none_against) + "\n";
    }
    out += heading(say_it.ruled_out);
    for (auto const& line : report.ruled_out)
        out += "- " + safe(line.text) + cited(line.facts) + "\n";
    if (report.ruled_out.empty())
        out += std::string(say_it.nothing_ruled_out) + "\n";
}

void add_gaps(std::string& out, Report const& report, ReportWords const& say_it) {
    out += heading(say_it.not_seen);
    if (report.gaps.empty()) {
        out += std::string(say_it.everything_seen) + "\n";
        return;
    }
    out += "| " + std::string(say_it.source) + " | " + std::string(say_it.why) + " | "
        + std::string(say_it.iam_action) + " | " + std::string(say_it.would_have_told)
        + " |\n| --- | --- | --- | --- |\n";
    for (auto const& gap : report.gaps)
        out += "| " + safe(gap.source) + " | " + safe(gap.why) + " | " + markdown_code(gap.iam_action, 200) + " | "
            + safe(gap.would_have_told) + " |\n";
}

void add_actions(std::string& out, Report const& report, ReportWords const& say_it) {
    out += heading(say_it.actions);
    for (auto const& action : report.actions)
        out += "- " + safe(action.statement)
            + (action.can_be_done ? " *" + std::string(say_it.can_be_done) + "*" : std::string()) + "\n";
    if (report.actions.empty())
        out += std::string(say_it.no_actions) + "\n";
}

void add_evidence(std::string& out, Report const& report, ReportWords const& say_it) {
    out += heading(say_it.evidence);
    for (auto const& fact : report.evidence) {
        out += "- **" + safe(fact.id.text) + "** · " + safe(fact.source)
            + (fact.clock.empty() ? "" : " · " + safe(fact.clock)) + " · " + safe(fact.statement);
        if (may_link(
                fact.link, report.portal_url)) // Our own URL, in the form that takes every character it may have.
            out += " · [" + std::string(say_it.open_in_console) + "](<" + fact.link + ">)";
        out += "\n";
        if (!fact.cli.empty())
            out += "  <br>" + markdown_code(fact.cli, most_text) + "\n";
    }
    if (report.evidence.empty())
        out += std::string(say_it.no_evidence) + "\n";
}

} // namespace

std::string report_markdown(Report const& report) {
    auto const& say_it = report_words(report.language);
    auto out = "# " + safe(report.title) + "\n\n";
    out += "**" + std::string(to_string(report.severity)) + " · "
        + std::string(report.resolved ? say_it.resolved : say_it.open) + "**\n\n";
    out += "> " + safe(report.conclusion) + cited(report.conclusion_facts) + "\n";
    add_summary(out, report, say_it);
    add_timeline(out, report, say_it);
    add_causes(out, report, say_it);
    add_gaps(out, report, say_it);
    add_actions(out, report, say_it);
    add_evidence(out, report, say_it);
    out += heading(say_it.follow_ups) + "*" + std::string(say_it.follow_ups_hint) + "*\n\n- [ ] \n";
    out += "\n---\n\n";
    if (!report.price.empty())
        out += std::string(say_it.cost) + ": " + safe(report.price) + "\n\n";
    return out + "*" + say(say_it.made_by, { safe(report.made_at) }) + "*\n";
}

} // namespace convops
