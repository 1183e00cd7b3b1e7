// The report as one HTML page. Every text goes through the template's escaping; links only where may_link() allows.
#include "base/text.h"
#include "message/escape.h"
#include "message/phrases.h"
#include "message/report.h"
#include "message/report_page.h"
#include "message/report_words.h"
#include "message/words.h"

#include <kainjow/mustache.hpp>

namespace convops {

namespace {

using Fields = kainjow::mustache::data;
using Rows = kainjow::mustache::list;

constexpr std::size_t most_text = 4'000;
constexpr std::size_t most_cited = 12;

std::string shown(std::string_view text) {
    return one_line(text, most_text);
}

// Ids are anchors: letters and digits, whatever a capsule from somewhere says.
std::string anchor_of(FactId const& id) {
    std::string anchor;
    for (char const c : id.text)
        if (std::isalnum(static_cast<unsigned char>(c)) != 0 && anchor.size() < 12)
            anchor += c;
    return anchor;
}

std::string base64(std::string_view bytes) {
    constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string out;
    out.reserve((bytes.size() + 2) / 3 * 4);
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        auto const left = std::min<std::size_t>(3, bytes.size() - i);
        std::uint32_t group = 0;
        for (std::size_t k = 0; k < 3; ++k)
            group = group << 8U | (k < left ? static_cast<unsigned char>(bytes[i + k]) : 0U);
        for (std::size_t k = 0; k < 4; ++k)
            out += k <= left ? letters[group >> (18U - 6U * k) & 63U] : '=';
    }
    return out;
}

void set(Fields& fields, std::string const& name, std::string_view text) {
    fields.set(name, std::string(text));
}

void set_flag(Fields& fields, std::string const& name, bool value) {
    fields.set(name, value ? Fields::type::bool_true : Fields::type::bool_false);
}

void set_cited(Fields& fields, std::vector<FactId> const& facts, std::string const& name = "cited") {
    Rows ids;
    for (auto const& id : facts)
        if (ids.size() < most_cited) {
            Fields one;
            set(one, "id", anchor_of(id));
            ids.push_back(one);
        }
    if (ids.empty())
        return set_flag(fields, name, false);
    Fields cited;
    cited.set("ids", Fields(ids));
    fields.set(name, cited);
}

Fields line_fields(ReportLine const& line) {
    Fields fields;
    set(fields, "text", shown(line.text));
    set_cited(fields, line.facts);
    return fields;
}

Fields rows_of(std::vector<ReportLine> const& lines) {
    Rows rows;
    for (auto const& line : lines)
        rows.push_back(line_fields(line));
    return Fields(rows);
}

// An inner section would otherwise see the field of the same name around it: what is absent is said to be false.
void set_optional(Fields& fields, std::string const& name, std::string_view text) {
    if (text.empty())
        set_flag(fields, name, false);
    else
        set(fields, name, shown(text));
}

std::string_view kind_class(ReportMoment::Kind kind) {
    switch (kind) {
    case ReportMoment::Kind::alarm:
        return "alarm";
    case ReportMoment::Kind::onset:
        return "onset";
    case ReportMoment::Kind::change:
        return "change";
    case ReportMoment::Kind::fact:
        return "fact";
    case ReportMoment::Kind::told:
        return "told";
    case ReportMoment::Kind::recovery:
        return "recovery";
    }
    return "fact";
}

void set_words(Fields& page, Report const& report, ReportWords const& say_it) {
    for (auto const& [name, text] : std::initializer_list<std::pair<char const*, std::string_view>> {
             { "lang", say_it.lang }, { "policy", report_policy }, { "summary_heading", say_it.summary },
             { "timeline_heading", say_it.timeline }, { "causes_heading", say_it.causes },
             { "ruled_out_heading", say_it.ruled_out }, { "not_seen_heading", say_it.not_seen },
             { "actions_heading", say_it.actions }, { "follow_ups_heading", say_it.follow_ups },
             { "evidence_heading", say_it.evidence }, { "event", say_it.event }, { "for", say_it.evidence_for },
             { "against", say_it.evidence_against }, { "none_against", say_it.none_against },
             { "nothing_ruled_out", say_it.nothing_ruled_out }, { "everything_seen", say_it.everything_seen },
             { "source", say_it.source }, { "why", say_it.why }, { "iam_action", say_it.iam_action },
             { "would_have_told", say_it.would_have_told }, { "no_actions", say_it.no_actions },
             { "can_be_done", say_it.can_be_done }, { "fact", say_it.fact }, { "statement_column", say_it.statement },
             { "open_in_console", say_it.open_in_console }, { "no_evidence", say_it.no_evidence },
             { "follow_ups_hint", say_it.follow_ups_hint }, { "cost", say_it.cost },
             { "state", report.resolved ? say_it.resolved : say_it.open },
             { "state_class", report.resolved ? "resolved" : "open" } })
        set(page, name, text);
    set(page, "time", say(say_it.time, { shown(report.zone) }));
    set(page, "made_by", say(say_it.made_by, { shown(report.made_at) }));
    Rows sections;
    for (auto const& [anchor, name] : std::initializer_list<std::pair<char const*, std::string_view>> {
             { "summary", say_it.summary }, { "timeline", say_it.timeline }, { "cause", say_it.causes },
             { "ruled-out", say_it.ruled_out }, { "not-seen", say_it.not_seen }, { "actions", say_it.actions },
             { "follow-ups", say_it.follow_ups }, { "evidence", say_it.evidence } }) {
        Fields section;
        set(section, "anchor", anchor);
        set(section, "name", name);
        sections.push_back(section);
    }
    page.set("sections", Fields(sections));
}

void set_head(Fields& page, Report const& report) {
    set(page, "title", shown(report.title));
    auto const severity = to_string(report.severity);
    set(page, "severity", severity);
    set(page, "severity_class", to_lower(severity));
    set(page, "conclusion", shown(report.conclusion));
    set_cited(page, report.conclusion_facts, "conclusion_facts");
    Rows summary;
    for (auto const& row : report.summary) {
        Fields fields;
        set(fields, "label", row.label);
        set(fields, "text", shown(row.text));
        set_cited(fields, row.facts);
        summary.push_back(fields);
    }
    page.set("summary", Fields(summary));
    if (report.chart_svg.empty())
        return set_flag(page, "chart", false);
    Fields chart;
    set(chart, "bytes", base64(report.chart_svg));
    set(chart, "alt", shown(report.chart_alt));
    page.set("chart", chart);
}

void set_timeline(Fields& page, Report const& report, ReportWords const& say_it) {
    Rows rows;
    for (auto const& moment : report.timeline) {
        Fields fields;
        set(fields, "iso", format_time(moment.at));
        set(fields, "clock", shown(moment.clock));
        set(fields, "kind", kind_class(moment.kind));
        set(fields, "text", shown(moment.text));
        set_cited(fields, moment.facts);
        rows.push_back(fields);
    }
    page.set("timeline", Fields(rows));
    set_optional(page, "left_out",
        report.moments_left_out == 0 ? std::string()
                                     : say(say_it.left_out, { std::to_string(report.moments_left_out) }));
}

void set_causes(Fields& page, Report const& report) {
    Rows causes;
    for (auto const& cause : report.causes) {
        Fields fields;
        set(fields, "rank", std::to_string(causes.size() + 1));
        set(fields, "statement", shown(cause.statement));
        fields.set("supporting", rows_of(cause.supporting));
        Fields opposing;
        opposing.set("lines", rows_of(cause.against));
        if (cause.against.empty())
            set_flag(fields, "opposing", false);
        else
            fields.set("opposing", opposing);
        causes.push_back(fields);
    }
    page.set("causes", Fields(causes));
    set_optional(page, "without_cause", report.without_cause);
    set_flag(page, "has_ruled_out", !report.ruled_out.empty());
    page.set("ruled_out", rows_of(report.ruled_out));
}

void set_gaps_and_actions(Fields& page, Report const& report) {
    Rows gaps;
    for (auto const& gap : report.gaps) {
        Fields fields;
        set(fields, "name", shown(gap.source));
        set(fields, "reason", shown(gap.why));
        set_optional(fields, "action", gap.iam_action);
        set_optional(fields, "told", gap.would_have_told);
        gaps.push_back(fields);
    }
    set_flag(page, "has_gaps", !report.gaps.empty());
    page.set("gaps", Fields(gaps));
    Rows actions;
    for (auto const& action : report.actions) {
        Fields fields;
        set(fields, "text", shown(action.statement));
        set_flag(fields, "can", action.can_be_done);
        actions.push_back(fields);
    }
    set_flag(page, "has_actions", !report.actions.empty());
    page.set("actions", Fields(actions));
}

void set_evidence(Fields& page, Report const& report) {
    Rows rows;
    for (auto const& fact : report.evidence) {
        Fields fields;
        set(fields, "id", anchor_of(fact.id));
        set(fields, "text", shown(fact.statement));
        set(fields, "name", shown(fact.source));
        set(fields, "iso", format_time(fact.at));
        set_optional(fields, "clock", fact.clock);
        set_optional(fields, "link", may_link(fact.link, report.portal_url) ? fact.link : std::string());
        set_optional(fields, "cli", fact.cli);
        rows.push_back(fields);
    }
    set_flag(page, "has_evidence", !report.evidence.empty());
    page.set("evidence", Fields(rows));
    set_optional(page, "price", report.price);
}

} // namespace

std::string report_html(Report const& report) {
    auto const& say_it = report_words(report.language);
    Fields page;
    set_words(page, report, say_it);
    set_head(page, report);
    set_timeline(page, report, say_it);
    set_causes(page, report);
    set_gaps_and_actions(page, report);
    set_evidence(page, report);
    kainjow::mustache::mustache form { std::string(report_page) };
    return form.render(page);
}

} // namespace convops
