// JUnit XML, for pipelines that show test results.
#include "base/text.h"
#include "message/audit_groups.h"
#include "message/audit_report.h"
#include "message/phrases.h"

namespace convops {

namespace {

constexpr std::size_t most_lines = 50; // of one check

// U+FFFE and U+FFFF are no characters of XML, as text or as a reference: one name with them and no reader would open
// the file. https://www.w3.org/TR/xml/#charsets
std::string xml(std::string_view text) {
    auto out = replace_all(clean_utf8(text), "&", "&amp;");
    for (auto const* none : { "\xEF\xBF\xBE", "\xEF\xBF\xBF" })
        out = replace_all(std::move(out), none, "\xEF\xBF\xBD");
    for (auto const& [what, with] :
        { std::pair { "<", "&lt;" }, { ">", "&gt;" }, { "\"", "&quot;" }, { "'", "&apos;" } })
        out = replace_all(std::move(out), what, with);
    return out;
}

std::string lines_of(AuditReport const& report, AuditCheckSummary const& check, AuditResult result) {
    std::string out;
    std::size_t count = 0;
    for (auto const& finding : report.findings) {
        if (finding.check != check.check || finding.judgement.result != result)
            continue;
        if (count++ == most_lines) {
            out += "and more\n";
            break;
        }
        auto const& judgement = finding.judgement;
        out += one_line(judgement.region + " " + judgement.resource + ": " + judgement.why, 1'000)
            + (judgement.iam_action.empty() ? "" : " (needs " + judgement.iam_action + ")") + "\n";
    }
    return xml(out);
}

} // namespace

std::string audit_junit(AuditReport const& report) {
    std::string cases;
    std::size_t failures = 0, skipped = 0;
    for (auto const& check : report.checks) {
        cases += "  <testcase classname=\"audit." + std::string(to_string(check.category)) + "\" name=\""
            + xml(check.check) + "\">";
        if (!check.looked_at) {
            ++skipped;
            cases += "<skipped message=\"not looked at: other checks were asked for\"/>";
        } else if (check.failed > 0) {
            ++failures;
            cases += "\n    <failure type=\"" + severity_word(check.severity) + "\" message=\""
                + xml(check.title + ": " + std::to_string(check.failed) + " fail") + "\">"
                + lines_of(report, check, AuditResult::fail) + "</failure>\n  ";
        } else if (check.unknown > 0) {
            ++skipped;
            cases += "\n    <skipped message=\"could not be checked\">"
                + lines_of(report, check, AuditResult::unknown) + "</skipped>\n  ";
        }
        cases += "</testcase>\n";
    }
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuite name=\"observability audit of account "
        + xml(report.account) + "\" tests=\"" + std::to_string(report.checks.size()) + "\" failures=\""
        + std::to_string(failures) + "\" errors=\"0\" skipped=\"" + std::to_string(skipped) + "\">\n" + cases
        + "</testsuite>\n";
}

} // namespace convops
