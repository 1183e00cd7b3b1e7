// The X-Ray service graph: who really called whom, and how many calls failed; and where the traces that fail now end.
// No traces is an answer: an account without X-Ray has no graph.
#include "evidence/trace_facts.h"

#include "base/text.h"

#include <array>

namespace convops {

namespace {

constexpr std::array iam_actions {
    IamAction { "xray:GetServiceGraph", "which services really called each other, and where calls failed" },
    IamAction { "xray:GetTraceSummaries", "where the requests that fail end" },
    IamAction { "xray:BatchGetTraces", "where the requests that fail end" },
};

constexpr SourceCard the_card {
    .name = "xray_graph",
    .says = "Calls between services, and their faults, as X-Ray traced them.",
    .iam_actions = iam_actions,
    .stage = SourceStage::map,
    .looks_back = Minutes { 60 },
    .settles_after = Minutes { 3 },
};

constexpr int most_pages = 3;
constexpr std::size_t most_edges = 200;
constexpr int most_summary_pages = 2;
// A few show where they end. https://docs.aws.amazon.com/xray/latest/api/API_BatchGetTraces.html
constexpr std::size_t most_traces = 5;

} // namespace

// https://docs.aws.amazon.com/xray/latest/devguide/xray-api-segmentdocuments.html "origin", and the names that the
// X-Ray console shows.
std::optional<Resource> xray_resource(
    std::string const& name, std::string const& type, std::string const& arn, std::vector<Resource> const& centre) {
    constexpr std::array<std::pair<std::string_view, std::string_view>, 8> types { {
        { "AWS::Lambda", "lambda:function" },
        { "AWS::DynamoDB", "dynamodb:table" },
        { "AWS::SQS", "sqs:queue" },
        { "AWS::SNS", "sns:topic" },
        { "AWS::ApiGateway", "apigateway:api" },
        { "AWS::StepFunctions", "states:machine" },
        { "AWS::S3", "s3:bucket" },
        { "AWS::Kinesis", "kinesis:stream" },
    } };
    if (name.empty() || type == "client") // The person or program in front of everything.
        return std::nullopt;
    if (auto const named = resource_from_arn(arn.empty() ? name : arn))
        return named;
    for (auto const& resource : centre)
        if (resource.short_name() == name)
            return resource;
    for (auto const& [prefix, resource_type] : types)
        if (type.starts_with(prefix)) {
            if (resource_type == "sqs:queue" || resource_type == "sns:topic") // named by URL or ARN
                return Resource { std::string(resource_type), name.substr(name.find_last_of("/:") + 1), {} };
            if (resource_type == "apigateway:api") // "shop/prod": API and stage
                return Resource { std::string(resource_type), name.substr(0, name.find('/')), {} };
            return Resource { std::string(resource_type), name, {} };
        }
    // "orders@orders-db.c9a.eu-west-1.rds.amazonaws.com"
    if (type.starts_with("Database")) {
        auto const host = to_lower(name.substr(name.find('@') + 1));
        if (host.find(".rds.amazonaws.com") != std::string::npos)
            return Resource { host.find(".cluster-") == std::string::npos ? "rds:instance" : "rds:cluster",
                host.substr(0, host.find('.')), {} };
    }
    return Resource { "external:host", to_lower(shown(name, 200)), {} };
}

std::vector<Fact> xray_facts(JsonArray const& services, std::vector<Resource> const& centre, Time now) {
    std::map<std::int64_t, Resource> by_reference;
    for (auto const& service : services)
        if (auto const id = integer_at(service, "ReferenceId"))
            if (auto const resource = xray_resource(
                    text_at(service, "Name"), text_at(service, "Type"), text_at(service, "ResourceARN"), centre))
                by_reference[*id] = *resource;
    std::vector<Fact> facts;
    for (auto const& service : services) {
        auto const from = by_reference.find(integer_at(service, "ReferenceId").value_or(-1));
        if (from == by_reference.end())
            continue;
        for (auto const& edge : list_at(service, "Edges")) {
            auto const to = by_reference.find(integer_at(edge, "ReferenceId").value_or(-1));
            if (to == by_reference.end() || to->second == from->second || facts.size() >= most_edges)
                continue;
            auto const total = number_at(edge, "SummaryStatistics.TotalCount").value_or(0);
            auto const faults = number_at(edge, "SummaryStatistics.FaultStatistics.TotalCount").value_or(0);
            auto const errors = number_at(edge, "SummaryStatistics.ErrorStatistics.TotalCount").value_or(0);
            auto const seconds = number_at(edge, "SummaryStatistics.TotalResponseTime").value_or(0);
            auto fact = dependency_fact(from->second, to->second, "X-Ray traces", now);
            fact.statement = from->second.display() + " called " + to->second.display() + " " + format_number(total)
                + " times in X-Ray traces: " + format_number(faults) + " faults, " + format_number(errors) + " errors"
                + (total > 0 ? ", " + format_value(seconds / total, "Seconds") + " on average" : "") + ".";
            fact.value = { { "from", from->second.key() }, { "to", to->second.key() }, { "calls", total },
                { "faults", faults }, { "errors", errors }, { "seconds", seconds } };
            facts.push_back(std::move(fact));
        }
    }
    return facts;
}

namespace {

// Whole seconds: https://docs.aws.amazon.com/xray/latest/api/API_GetServiceGraph.html
JsonObject between(Time from, Time to) {
    auto const seconds = [](Time time) { return std::chrono::floor<Seconds>(time).time_since_epoch().count(); };
    return { { "StartTime", seconds(from) }, { "EndTime", seconds(to) } };
}

// https://docs.aws.amazon.com/xray/latest/devguide/xray-console-filters.html
AwsCall failing_traces(Question const& question) {
    auto params = between(likely_onset(question), std::min<Time>(question.now, question.alarm_at + Minutes { 15 }));
    params["FilterExpression"] = "fault = true OR error = true OR throttle = true";
    params["Sampling"] = true; // a share of them is enough, and AWS chooses it
    return call_of("xray", "GetTraceSummaries", std::move(params));
}

void read_traces(Answering& answering, JsonArray const& summaries, AwsCall const& summaries_call) {
    auto const ids = unexplained_traces(summaries, most_traces);
    JsonArray traces;
    if (!ids.empty()) {
        auto const call = call_of("xray", "BatchGetTraces", { { "TraceIds", JsonArray(ids.begin(), ids.end()) } });
        if (auto const answer = answering.read(call))
            traces = list_at(*answer, "Traces");
    }
    answering.add(failing_trace_facts(summaries, traces, answering.question()), summaries_call);
}

Answer collect(Question const& question, Aws& aws) {
    Answering answering(the_card, question, aws);
    auto const call = call_of(
        "xray", "GetServiceGraph", between(question.now - look_back(the_card, question.depth), question.now));
    auto const services = answering.read_pages({ call, "Services", "NextToken", "NextToken", most_pages });
    answering.add(xray_facts(services, question.centre, question.now), call);
    if (services.empty()) // Nobody traces here, or the graph could not be read: then traces can not either.
        return answering.take();
    auto const failing = failing_traces(question);
    auto const summaries
        = answering.read_pages({ failing, "TraceSummaries", "NextToken", "NextToken", most_summary_pages });
    read_traces(answering, summaries, failing);
    return answering.take();
}

} // namespace

sources::Registered make_xray_graph() {
    return { &the_card, collect };
}

} // namespace convops
