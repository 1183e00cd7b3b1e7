// The report as JSON (docs/audit.md) and back, as far as a comparison with an earlier run needs it.
#include "model/audit.h"

namespace convops {

namespace {

Json text_or_null(std::string const& text) {
    return text.empty() ? Json(nullptr) : Json(text);
}

Json to_json(AuditFix const& fix) {
    return { { "cli", text_or_null(fix.cli) }, { "cloudformation", text_or_null(fix.cloudformation) },
        { "terraform", text_or_null(fix.terraform) } };
}

Json to_json(AuditFinding const& finding) {
    auto const& judgement = finding.judgement;
    JsonArray evidence;
    for (auto const& one : judgement.evidence)
        evidence.push_back({ { "api", one.api }, { "field", one.field }, { "value", one.value } });
    return { { "check", finding.check }, { "number", finding.number }, { "category", to_string(finding.category) },
        { "severity", to_string(finding.severity) }, { "result", to_string(judgement.result) },
        { "region", text_or_null(judgement.region) }, { "resource", text_or_null(judgement.resource) },
        { "evidence", std::move(evidence) }, { "why", judgement.why }, { "fix", to_json(judgement.fix) },
        { "iam_action", text_or_null(judgement.iam_action) } };
}

Json to_json(AuditCheckSummary const& summary) {
    return { { "check", summary.check }, { "number", summary.number }, { "title", summary.title },
        { "category", to_string(summary.category) }, { "severity", to_string(summary.severity) },
        { "passed", summary.passed }, { "failed", summary.failed }, { "unknown", summary.unknown },
        { "looked_at", summary.looked_at } };
}

Json to_json(AuditCategoryScore const& category) {
    return { { "name", to_string(category.category) },
        { "score", category.score ? Json(*category.score) : Json(nullptr) }, { "passed", category.passed },
        { "failed", category.failed }, { "unknown", category.unknown }, { "not_looked_at", category.not_looked_at } };
}

Json to_json(BestFix const& fix) {
    JsonArray checks;
    for (auto const& check : fix.checks)
        checks.emplace_back(check);
    return { { "statement", fix.statement }, { "checks", std::move(checks) }, { "gain", fix.gain },
        { "fix", to_json(fix.fix) } };
}

Json to_json(UntoldMoment const& moment) {
    JsonObject dimensions;
    for (auto const& [name, value] : moment.metric.dimensions)
        dimensions[name] = value;
    return { { "from", format_time(moment.from) }, { "until", format_time(moment.until) },
        { "region", moment.region }, { "resource", moment.resource.arn_or_name() },
        { "metric",
            { { "namespace", moment.metric.metric_namespace }, { "name", moment.metric.name },
                { "dimensions", std::move(dimensions) }, { "statistic", moment.statistic } } },
        { "unit", text_or_null(moment.unit) }, { "worst", moment.worst }, { "usual", moment.usual },
        { "why_untold", moment.why_untold }, { "alarm", moment.alarm }, { "false_alarms", moment.false_alarms },
        { "fix", to_json(moment.fix) } };
}

Json to_json(AlarmTuning const& tuning) {
    return { { "region", tuning.region }, { "alarm", tuning.alarm }, { "now", tuning.now_says },
        { "better", tuning.would_say }, { "fired_now", tuning.fired_now }, { "real_now", tuning.real_now },
        { "fired_then", tuning.fired_then }, { "real_then", tuning.real_then }, { "fix", to_json(tuning.fix) } };
}

Json to_json(AuditCost const& cost) {
    return { { "item", cost.item }, { "usd_a_month", cost.usd }, { "wasted_usd_a_month", cost.wasted_usd },
        { "basis", cost.basis } };
}

template <class T> JsonArray all_of(std::vector<T> const& items) {
    JsonArray all;
    for (auto const& item : items)
        all.push_back(to_json(item));
    return all;
}

Result<AuditFinding> finding_from(Json const& json) {
    auto const severity = audit_severity_from(text_at(json, "severity"));
    auto const result = audit_result_from(text_at(json, "result"));
    if (!severity || !result || text_at(json, "check").empty())
        return Error { ErrorKind::corrupt, "a finding without check, severity or result" };
    AuditFinding finding;
    finding.check = text_at(json, "check");
    finding.number = static_cast<int>(integer_at(json, "number").value_or(0));
    finding.category = audit_category_from(text_at(json, "category")).value_or(AuditCategory::coverage);
    finding.severity = *severity;
    finding.judgement.result = *result;
    finding.judgement.region = text_at(json, "region");
    finding.judgement.resource = text_at(json, "resource");
    finding.judgement.why = text_at(json, "why");
    finding.judgement.iam_action = text_at(json, "iam_action");
    finding.judgement.fix
        = { text_at(json, "fix.cli"), text_at(json, "fix.cloudformation"), text_at(json, "fix.terraform") };
    return finding;
}

} // namespace

Json to_json(AuditReport const& report) {
    JsonArray regions, only;
    for (auto const& region : report.regions)
        regions.emplace_back(region);
    for (auto const& check : report.only)
        only.emplace_back(check);
    return { { "account", report.account }, { "regions", std::move(regions) }, { "at", format_time(report.at) },
        { "grade", std::string(1, report.grade) }, { "grade_capped_by", text_or_null(report.grade_capped_by) },
        { "score", report.score }, { "unchecked_share", report.unchecked_share },
        { "unknown_share", report.unknown_share },
        { "only", report.only.empty() ? Json(nullptr) : Json(std::move(only)) },
        { "categories", all_of(report.categories) }, { "findings", all_of(report.findings) },
        { "best_fixes", all_of(report.best_fixes) }, { "untold", all_of(report.untold) },
        { "untold_gap", text_or_null(report.untold_gap) }, { "tunings", all_of(report.tunings) },
        { "costs", all_of(report.costs) }, { "checks", all_of(report.checks) }, { "resources", report.resources },
        { "alarms", report.alarms },
        { "cost", { { "aws_calls", report.aws_calls }, { "seconds", report.seconds } } } };
}

Result<AuditReport> audit_report_from_json(Json const& json) {
    AuditReport report;
    report.account = text_at(json, "account");
    auto const at = time_at(json, "at");
    auto const grade = text_at(json, "grade");
    if (find(json, "findings") == nullptr || !at || grade.size() != 1)
        return Error { ErrorKind::corrupt, "this is not the JSON of an audit: it has no findings, time or grade" };
    report.at = *at;
    report.grade = grade.front();
    report.score = number_at(json, "score").value_or(0);
    report.unchecked_share = number_at(json, "unchecked_share").value_or(0);
    for (auto const& check : list_at(json, "only"))
        if (check.is_string())
            report.only.emplace_back(check.as_string().c_str());
    for (auto const& region : list_at(json, "regions"))
        if (region.is_string())
            report.regions.emplace_back(region.as_string().c_str());
    for (auto const& entry : list_at(json, "findings"))
        report.findings.push_back(TRY(finding_from(entry)));
    for (auto const& entry : list_at(json, "categories"))
        if (auto const category = audit_category_from(text_at(entry, "name")))
            report.categories.push_back({ *category, number_at(entry, "score"),
                static_cast<std::size_t>(integer_at(entry, "passed").value_or(0)),
                static_cast<std::size_t>(integer_at(entry, "failed").value_or(0)),
                static_cast<std::size_t>(integer_at(entry, "unknown").value_or(0)) });
    return report;
}

} // namespace convops
