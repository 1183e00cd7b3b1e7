// Metrics as facts: what related_metrics does for a whole neighbourhood, and other sources for the few metrics that
// belong to what they read.
#pragma once

#include "evidence/read.h"

namespace convops {

// A metric fact with its level since the likely onset and before it. `known_from` is the first datapoint of anything
// that was read: before it, nothing is known rather than nothing happened.
Fact metric_fact(
    MetricFact detail, Window window, Time known_from, Question const& question, std::string_view apart = {});

struct MetricAbout {
    Resource resource;
    MetricId metric;
    std::string statistic;
    Closeness closeness = Closeness::neighbour;
    std::string apart; // what tells it from the others of the resource: "rule RateLimit"; may be empty
};

// The series of the hours around the alarm, in the order of `asked`; empty where there are no datapoints or the read
// failed (then the gap is noted).
std::vector<Series> read_series_about(
    Answering& answering, std::span<MetricAbout const> asked, Window window, Seconds period = Seconds { 60 });

// The same as facts, added to the answer; metrics without a datapoint are left out.
void add_metrics_about(Answering& answering, std::span<MetricAbout const> asked);

// Whose metrics CloudWatch holds, as the values of a dimension, sorted, at most `most`: a permission of its own, so
// what may not be described can still be measured.
std::vector<std::string> measured_names(
    Answering& answering, MetricId const& with_fixed_dimensions, std::string const& dimension, std::size_t most);

// The metrics of this resource are read by related_metrics already.
bool is_read_with_neighbours(Question const& question, Resource const& resource);

} // namespace convops
