// What failing X-Ray traces say, as facts: the pure part of sources/xray_graph.
#pragma once

#include "evidence/answering.h"

namespace convops {

// The resource that X-Ray means by a service: its name, its type and, when the centre has one of that name, ours.
// nullopt for the client in front of everything.
std::optional<Resource> xray_resource(
    std::string const& name, std::string const& type, std::string const& arn, std::vector<Resource> const& centre);

// Where the failing traces end: GetTraceSummaries' entries (root causes), completed by the segment documents of
// BatchGetTraces for those whose summary names none. One fact for each end, the most frequent first.
std::vector<Fact> failing_trace_facts(JsonArray const& summaries, JsonArray const& traces, Question const& question);

// The ids of failing traces whose summary does not say where they end.
std::vector<std::string> unexplained_traces(JsonArray const& summaries, std::size_t most);

} // namespace convops
