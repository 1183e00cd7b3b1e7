// The audit as one HTML page. Every text goes through the template's escaping.
#include "base/text.h"
#include "message/audit_groups.h"
#include "message/audit_page.h"
#include "message/audit_report.h"
#include "message/escape.h"
#include "message/phrases.h"

#include <kainjow/mustache.hpp>

#include <algorithm>
#include <cmath>

namespace convops {

namespace {

using Fields = kainjow::mustache::data;
using Rows = kainjow::mustache::list;

constexpr std::size_t most_text = 2'000;
constexpr std::size_t most_code = 8'000;
constexpr std::size_t most_findings = 200; // of one check
// Of one check with their fix in three languages, which is nine tenths of a finding's bytes. With all of them the
// page of a large account is too heavy for a phone; `--fixes` prints every one.
constexpr std::size_t most_fixes = 25;
constexpr std::size_t most_unknown = 300;
constexpr std::size_t most_open_findings = 10; // The worst check is open at once when it is no wall.

std::string shown(std::string_view text) {
    return one_line(text, most_text);
}

void set(Fields& fields, std::string const& name, std::string_view text) {
    fields.set(name, std::string(text));
}

// An inner section would otherwise see the field of the same name around it: what is absent is said to be false.
void set_optional(Fields& fields, std::string const& name, std::string_view text) {
    if (text.empty())
        fields.set(name, Fields::type::bool_false);
    else
        set(fields, name, shown(text));
}

void set_flag(Fields& fields, std::string const& name, bool value) {
    fields.set(name, value ? Fields::type::bool_true : Fields::type::bool_false);
}

void set_fixes(Fields& fields, AuditFix const& fix) {
    Rows languages;
    for (auto const& [name, code] : { std::pair { "AWS CLI", &fix.cli }, { "CloudFormation", &fix.cloudformation },
             { "Terraform", &fix.terraform } })
        if (!code->empty()) {
            Fields one;
            set(one, "language", name);
            set(one, "code", shorten(clean_utf8(*code), most_code));
            languages.push_back(one);
        }
    if (languages.empty())
        return set_flag(fields, "fixes", false);
    Fields fixes;
    fixes.set("one", Fields(languages));
    fields.set("fixes", fixes);
}

std::string rounded(double value) {
    return std::to_string(std::lround(value));
}

void set_head(Fields& page, AuditReport const& report, AuditComparison const* comparison) {
    set(page, "policy", audit_page_policy);
    set(page, "title", "Observability audit of account " + shown(report.account));
    set(page, "regions", shown(join(report.regions, ", ")));
    set(page, "iso", format_time(report.at));
    set(page, "at", date_and_clock(report.at));
    set(page, "resources", std::to_string(report.resources));
    set(page, "alarms", std::to_string(report.alarms));
    set(page, "calls", std::to_string(report.aws_calls));
    set(page, "seconds", format_value(report.seconds, "Seconds"));
    set(page, "letter", std::string(1, report.grade));
    set(page, "letter_class", to_lower(std::string(1, report.grade)));
    set(page, "score", rounded(report.score));
    set(page, "checked", checked_words(report));
    set_optional(page, "held", held_by(report));
    std::string since;
    if (comparison != nullptr)
        since = since_words(*comparison) + ": " + std::to_string(comparison->mended.size()) + " mended, "
            + std::to_string(comparison->appeared.size()) + " new, " + std::to_string(comparison->still)
            + " as before, " + std::to_string(comparison->not_looked_at) + " could not be looked at.";
    set_optional(page, "since", since);
    Rows categories;
    for (auto const& category : report.categories) {
        Fields fields;
        set(fields, "name", category_word(category.category));
        set(fields, "number", category.score ? rounded(*category.score) : "–");
        set(fields, "width", rounded(category.score.value_or(0)));
        set(fields, "counts",
            std::to_string(category.passed) + " pass, " + std::to_string(category.failed) + " fail, "
                + std::to_string(category.unknown) + " unknown"
                + (category.not_looked_at > 0 ? ", " + std::to_string(category.not_looked_at) + " not asked" : ""));
        categories.push_back(fields);
    }
    page.set("categories", Fields(categories));
    Rows best;
    for (auto const& fix : report.best_fixes) {
        Fields fields;
        char gain[16];
        std::snprintf(gain, sizeof gain, "+%.1f", fix.gain);
        set(fields, "gain", gain);
        set(fields, "statement", shown(fix.statement));
        if (fix.fix.cli.empty())
            set_flag(fields, "cli", false);
        else
            set(fields, "cli", shorten(clean_utf8(fix.fix.cli), most_code));
        best.push_back(fields);
    }
    set_flag(page, "has_best", !best.empty());
    page.set("best", Fields(best));
}

// 14 days as a line of 1,000 units, a mark for each moment.
void set_strip(Fields& page, AuditReport const& report) {
    if (report.untold.empty())
        return set_flag(page, "strip", false);
    constexpr Days days { 14 };
    constexpr double units = 1'000, least_width = 5;
    auto const from = report.at - days;
    auto const place = [&](Time at) {
        auto const share = std::chrono::duration<double>(at - from) / std::chrono::duration<double>(days);
        return std::clamp(share, 0.0, 1.0) * units;
    };
    Fields strip;
    Rows marks;
    for (auto const& moment : report.untold) {
        Fields mark;
        auto const x = std::min(place(moment.from), units - least_width);
        set(mark, "x", rounded(x));
        set(mark, "width", rounded(std::max(least_width, place(moment.until) - x)));
        marks.push_back(mark);
    }
    strip.set("marks", Fields(marks));
    set(strip, "label",
        std::to_string(report.untold.size()) + (report.untold.size() == 1 ? " moment" : " moments")
            + " of the last 14 days that nobody would have heard of");
    set(strip, "first", date_and_clock(from).substr(0, 10));
    set(strip, "last", date_and_clock(report.at).substr(0, 10));
    page.set("strip", strip);
}

void set_untold(Fields& page, AuditReport const& report) {
    set_strip(page, report);
    set_optional(page, "no_moment", no_moment_words(report));
    Rows moments;
    for (auto const& moment : report.untold) {
        Fields fields;
        set(fields, "iso", format_time(moment.from));
        set(fields, "at", date_and_clock(moment.from));
        set(fields, "text", shown(untold_words(moment)));
        set(fields, "why", shown(moment.why_untold));
        set_optional(fields, "caught", would_have_told(moment));
        set_fixes(fields, moment.fix);
        moments.push_back(fields);
    }
    page.set("untold", Fields(moments));
    Rows tunings;
    for (auto const& tuning : report.tunings) {
        Fields fields;
        set(fields, "name", shown(tuning.alarm));
        set(fields, "text", shown(tuning_words(tuning)));
        set_fixes(fields, tuning.fix);
        tunings.push_back(fields);
    }
    set_flag(page, "has_tunings", !tunings.empty());
    page.set("tunings", Fields(tunings));
}

Fields finding_fields(AuditFinding const& finding, std::size_t place) {
    auto const& judgement = finding.judgement;
    Fields fields;
    auto const resource = judgement.resource.empty() ? judgement.region : judgement.resource;
    set(fields, "resource", shown(resource.empty() ? "the account" : short_resource(resource)));
    set_optional(fields, "region", judgement.resource.empty() ? "" : judgement.region);
    set(fields, "why", shown(judgement.why));
    Rows evidence;
    for (auto const& one : judgement.evidence) {
        Fields row;
        set(row, "api", shown(one.api));
        set(row, "field", shown(one.field));
        set(row, "value", one_line(to_text(one.value), 300));
        evidence.push_back(row);
    }
    fields.set("evidence", Fields(evidence));
    set_fixes(fields, place < most_fixes ? judgement.fix : AuditFix {});
    return fields;
}

std::string what_is_left_out(AuditGroup const& group) {
    std::string words;
    if (group.findings.size() > most_findings)
        words = "and " + std::to_string(group.findings.size() - most_findings) + " more: --format json lists all. ";
    auto const fixable = std::count_if(group.findings.begin(), group.findings.end(),
        [](auto const* finding) { return !finding->judgement.fix.empty(); });
    if (static_cast<std::size_t>(fixable) > most_fixes)
        words += "Fixes are shown for the first " + std::to_string(most_fixes)
            + " only: --fixes cli, terraform or cloudformation prints all.";
    return trim(words);
}

void set_findings(Fields& page, AuditReport const& report) {
    Rows groups;
    for (auto const& group : failed_groups(report)) {
        Fields fields;
        set(fields, "severity", to_string(group.summary.severity));
        set(fields, "severity_name", severity_word(group.summary.severity));
        set(fields, "category", to_string(group.summary.category));
        set(fields, "title", shown(group.summary.title));
        set(fields, "number", std::to_string(group.summary.number));
        set(fields, "check", shown(group.summary.check));
        set(fields, "count",
            std::to_string(group.findings.size()) + " of "
                + std::to_string(std::max(group.findings.size(), group.summary.failed + group.summary.passed)));
        set_flag(fields, "open",
            group.summary.severity == AuditSeverity::high && groups.empty()
                && group.findings.size() <= most_open_findings);
        Rows findings;
        for (auto const* finding : group.findings)
            if (findings.size() < most_findings)
                findings.push_back(finding_fields(*finding, findings.size()));
        fields.set("findings", Fields(findings));
        set_optional(fields, "more", what_is_left_out(group));
        groups.push_back(fields);
    }
    set_flag(page, "has_groups", !groups.empty());
    page.set("groups", Fields(groups));
    Rows severities, kinds;
    for (auto const severity :
        { AuditSeverity::high, AuditSeverity::medium, AuditSeverity::low, AuditSeverity::information }) {
        Fields fields;
        set(fields, "key", to_string(severity));
        set(fields, "name", severity_word(severity));
        severities.push_back(fields);
    }
    for (std::size_t i = 0; i < audit_category_count; ++i) {
        Fields fields;
        set(fields, "key", to_string(static_cast<AuditCategory>(i)));
        set(fields, "name", category_word(static_cast<AuditCategory>(i)));
        kinds.push_back(fields);
    }
    page.set("severities", Fields(severities));
    page.set("kinds", Fields(kinds));
}

void set_rest(Fields& page, AuditReport const& report) {
    Rows costs;
    for (auto const& cost : report.costs) {
        Fields fields;
        set(fields, "item", shown(cost.item));
        set(fields, "usd", format_number(cost.usd));
        set(fields, "wasted", format_number(cost.wasted_usd));
        set(fields, "basis", shown(cost.basis));
        costs.push_back(fields);
    }
    set_flag(page, "has_costs", !costs.empty());
    page.set("costs", Fields(costs));
    Rows unknown;
    for (auto const& group : unknown_groups(report))
        for (auto const* finding : group.findings)
            if (unknown.size() < most_unknown) {
                auto const& judgement = finding->judgement;
                Fields fields;
                set(fields, "title",
                    shown(group.summary.title + (judgement.region.empty() ? "" : ", " + judgement.region)));
                set(fields, "why", shown(judgement.why));
                set_optional(fields, "action", judgement.iam_action);
                unknown.push_back(fields);
            }
    set_flag(page, "has_unknown", !unknown.empty());
    page.set("unknown", Fields(unknown));
}

} // namespace

std::string audit_html(AuditReport const& report, AuditComparison const* comparison) {
    Fields page;
    set_head(page, report, comparison);
    set_untold(page, report);
    set_findings(page, report);
    set_rest(page, report);
    kainjow::mustache::mustache form { std::string(audit_page) };
    return form.render(page);
}

} // namespace convops
