// Every word that a reader sees, in one place, so that a translation is one more catalogue. "{0}", "{1}" are filled
// by say(). Nothing outside may be a template: names and log lines go in as arguments only.
#pragma once

#include "model/diagnosis.h"

#include <initializer_list>

namespace convops {

struct Catalogue {
    // Titles and headlines.
    std::string_view title; // severity, alarm, subject
    std::string_view title_resolved; // severity, alarm
    std::string_view title_flapping; // severity, alarm, "7th"
    std::string_view composite_subject;
    std::string_view metric_of; // metric, resource
    std::string_view cause_headline; // score word, per cent, statement
    std::string_view two_causes_headline; // first, second
    std::string_view unknown_with_lead; // lead
    std::string_view unknown_without_lead;
    std::string_view healthy; // detail
    std::string_view self_healed; // detail
    std::string_view aws_side; // detail
    std::string_view partly_blind; // number of gaps
    std::string_view likely;
    std::string_view possible;

    // First facts.
    std::string_view fired_on_value; // alarm, clock, metric, value, comparison, threshold
    std::string_view fired; // alarm, clock
    std::string_view fired_on_rule; // alarm, clock, rule
    std::string_view datapoints; // needed, of, period
    std::string_view also_firing; // names
    std::string_view still_breaching; // metric, value, comparison, threshold, since, duration
    std::string_view back_within; // metric, value, comparison, threshold, since
    std::string_view metric_unread; // why
    std::string_view metric_not_yet_read;
    std::string_view no_threshold; // metric, value, clock
    std::string_view change; // statement
    std::string_view changes_before; // statement, duration
    std::string_view no_change_so_far;
    std::string_view changes_unread; // why
    std::string_view aws_event_open; // statement
    std::string_view aws_event_none;
    std::string_view aws_unread; // why

    // Diagnosis.
    std::string_view onset; // what
    std::string_view moved; // metric and resource, value before the onset, value since
    std::string_view alarm_fired; // alarm
    std::string_view cause_line; // score word, per cent, statement
    std::string_view against; // ids
    std::string_view ruled_out; // kind, why
    std::string_view gap; // source, why
    std::string_view gap_with_action; // source, why, action, would have told
    std::string_view gap_would_have_told; // what
    std::string_view and_more; // number
    std::string_view price; // calls, tokens, usd, seconds
    std::string_view one_call;

    // Resolved, flapping.
    std::string_view resolved_after; // clock, duration
    std::string_view resolved_at_unknown;
    std::string_view fired_times; // number
    std::string_view flapping; // times, duration

    // Headings.
    std::string_view what_happened;
    std::string_view causes;
    std::string_view other_causes; // when the headline already says the first
    std::string_view ruled_out_heading;
    std::string_view not_seen;
    std::string_view suggested;
    std::string_view evidence;
    std::string_view open_incident;
    std::string_view resolved_mark;

    // Chart.
    std::string_view usual;
    std::string_view threshold;
    std::string_view no_datapoints; // the chart of a silent counter
    std::string_view onset_mark;
    std::string_view now;
    std::string_view alt_text; // metric, last value, range
};

Catalogue const& words(std::string_view language); // English for every language that has no catalogue yet

// "{0}" and "{1}" replaced in one pass, so that an argument that contains "{1}" stays as it is.
std::string say(std::string_view words, std::initializer_list<std::string_view> arguments);

std::string_view comparison_words(std::string_view comparison); // "GreaterThanThreshold" -> "above"
std::string_view kind_words(CauseKind kind); // "connection_exhaustion" -> "connections running out"
std::string source_words(std::string_view source); // "log_patterns" -> "log patterns"
std::string ordinal(int number); // "1st", "2nd", "7th"

} // namespace convops
