// The words of the resolved notice and of the incident report, by language. "{0}", "{1}" are filled by say(); names
// and log lines go in as arguments only.
#pragma once

#include "message/compose.h"

#include <array>

namespace convops {

struct ReportWords {
    std::string_view lang; // of the page: "en"

    // The resolved notice.
    std::string_view peak; // metric, value, clock
    std::array<std::string_view, 11> fixes; // by FixKind: "rolled back"
    std::string_view fixed; // fix, duration, statement
    std::string_view fixed_late; // fix, statement: it was recorded after the metric came back
    std::string_view after_change; // fix, duration, statement
    std::string_view by_itself;
    std::string_view fix_not_looked;
    std::string_view fix_trail_unread; // why
    std::string_view fix_trail_late;

    // Headings of the report.
    std::string_view report_of; // alarm
    std::string_view summary;
    std::string_view timeline;
    std::string_view causes;
    std::string_view ruled_out;
    std::string_view not_seen;
    std::string_view actions;
    std::string_view evidence;
    std::string_view follow_ups;
    std::string_view chart;

    // Summary.
    std::string_view incident;
    std::string_view state;
    std::string_view open;
    std::string_view resolved;
    std::string_view severity;
    std::string_view account; // account, Region
    std::string_view account_label;
    std::string_view alarms;
    std::string_view impact;
    std::string_view duration;
    std::string_view duration_so_far; // duration
    std::string_view detection;
    std::string_view detection_after; // duration
    std::string_view detection_unknown;
    std::string_view first_message;
    std::string_view first_message_after; // duration
    std::string_view cause_told;
    std::string_view what_fixed_it;
    std::string_view conclusion;
    std::string_view cost;

    // Timeline.
    std::string_view time; // column; zone
    std::string_view event; // column
    std::string_view facts; // column
    std::string_view alarm_fired; // alarm
    std::string_view alarm_ok; // alarm
    std::string_view alarm_no_data; // alarm
    std::string_view told_first_facts; // route
    std::string_view told_diagnosis; // route
    std::string_view told_resolved; // route
    std::string_view told_flapping; // route
    std::string_view told_answer; // route
    std::string_view onset;
    std::string_view came_back;
    std::string_view ended; // why
    std::string_view left_out; // number

    // Causes, gaps, actions, evidence.
    std::string_view evidence_for;
    std::string_view evidence_against;
    std::string_view none_against;
    std::string_view no_cause;
    std::string_view nothing_ruled_out;
    std::string_view everything_seen;
    std::string_view source; // column
    std::string_view why; // column
    std::string_view iam_action; // column
    std::string_view would_have_told; // column
    std::string_view no_actions;
    std::string_view can_be_done;
    std::string_view fact; // column
    std::string_view statement; // column
    std::string_view read_again; // column: the command
    std::string_view open_in_console;
    std::string_view no_evidence;
    std::string_view follow_ups_hint;
    std::string_view made_by; // time
};

ReportWords const& report_words(std::string_view language); // English for a language without a catalogue
std::span<ReportWords const> every_report_words();

// What fixed it, as one sentence.
std::string recovery_words(Recovery const& recovery, Reader const& reader);
// "At its worst: 5XX of load balancer shop was 42 at 20:04 UTC."; nullopt when the metric was not read.
std::optional<std::string> worst_value_words(
    Recovery const& recovery, Incident const& incident, Reader const& reader);

} // namespace convops
