// 71: debug output in production costs more than the program.
#include "audit/alarm_nature.h"
#include "audit/fixes.h"
#include "audit/log_groups.h"
#include "audit/metric_sums.h"
#include "audit/topic_words.h"
#include "base/text.h"

#include <array>
#include <map>

namespace convops::audit_checks {

namespace {

constexpr std::array needs { AuditNeed { .reading = "log_groups", .whole = false },
    AuditNeed { .reading = "log_incoming_bytes", .whole = false },
    AuditNeed { .reading = "lambda_functions", .whole = false },
    AuditNeed { .reading = "rest_api_stages", .whole = false } };
constexpr std::array<std::string_view, 1> beside { "rest_apis" };

constexpr double many_gigabytes = 100; // 50 USD a month for one group

bool is_production_group(AuditLogGroup const& group) {
    AuditResource named;
    named.resource.name = group.name;
    return is_production(named);
}

// Lambda's own setting, or the variable that most logging libraries read.
std::string debug_level_of(Json const& function) {
    for (std::string_view const path : { "LoggingConfig.ApplicationLogLevel", "Environment.Variables.LOG_LEVEL",
             "Environment.Variables.POWERTOOLS_LOG_LEVEL", "Environment.Variables.LOGLEVEL" }) {
        auto const level = to_lower(text_at(function, path));
        if (level == "debug" || level == "trace")
            return level;
    }
    return "";
}

// An API stage that logs whole requests and answers: volume, and the customers' data.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html
void judge_traces(Estate const& estate, std::string const& region, std::vector<AuditJudgement>& all) {
    auto const& apis = estate.items("rest_apis", region);
    for (auto const& stage : estate.items("rest_api_stages", region)) {
        auto const of = integer_at(stage, "@of");
        auto const* settings = find(stage, "methodSettings");
        if (!of || static_cast<std::size_t>(*of) >= apis.size() || settings == nullptr || !settings->is_object())
            continue;
        bool traces = false;
        for (auto const& [path, setting] : settings->as_object())
            traces = traces || flag_at(setting, "dataTraceEnabled");
        auto const& api = apis[static_cast<std::size_t>(*of)];
        auto const thing = text_at(api, "id") + "/" + text_at(stage, "stageName");
        auto const name = text_at(api, "name") + "-" + text_at(stage, "stageName");
        if (!traces) {
            all.push_back(weighed(passes(region, thing), name));
            continue;
        }
        AuditFix fix;
        fix.cli = cli_command("apigateway", "update-stage",
            { { "rest-api-id", text_at(api, "id") }, { "stage-name", text_at(stage, "stageName") },
                { "patch-operations", JsonArray { "op=replace,path=/*/*/logging/dataTrace,value=false" } } },
            region);
        all.push_back(
            weighed(fails(region, thing, "It logs whole requests and answers, also what customers send.",
                        { { "apigateway:GetStages", "methodSettings.dataTraceEnabled", true } }, std::move(fix)),
                name));
    }
}

std::vector<AuditJudgement> judge(Estate const& estate, std::string const& region) {
    std::vector<AuditJudgement> all;
    auto const fed = metric_sums(estate, "log_incoming_bytes", region);
    std::map<std::string, std::string> chatty; // group -> why
    for (auto const& function : estate.items("lambda_functions", region))
        if (auto const level = debug_level_of(function); !level.empty())
            chatty[log_group_of_function(function)]
                = "Function " + text_at(function, "FunctionName") + " logs at level " + level + ".";
    for (auto const& group : log_groups_in(estate, region)) {
        auto const found = fed.find(group.index);
        auto const taken_in = found == fed.end() ? 0 : gigabytes(found->second.sum);
        auto const debug = chatty.find(group.name);
        AuditEvidence const evidence { "cloudwatch:GetMetricData", "IncomingBytes",
            found == fed.end() ? 0 : found->second.sum };
        if (debug != chatty.end() && is_production_group(group))
            all.push_back(fails(region, group.name, debug->second,
                { evidence, { "lambda:ListFunctions", "LoggingConfig.ApplicationLogLevel", Json(debug->second) } }));
        else if (taken_in > many_gigabytes)
            all.push_back(weighed(fails(region, group.name,
                                      "It took in " + format_number(taken_in) + " GB in the last 30 days, about "
                                          + format_number(taken_in * usd_per_ingested_gigabyte) + " USD.",
                                      { evidence }),
                group.name));
        else
            all.push_back(weighed(passes(region, group.name), group.name));
    }
    judge_traces(estate, region, all);
    return all;
}

} // namespace

Registered make_log_volume_is_sensible() {
    return { .name = "log_volume_is_sensible",
        .number = 71,
        .category = AuditCategory::logs,
        .severity = AuditSeverity::medium,
        .title = "No log group takes in debug output or most of the bill",
        .matters
        = "Ingestion is what logs cost; one chatty program can be most of it, and it buries the lines that matter.",
        .needs = needs,
        .also = beside,
        .judge = judge };
}

} // namespace convops::audit_checks
