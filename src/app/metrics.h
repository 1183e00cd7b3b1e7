// What an operator pages on, as counters, gauges and histograms of this process; GET /metrics prints them in the text
// format of Prometheus. Any part of the program may bump a counter: it costs a lock and an addition.
//
//     metrics::count(metrics::Counter::deliveries, { "slack", "delivered" });
//     metrics::count(metrics::Counter::model_tokens, { "output" }, 812);
//
// Label values are fixed words of ours (a channel, an outcome, a kind of error), never text from outside and never a
// person or an address: each distinct value is a series that is kept for the life of the process. Values beyond a
// bound are counted as "other".
#pragma once

#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>

namespace convops::metrics {

// To add one: an enumerator here, a row in the table of metrics.cpp.
enum class Counter : std::uint8_t {
    alarms_accepted, // fate: opened, joined, duplicate, recorded
    alarms_refused, // reason: invalid_input, access_denied, ...
    requests_turned_away, // why: connections, waiting, rate_of_address, bytes, broken
    connections_cut, // why: header, body, writing, tls, oldest_in_header, oldest_idle
    deliveries, // channel; outcome: delivered, later, rejected
    dead_letters, // effect: deliver, investigate
    dead_letters_resent, //
    investigations, // outcome: started, ended, later, failed
    aws_calls, //
    model_calls, // outcome: used, refused, failed, over_budget
    model_tokens, // direction: input, output, cache_read, cache_write
    model_dollars, //
    claims_dropped, // reason
    utterances, // channel; fate: taken, duplicate, stranger, overheard
    store_commits, //
    store_errors, // operation: get, commit, query, sweep; kind
};
enum class Gauge : std::uint8_t {
    outbox_effects, // effect: wake, deliver, investigate
    outbox_oldest_due_seconds, // effect; 0 when nothing is due
    investigations_running, //
    connections_open, //
    requests_waiting, //
    bytes_in_flight, // bodies that are being received or answered
    resident_bytes, //
    causes_judged, // kind, opinion: right, wrong; of the time that diagnoses are kept
};
enum class Timing : std::uint8_t {
    acknowledge, // from the whole request to its answer
    investigation, //
};

using Labels = std::initializer_list<std::string_view>; // values, in the order of the table's label names

void count(Counter counter, Labels labels = {}, double by = 1);
void set(Gauge gauge, double value, Labels labels = {});
void add(Gauge gauge, double difference, Labels labels = {});
void observe(Timing timing, double seconds);

// All of it in the text format: https://prometheus.io/docs/instrumenting/exposition_formats/
std::string as_text();
// Since the start; 0 when it was never counted. For tests.
double counted(Counter counter, Labels labels = {});

} // namespace convops::metrics
