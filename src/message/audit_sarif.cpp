// SARIF, for code-scanning pages and pipelines.
#include "base/text.h"
#include "message/audit_groups.h"
#include "message/audit_report.h"
#include "message/phrases.h"

namespace convops {

namespace {

std::string_view level_of(AuditSeverity severity) {
    switch (severity) {
    case AuditSeverity::high:
        return "error";
    case AuditSeverity::medium:
        return "warning";
    case AuditSeverity::low:
    case AuditSeverity::information:
        return "note";
    }
    return "note";
}

// Findings have no file. SARIF knows logical locations for that.
// https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/sarif-v2.1.0-os.html#_Toc34317719
Json result_of(AuditFinding const& finding, std::size_t rule, std::string const& account) {
    auto const& judgement = finding.judgement;
    auto const resource = one_line(judgement.resource.empty() ? "account " + account : judgement.resource, 1'000);
    bool const unknown = judgement.result == AuditResult::unknown;
    return {
        { "ruleId", finding.check }, { "ruleIndex", rule }, { "kind", unknown ? "open" : "fail" },
        { "level", unknown ? std::string_view("none") : level_of(finding.severity) },
        { "message", { { "text", one_line(resource + ": " + judgement.why, 2'000) } } },
        { "locations",
            JsonArray { JsonObject { { "logicalLocations",
                JsonArray { JsonObject { { "fullyQualifiedName", resource }, { "kind", "resource" } } } } } } },
        { "partialFingerprints",
            { { "auditFinding/v1", clean_utf8(finding.check + "/" + judgement.region + "/" + judgement.resource) } } }
    };
}

} // namespace

std::string audit_sarif(AuditReport const& report) {
    JsonArray rules;
    std::map<std::string, std::size_t> rule_index;
    for (auto const& check : report.checks) {
        // A rule that is listed was run.
        if (!check.looked_at)
            continue;
        rule_index.emplace(check.check, rules.size());
        rules.push_back({ { "id", check.check }, { "shortDescription", { { "text", check.title } } },
            { "defaultConfiguration", { { "level", level_of(check.severity) } } },
            { "properties", { { "number", check.number }, { "category", to_string(check.category) } } } });
    }
    auto const not_looked_at = report.checks.size() - rules.size();
    JsonArray results;
    for (auto const& finding : report.findings)
        if (auto const rule = rule_index.find(finding.check); rule != rule_index.end())
            results.push_back(result_of(finding, rule->second, report.account));
    Json const sarif { { "version", "2.1.0" },
        { "$schema", "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json" },
        { "runs",
            JsonArray { JsonObject {
                { "tool", { { "driver", { { "name", "ConvOps audit" }, { "rules", std::move(rules) } } } } },
                { "results", std::move(results) },
                { "properties",
                    { { "account", report.account }, { "grade", std::string(1, report.grade) },
                        { "score", report.score }, { "uncheckedShare", report.unchecked_share },
                        { "checksNotLookedAt", not_looked_at } } } } } } };
    return to_text(sarif) + "\n";
}

} // namespace convops
