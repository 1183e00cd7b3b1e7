// The audit as GitHub-flavoured Markdown.
#include "base/text.h"
#include "message/audit_groups.h"
#include "message/audit_report.h"
#include "message/escape.h"
#include "message/phrases.h"

#include <cmath>

namespace convops {

namespace {

constexpr std::size_t most_text = 1'500;
constexpr std::size_t most_rows = 100; // of one check

std::string safe(std::string_view text) {
    return markdown_text(text, most_text);
}

// A fence that the code itself can not close.
std::string code_block(std::string_view language, std::string_view code) {
    std::size_t run = 0, longest = 2;
    for (char const c : code) {
        run = c == '`' ? run + 1 : 0;
        longest = std::max(longest, run);
    }
    std::string const fence(longest + 1, '`');
    auto text = clean_utf8(code);
    if (!text.ends_with("\n"))
        text += "\n";
    return fence + std::string(language) + "\n" + text + fence + "\n";
}

std::string head(AuditReport const& report) {
    auto out = "# Observability audit of account " + safe(report.account) + "\n\n**Grade "
        + std::string(1, report.grade) + " · " + std::to_string(std::lround(report.score)) + " of 100** · "
        + checked_words(report) + " · " + safe(join(report.regions, ", ")) + " · " + date_and_clock(report.at) + "\n";
    if (!report.grade_capped_by.empty())
        out += "\n> Held at " + std::string(1, report.grade)
            + ": an alarm that nobody receives is worth nothing. Failing: " + safe(held_by(report)) + ".\n";
    out += "\n| Category | Score | Pass | Fail | Unknown |\n| --- | ---: | ---: | ---: | ---: |\n";
    for (auto const& category : report.categories)
        out += "| " + category_word(category.category) + " | "
            + (category.score ? std::to_string(std::lround(*category.score)) : "–") + " | "
            + std::to_string(category.passed) + " | " + std::to_string(category.failed) + " | "
            + std::to_string(category.unknown) + " |\n";
    return out;
}

std::string best_fixes(AuditReport const& report) {
    if (report.best_fixes.empty())
        return {};
    std::string out = "\n## What raises the score most\n";
    std::size_t rank = 0;
    for (auto const& fix : report.best_fixes) {
        char gain[16];
        std::snprintf(gain, sizeof gain, "%.1f", fix.gain);
        out += "\n" + std::to_string(++rank) + ". **+" + gain + "** " + safe(fix.statement) + "\n";
        if (!fix.fix.cli.empty())
            out += "\n" + code_block("sh", fix.fix.cli);
    }
    return out;
}

std::string untold(AuditReport const& report) {
    std::string out = "\n## Would you have been told?\n\n";
    if (auto const words = no_moment_words(report); !words.empty())
        out += safe(words) + "\n\n";
    for (auto const& moment : report.untold)
        out += "- **" + date_and_clock(moment.from) + "** " + safe(untold_words(moment)) + " "
            + safe(moment.why_untold) + " " + safe(would_have_told(moment)) + "\n";
    if (!report.tunings.empty()) {
        out += "\n## Alarms to tune\n\n";
        for (auto const& tuning : report.tunings)
            out += "- " + safe(tuning.alarm) + ": " + safe(tuning_words(tuning)) + "\n";
    }
    return out;
}

std::string findings(AuditReport const& report) {
    std::string out = "\n## Findings\n";
    auto const groups = failed_groups(report);
    if (groups.empty())
        out += "\nNone.\n";
    for (auto const& group : groups) {
        out += "\n### " + severity_word(group.summary.severity) + ": " + safe(group.summary.title) + " ("
            + std::to_string(group.summary.number) + ", " + std::to_string(group.findings.size()) + ")\n\n"
            + "| Resource | Region | Why |\n| --- | --- | --- |\n";
        std::size_t rows = 0;
        for (auto const* finding : group.findings) {
            if (rows++ == most_rows) {
                out += "| and " + std::to_string(group.findings.size() - most_rows) + " more | | |\n";
                break;
            }
            auto const& judgement = finding->judgement;
            out += "| " + safe(short_resource(judgement.resource)) + " | " + safe(judgement.region) + " | "
                + safe(judgement.why) + " |\n";
        }
        for (auto const* finding : group.findings)
            if (!finding->judgement.fix.cli.empty()) {
                out += "\nThe fix for the first:\n\n" + code_block("sh", finding->judgement.fix.cli);
                break;
            }
    }
    return out;
}

std::string costs(AuditReport const& report) {
    if (report.costs.empty())
        return {};
    std::string out = "\n## What it costs a month\n\n| Item | USD | Wasted | Basis |\n| --- | ---: | ---: | --- |\n";
    for (auto const& cost : report.costs)
        out += "| " + safe(cost.item) + " | " + format_number(cost.usd) + " | " + format_number(cost.wasted_usd)
            + " | " + safe(cost.basis) + " |\n";
    return out;
}

std::string not_checked(AuditReport const& report) {
    auto const groups = unknown_groups(report);
    if (groups.empty())
        return {};
    std::string out = "\n## Not checked\n\n| Check | Region | Why | IAM action |\n| --- | --- | --- | --- |\n";
    for (auto const& group : groups)
        for (std::size_t i = 0; i < std::min(group.findings.size(), most_rows); ++i) {
            auto const& judgement = group.findings[i]->judgement;
            out += "| " + std::to_string(group.summary.number) + " " + safe(group.summary.title) + " | "
                + safe(judgement.region) + " | " + safe(judgement.why) + " | "
                + (judgement.iam_action.empty() ? "" : markdown_code(judgement.iam_action, 200)) + " |\n";
        }
    return out;
}

std::string since(AuditComparison const& comparison) {
    std::string out = "\n## " + since_words(comparison) + "\n\n" + std::to_string(comparison.mended.size())
        + " mended, " + std::to_string(comparison.appeared.size()) + " new, " + std::to_string(comparison.still)
        + " as before, " + std::to_string(comparison.not_looked_at) + " could not be looked at.\n\n";
    for (auto const& finding : comparison.appeared)
        out += "- new: " + safe(finding.check) + ", " + safe(short_resource(finding.judgement.resource)) + "\n";
    for (auto const& finding : comparison.mended)
        out += "- mended: " + safe(finding.check) + ", " + safe(short_resource(finding.judgement.resource)) + "\n";
    return out;
}

} // namespace

std::string audit_markdown(AuditReport const& report, AuditComparison const* comparison) {
    auto out = head(report);
    if (comparison != nullptr)
        out += since(*comparison);
    return out + best_fixes(report) + untold(report) + findings(report) + costs(report) + not_checked(report);
}

} // namespace convops
