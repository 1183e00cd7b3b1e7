// English: the language of the code's own sentences, which are shown as they are.
#include "message/languages.h"

namespace convops {

namespace {

constexpr Catalogue the_words {
    .title = "{0} · {1}: {2}",
    .title_resolved = "{0} · {1}: resolved",
    .title_flapping = "{0} · {1}: {2} time, batched",
    .composite_subject = "composite alarm",
    .metric_of = "{0} of {1}",
    .cause_headline = "{0} cause ({1} %): {2}",
    .two_causes_headline = "Two likely causes. {0} And: {1}",
    .unknown_with_lead = "Not known; best lead: {0}",
    .unknown_without_lead = "Not known: nothing that we could read explains it.",
    .healthy = "Healthy in everything that we read. {0}",
    .self_healed = "It healed itself. {0}",
    .aws_side = "AWS's side. {0}",
    .partly_blind = "{0} could not be read, see below.",
    .one_thing = "1 thing",
    .things = "{0} things",
    .likely = "Likely",
    .possible = "Possible",

    .fired_on_value = "Alarm {0} fired at {1}: {2} was {3}, {4} {5}.",
    .fired = "Alarm {0} fired at {1}.",
    .fired_on_rule = "Composite alarm {0} fired at {1}: {2}",
    .datapoints = "It needs {0} of {1} datapoints of {2}.",
    .also_firing = "Same incident: {0}.",
    .still_breaching = "Still happening: {0} is {1}, {2} {3}, since {4} ({5}).",
    .back_within = "Not happening now: {0} is {1}, no longer {2} {3} since {4}.",
    .or_earlier = "{0} or earlier",
    .metric_unread = "Still happening? Could not look: {0}.",
    .metric_not_yet_read = "Still happening? The metric has not been read yet.",
    .no_threshold = "{0} was {1} at {2}.",
    .change = "Changed: {0}",
    .changes_before = "Changed {1} before: {0}",
    .no_change_so_far = "No change by a person or a pipeline seen so far.",
    .changes_unread = "What changed? Could not look: {0}.",
    .aws_event_open = "AWS's side: {0}",
    .aws_event_none = "AWS's side? AWS Health shows no open event here.",
    .aws_unread = "AWS's side? Could not look: {0}.",
    .in_logs = "In the logs: {0}",
    .above = "above",
    .at_or_above = "at or above",
    .below = "below",
    .at_or_below = "at or below",
    .outside = "outside",

    .onset = "Onset: {0}",
    .moved = "{0}: {1} before, {2} since",
    .alarm_fired = "Alarm {0} fired.",
    .cause_line = "{0} ({1} %): {2}",
    .against = " Against it: {0}.",
    .ruled_out = "{0}: {1}",
    .gap = "{0}: {1}.",
    .gap_with_action = "{0}: {1}. Allow {2} to see it.",
    .gap_would_have_told = " It tells {0}.",
    .and_more = "and {0} more",
    .price = "{0} · {1} tokens · ${2} · {3} s",
    .worded_by = "words by {0}, checked",
    .sentences_dropped = "sentences of the model that no fact supports: {0}",
    .one_call = "1 AWS call",
    .calls = "{0} AWS calls",
    .no_diagnosis = "No diagnosis: {0}",
    .severity_why = "{0}: {1}.",
    .by_owners_word = "the alarm's name says so",
    .times_over = "{0} × the threshold",
    .far_from_usual = "far from its usual level",
    .down_to_zero = "down to zero",
    .users_get_errors = "errors for users at {0}",
    .users_wait = "slow for users at {0}",
    .users_near = "users reach {0}",
    .one_dependant = "1 service depends on it",
    .dependants = "{0} services depend on it",
    .alarms_fire = "{0} alarms fire",
    .still_happening = "still happening",
    .over_by_now = "over by now",
    .in_environment = "environment {0}",
    .kinds = { "Deploy", "Configuration change", "Scaling change", "Permission change", "Traffic surge",
        "Traffic drop", "Query load", "Processor full", "Memory exhausted", "Storage full", "Storage speed limit",
        "Connections exhausted", "Replication lag", "Failover", "Throttling", "Quota", "Time-outs", "Dependency",
        "Host failure", "Network", "Certificate", "Backlog", "Security event", "AWS service event", "Scheduled job",
        "Unknown" },

    .resolved_after = "Resolved at {0} after {1}.",
    .resolved_at_unknown = "Resolved.",
    .fired_times = "It fired {0} times.",
    .flapping = "It keeps changing state: {0} time in {1}. Batched; the next messages are held and summed up.",
    .ended_quiet = "all alarms are OK",
    .ended_without_ok = "closed: no OK arrived within {0} of the last ALARM",
    .ended_joined = "joined with incident {0}",

    .what_happened = "What happened",
    .causes = "Cause",
    .other_causes = "Less likely",
    .ruled_out_heading = "Ruled out",
    .not_seen = "Could not see",
    .suggested = "Suggested",
    .evidence = "Evidence",
    .open_incident = "Open incident",
    .resolved_mark = "Resolved",

    .usual = "usual (same hours on earlier days)",
    .threshold = "threshold",
    .no_datapoints = "no datapoints",
    .onset_mark = "onset",
    .alt_text = "Chart of {0}: last value {1}, between {2} and {3} since {4}.",
    .per_period = "{0} per {1}",
    .minute = "minute",
    .hour = "hour",
    .change_kinds = { "deploy", "config", "scaling", "permission", "network", "change" },

    .decimal_mark = ".",
    .percent = "{0} %",
    .bytes = "bytes",
    .not_a_number = "not a number",
    .seconds = "{0} s",
    .minutes = "{0} min",
    .hours = "{0} h",
    .days = "{0} d",
    .date = "{0}-{1}-{2}",
    .months = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" },
    .day_and_month = "{1} {0}",
    .quoted = "\"{0}\"",

    .answers = {
        .began = "It began at {0}.",
        .began_unknown = "When it began is not known; the alarm fired at {0}.",
        .over = "It is over: every alarm is OK since {0}.",
        .cause = "{0}. {1} %: {2}",
        .no_cause = "The cause is not known.",
        .best_lead = "The cause is not known; best lead: {0}",
        .speaks_against = "Against it: {0}",
        .ruled_out = "Ruled out: {0}. {1}",
        .not_considered = "{0}: nothing that was read points to it; it was not ruled out either.",
        .no_change = "No change was recorded in the time that was read.",
        .no_error_lines = "No error line was found in the logs that were read.",
        .error_lines = "{0} error lines in {1} patterns.",
        .no_aws_event = "AWS Health has no open event for this.",
        .not_seen = "Not seen: {0}: {1}.",
        .action_would_tell = "{0} would have told: {1}.",
        .all_read = "Everything that was asked for could be read.",
        .no_action = "Nothing to suggest: no cause is known well enough.",
        .healthy = "Nothing is wrong by what was read.",
        .deeper_same = "Looked {0} back, {1} neighbours: nothing new.",
        .deeper_new = "Looked {0} back, {1} neighbours; new facts: {2}.",
        .nothing_to_compare = "Looked {0} back, {1} neighbours; there was no diagnosis before.",
        .cause_changed = "The first cause is now: {0}",
        .cause_same = "The first cause stays: {0}",
        .not_in_evidence = "That is not in the evidence of this incident.",
        .call_would_tell = "This call would tell: {0}",
        .no_diagnosis_yet = "There is no diagnosis of this incident yet.",
        .still_running = "The investigation still runs; ask again when it has ended.",
        .dig_deeper = "Dig deeper",
        .dig_hint = "Reply 4 to dig deeper, or ask a question about this.",
        .hello = "You get incident messages here. Reply HELP for what you can ask.",
        .stopped = "You get no more incident messages here. Reply Hi to get them again.",
        .stop_is_for_numbers = "STOP works for a WhatsApp number. A Slack channel belongs to many: mute it, or take its route out of the settings.",
        .nothing_to_confirm = "There is nothing to confirm: ConvOps only reads, and cannot change anything in your account yet.",
        .help = "Answer an incident message: 4 digs deeper, and a question is answered from its evidence.",
        .help_status = "STATUS: open incidents",
        .help_usage = "USAGE: this month",
        .help_stop = "STOP and Hi: messages off and on (WhatsApp)",
        .none_open = "No incident is open.",
        .open_incidents = "Open incidents: {0}.",
        .usage = "This month: {0} incidents, {1} investigations, {2} questions.",
    },
};

std::string ordinal(int number) {
    int const last_two = number % 100;
    char const* end = "th";
    if (last_two < 11 || last_two > 13) {
        if (number % 10 == 1)
            end = "st";
        else if (number % 10 == 2)
            end = "nd";
        else if (number % 10 == 3)
            end = "rd";
    }
    return std::to_string(number) + end;
}

} // namespace

languages::Registered make_en() {
    return { "en", "English", "English", ordinal, the_words, nullptr };
}

} // namespace convops
