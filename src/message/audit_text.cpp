// The audit for a terminal: 80 columns, no markup, nothing that a terminal would obey.
#include "base/text.h"
#include "message/audit_groups.h"
#include "message/audit_report.h"
#include "message/escape.h"
#include "message/phrases.h"

#include <cmath>

namespace convops {

namespace {

constexpr std::size_t columns = 80;
constexpr std::size_t most_resources = 4; // of one check
constexpr std::size_t bar_cells = 20;

std::string line(std::string_view text, std::string_view first, std::string_view next) {
    return wrap(one_line(text, 1'200), columns, first, next);
}

std::string pad(std::string text, std::size_t width) {
    auto const now = width_of(text);
    return now < width ? text + std::string(width - now, ' ') : text;
}

std::string pad_left(std::string const& text, std::size_t width) {
    return text.size() < width ? std::string(width - text.size(), ' ') + text : text;
}

std::string bar(std::optional<double> score) {
    auto const full = score ? static_cast<std::size_t>(std::lround(*score / 100 * bar_cells)) : 0;
    std::string out;
    for (std::size_t i = 0; i < bar_cells; ++i)
        out += i < full ? "█" : "░";
    return out;
}

std::string counts_of(AuditCategoryScore const& category) {
    auto const looked_at = category.passed + category.failed + category.unknown;
    if (looked_at == 0 && category.not_looked_at > 0)
        return "not asked for";
    auto out = std::to_string(category.passed) + " pass, " + std::to_string(category.failed) + " fail, "
        + std::to_string(category.unknown) + " unknown";
    if (category.not_looked_at > 0)
        out += " (of " + std::to_string(looked_at + category.not_looked_at) + ")";
    return out;
}

std::string head(AuditReport const& report) {
    auto out = line("Observability audit of account " + (report.account.empty() ? "(unknown)" : report.account) + ", "
            + join(report.regions, ", ") + ", " + date_and_clock(report.at),
        "", "");
    out += "\n  Grade " + std::string(1, report.grade) + "   " + std::to_string(std::lround(report.score))
        + " of 100";
    out += report.only.empty() ? "   (" + checked_words(report) + ")\n"
                               : "\n" + line(checked_words(report) + ".", "  ", "  ");
    if (!report.grade_capped_by.empty())
        out += line("Held at " + std::string(1, report.grade)
                + ": an alarm that nobody receives is worth nothing. Failing: " + held_by(report) + ".",
            "  ", "  ");
    out += "  " + std::to_string(report.resources) + " resources, " + std::to_string(report.alarms) + " alarms, "
        + std::to_string(report.aws_calls) + " calls, " + format_value(report.seconds, "Seconds") + "\n\n";
    for (auto const& category : report.categories) {
        auto const score = category.score ? std::to_string(std::lround(*category.score)) : std::string("-");
        out += "  " + pad(category_word(category.category), 15) + bar(category.score) + pad_left(score, 5) + "   "
            + counts_of(category) + "\n";
    }
    return out;
}

std::string best_fixes(AuditReport const& report) {
    if (report.best_fixes.empty())
        return {};
    std::string out = "\nWhat raises the score most\n";
    std::size_t rank = 0;
    for (auto const& fix : report.best_fixes) {
        char gain[16];
        std::snprintf(gain, sizeof gain, "+%.1f", fix.gain);
        out += line(std::to_string(++rank) + ". " + gain + "  " + fix.statement, "  ", "     ");
        // A command is copied: its lines are kept as they are.
        for (auto const& command : split(fix.fix.cli, '\n'))
            if (!command.empty())
                out += "       " + clean_utf8(command) + "\n";
    }
    return out;
}

std::string untold(AuditReport const& report) {
    std::string out = "\nWould you have been told?\n";
    if (auto const words = no_moment_words(report); !words.empty())
        out += line(words, "  ", "  ");
    for (auto const& moment : report.untold) {
        out += line(date_and_clock(moment.from) + "  " + untold_words(moment), "  ", "    ");
        out += line(moment.why_untold, "    ", "    ");
        if (auto const words = would_have_told(moment); !words.empty())
            out += line(words, "    ", "    ");
    }
    return out;
}

std::string tunings(AuditReport const& report) {
    if (report.tunings.empty())
        return {};
    std::string out = "\nAlarms to tune\n";
    for (auto const& tuning : report.tunings)
        out += line(tuning.alarm + ": " + tuning_words(tuning), "  ", "    ");
    return out;
}

std::string thing_words(AuditJudgement const& judgement) {
    if (!judgement.resource.empty())
        return short_resource(judgement.resource);
    return judgement.region.empty() ? "the account" : judgement.region;
}

std::string findings(AuditReport const& report) {
    auto const groups = failed_groups(report);
    if (groups.empty())
        return "\nNo finding.\n";
    std::string out = "\nFindings\n";
    for (auto const& group : groups) {
        auto const& summary = group.summary;
        out += line(std::string(to_string(summary.severity)) + " " + std::to_string(summary.number) + "  "
                + summary.title + ": " + std::to_string(group.findings.size()) + " of "
                + std::to_string(std::max(group.findings.size(), summary.failed + summary.passed)) + " fail",
            "  ", "        ");
        std::size_t shown = 0;
        for (auto const* finding : group.findings) {
            if (shown++ == most_resources)
                break;
            out += line(thing_words(finding->judgement) + ": " + finding->judgement.why, "      - ", "        ");
        }
        if (group.findings.size() > most_resources)
            out += "        and " + std::to_string(group.findings.size() - most_resources) + " more\n";
    }
    return out;
}

std::string not_checked(AuditReport const& report) {
    auto const groups = unknown_groups(report);
    if (groups.empty())
        return {};
    // One permission usually blinds many checks: told by reason, not by check.
    std::map<std::string, std::vector<std::string>> by_reason;
    for (auto const& group : groups)
        for (auto const* finding : group.findings) {
            auto const& judgement = finding->judgement;
            auto const reason = judgement.iam_action.empty() ? judgement.why : "needs " + judgement.iam_action;
            auto& checks = by_reason[reason];
            auto const number = std::to_string(group.summary.number);
            if (std::find(checks.begin(), checks.end(), number) == checks.end())
                checks.push_back(number);
        }
    std::string out = "\nNot checked\n";
    for (auto const& [reason, checks] : by_reason)
        out += line("- " + reason + " (checks " + join(checks, ", ") + ")", "  ", "    ");
    return out;
}

std::string comparison_words(AuditComparison const& comparison) {
    auto const& one = comparison;
    auto out = "\n" + line(since_words(one), "", "  ");
    out += "  " + std::to_string(one.mended.size()) + " mended, " + std::to_string(one.appeared.size()) + " new, "
        + std::to_string(one.still) + " as before, " + std::to_string(one.not_looked_at)
        + " could not be looked at\n";
    for (auto const& finding : one.appeared)
        out += line("new: " + finding.check + "  " + short_resource(finding.judgement.resource), "  ", "    ");
    return out;
}

} // namespace

std::string audit_text(AuditReport const& report, AuditComparison const* comparison) {
    auto out = head(report);
    if (comparison != nullptr)
        out += comparison_words(*comparison);
    out += best_fixes(report) + untold(report) + tunings(report) + findings(report) + not_checked(report);
    return out + "\nEvery finding with its fix: --format html, --format json, --fixes terraform.\n";
}

} // namespace convops
