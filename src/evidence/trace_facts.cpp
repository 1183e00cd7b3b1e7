#include "evidence/trace_facts.h"

#include "base/text.h"

#include <array>

namespace convops {

namespace {

constexpr std::size_t most_ends = 5; // facts
constexpr int most_depth = 20; // of subsegments within each other
constexpr std::size_t most_document_bytes = std::size_t { 1 } << 20;
constexpr std::size_t most_nodes = 5'000; // segments and subsegments of one trace

// Where one trace ended, and with what.
struct End {
    Resource resource;
    std::string exception; // "ProvisionedThroughputExceededException"; hostile text
    bool throttled = false;
};

bool says_throttled(std::string_view exception) {
    return contains_ignoring_case(exception, "throughputexceeded") || contains_ignoring_case(exception, "throttl")
        || contains_ignoring_case(exception, "toomanyrequests") || contains_ignoring_case(exception, "slowdown")
        || contains_ignoring_case(exception, "requestlimitexceeded");
}

// The services of a root cause stand from the entry to the end.
// https://docs.aws.amazon.com/xray/latest/api/API_FaultRootCause.html
std::optional<End> end_in_summary(Json const& summary, std::vector<Resource> const& centre) {
    for (auto const* path : { "FaultRootCauses", "ErrorRootCauses" })
        for (auto const& cause : list_at(summary, path)) {
            auto const& services = list_at(cause, "Services");
            if (services.empty())
                continue;
            auto const& last = services.back();
            auto resource = xray_resource(text_at(last, "Name"), text_at(last, "Type"), "", centre);
            if (!resource)
                continue;
            End end { *std::move(resource), "", flag_at(summary, "HasThrottle") };
            for (auto const& service : services)
                for (auto const& entity : list_at(service, "EntityPath"))
                    for (auto const& exception : list_at(entity, "Exceptions"))
                        if (auto const name = text_at(exception, "Name"); !name.empty())
                            end.exception = shown(name, 120);
            return end;
        }
    return std::nullopt;
}

bool failed(Json const& node) {
    return flag_at(node, "fault") || flag_at(node, "error") || flag_at(node, "throttle");
}

std::string exception_of(Json const& node) {
    for (auto const& exception : list_at(node, "cause.exceptions"))
        if (auto const type = text_at(exception, "type"); !type.empty())
            return shown(type, 120);
    return "";
}

// The deepest failing call of a segment document: a subsegment of namespace "aws" or "remote".
// https://docs.aws.amazon.com/xray/latest/devguide/xray-api-segmentdocuments.html
class Deepest {
public:
    explicit Deepest(std::vector<Resource> const& centre)
        : centre_(centre) { }

    void visit(Json const& node, int depth) {
        if (depth > most_depth || ++visited_ > most_nodes || !failed(node))
            return;
        auto const exception = exception_of(node);
        if (auto resource = resource_of(node, depth); resource && depth >= depth_) {
            depth_ = depth;
            end_ = End { *std::move(resource), exception, flag_at(node, "throttle") };
        } else if (end_ && end_->exception.empty()) {
            end_->exception = exception;
        }
        for (auto const& child : list_at(node, "subsegments"))
            visit(child, depth + 1);
    }
    [[nodiscard]] std::optional<End> const& end() const { return end_; }
    [[nodiscard]] int depth() const { return depth_; }

private:
    [[nodiscard]] std::optional<Resource> resource_of(Json const& node, int depth) const {
        if (auto const table = text_at(node, "aws.table_name"); !table.empty())
            return Resource { "dynamodb:table", shown(table, 255), {} };
        if (auto const queue = text_at(node, "aws.queue_url"); !queue.empty())
            return Resource { "sqs:queue", shown(queue.substr(queue.rfind('/') + 1), 255), {} };
        if (depth > 0 && text_at(node, "namespace") == "remote")
            return xray_resource(text_at(node, "name"), "remote", "", centre_);
        return depth == 0
            ? xray_resource(text_at(node, "name"), text_at(node, "origin"), text_at(node, "resource_arn"), centre_)
            : std::nullopt;
    }

    std::vector<Resource> const& centre_;
    std::optional<End> end_;
    int depth_ = -1;
    std::size_t visited_ = 0;
};

std::optional<End> end_in_trace(Json const& trace, std::vector<Resource> const& centre) {
    std::optional<End> end;
    int depth = -1;
    for (auto const& segment : list_at(trace, "Segments")) {
        auto const document = parse_json(text_at(segment, "Document"), { .bytes = most_document_bytes, .depth = 64 });
        if (!document)
            continue;
        Deepest deepest(centre);
        deepest.visit(*document, 0);
        if (deepest.end() && deepest.depth() > depth) {
            depth = deepest.depth();
            end = deepest.end();
        }
    }
    return end;
}

struct Group {
    End end;
    int count = 0;
};

Fact fact_of(Group const& group, int all, Question const& question) {
    auto const& resource = group.end.resource;
    auto const share = group.count == all
        ? "All " + std::to_string(all) + " failing traces end"
        : std::to_string(group.count) + " of " + std::to_string(all) + " failing traces end";
    auto const statement = (all == 1 ? std::string("The one failing trace ends") : share) + " in "
        + resource.display() + (group.end.exception.empty() ? "" : " (" + group.end.exception + ")") + ".";
    bool const throttled = group.end.throttled || says_throttled(group.end.exception);
    FactDetail detail
        = ResourceEventFact { resource, ResourceEventKind::throttled, group.end.exception, "", group.count };
    if (!throttled)
        detail = StateFact { resource, StateHealth::degraded,
            { { "failing_traces", std::to_string(group.count) }, { "exception", group.end.exception } } };
    return fact_about(resource, throttled ? likely_onset(question) : question.now, statement, std::move(detail),
        { { "failing_traces", all }, { "end_here", group.count }, { "exception", group.end.exception } });
}

} // namespace

std::vector<std::string> unexplained_traces(JsonArray const& summaries, std::size_t most) {
    std::vector<std::string> ids;
    for (auto const& summary : summaries)
        if (ids.size() < most && !end_in_summary(summary, {}))
            if (auto const id = text_at(summary, "Id"); !id.empty() && id.size() <= 64)
                ids.push_back(id);
    return ids;
}

std::vector<Fact> failing_trace_facts(JsonArray const& summaries, JsonArray const& traces, Question const& question) {
    std::map<std::string, End> by_trace;
    for (auto const& trace : traces)
        if (auto end = end_in_trace(trace, question.centre))
            by_trace[text_at(trace, "Id")] = *std::move(end);
    std::map<std::string, Group> groups;
    int all = 0; // those of which it is known where they end
    for (auto const& summary : summaries) {
        auto end = end_in_summary(summary, question.centre);
        if (!end)
            if (auto const known = by_trace.find(text_at(summary, "Id")); known != by_trace.end())
                end = known->second;
        if (!end)
            continue;
        ++all;
        auto& group = groups[end->resource.key() + "|" + end->exception];
        group.end = *std::move(end);
        ++group.count;
    }
    std::vector<Group> ordered;
    for (auto& [key, group] : groups)
        ordered.push_back(std::move(group));
    std::stable_sort(
        ordered.begin(), ordered.end(), [](Group const& a, Group const& b) { return a.count > b.count; });
    ordered.resize(std::min(ordered.size(), most_ends));
    std::vector<Fact> facts;
    for (auto const& group : ordered)
        facts.push_back(fact_of(group, all, question));
    return facts;
}

} // namespace convops
