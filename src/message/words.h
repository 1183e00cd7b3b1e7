// Every word that a reader sees, by language: one file each in languages/. "{0}", "{1}" are filled by say(); nothing
// from outside may be a template: names and log lines go in as arguments only.
//
// To add an entry: add a member to Catalogue (or, when English has the sentence in the code that finds it, to
// Sentences) and name its arguments beside it. Each languages/<code>.cpp then fails to compile until it has it, in
// the same place; a test compares the {n}. Code says `say(words(reader.language).entry, { ... })`.
#pragma once

#include "base/check.h"
#include "model/diagnosis.h"

#include <array>
#include <initializer_list>

namespace convops {

// One entry. There is no empty one: an initializer that leaves an entry out does not compile.
class Words {
public:
    // NOLINTNEXTLINE(google-explicit-constructor): entries are written as plain literals
    consteval Words(char const* text)
        : text_(text) {
        CHECK(!text_.empty());
    }
    constexpr operator std::string_view() const { return text_; } // NOLINT(google-explicit-constructor)
    [[nodiscard]] std::string text() const { return std::string(text_); }

private:
    std::string_view text_;
};

struct Catalogue {
    // Titles and headlines.
    Words title; // severity, alarm, subject
    Words title_resolved; // severity, alarm
    Words title_flapping; // severity, alarm, "7th"
    Words composite_subject;
    Words metric_of; // metric, resource
    Words cause_headline; // score word, per cent, statement
    Words two_causes_headline; // first, second
    Words unknown_with_lead; // lead
    Words unknown_without_lead;
    Words healthy; // detail
    Words self_healed; // detail
    Words aws_side; // detail
    Words partly_blind; // "3 things"
    Words one_thing;
    Words things; // number
    Words likely;
    Words possible;

    // First facts.
    Words fired_on_value; // alarm, clock, metric, value, comparison, threshold
    Words fired; // alarm, clock
    Words fired_on_rule; // alarm, clock, rule
    Words datapoints; // needed, of, period
    Words also_firing; // names
    Words still_breaching; // metric, value, comparison, threshold, since, duration
    Words back_within; // metric, value, comparison, threshold, since
    Words or_earlier; // clock
    Words metric_unread; // why
    Words metric_not_yet_read;
    Words no_threshold; // metric, value, clock
    Words change; // statement
    Words changes_before; // statement, duration
    Words no_change_so_far;
    Words changes_unread; // why
    Words aws_event_open; // statement
    Words aws_event_none;
    Words aws_unread; // why
    Words in_logs; // statement
    Words above;
    Words at_or_above;
    Words below;
    Words at_or_below;
    Words outside; // of a band

    // Diagnosis.
    Words onset; // what
    Words moved; // metric and resource, value before the onset, value since
    Words alarm_fired; // alarm
    Words cause_line; // score word, per cent, statement
    Words against; // ids
    Words ruled_out; // kind, why
    Words gap; // source, why
    Words gap_with_action; // source, why, action
    Words gap_would_have_told; // what
    Words and_more; // number
    Words price; // calls, tokens, usd, seconds
    Words worded_by; // model
    Words sentences_dropped; // number of a model's sentences that no fact supports
    Words one_call;
    Words calls; // number
    Words no_diagnosis; // why
    Words severity_why; // "P1", reasons
    Words by_owners_word; // the reasons, in this order
    Words times_over; // times
    Words far_from_usual;
    Words down_to_zero;
    Words users_get_errors; // resource
    Words users_wait; // resource
    Words users_near; // resource
    Words one_dependant;
    Words dependants; // number
    Words alarms_fire; // number
    Words still_happening;
    Words over_by_now;
    Words in_environment; // "staging"
    std::array<Words, 26> kinds; // of causes, by CauseKind

    // Resolved, flapping.
    Words resolved_after; // clock, duration
    Words resolved_at_unknown;
    Words fired_times; // number
    Words flapping; // times, duration
    Words ended_quiet; // why it is over: all alarms are OK
    Words ended_without_ok; // duration
    Words ended_joined; // incident

    // Headings.
    Words what_happened;
    Words causes;
    Words other_causes; // when the headline already says the first
    Words ruled_out_heading;
    Words not_seen;
    Words suggested;
    Words evidence;
    Words open_incident;
    Words resolved_mark;

    // Whether the cause was right.
    struct {
        Words button_right; // at most 20 characters: WhatsApp's limit of a button
        Words button_not_it; // the same
        Words said_right; // names
        Words said_not_it; // names
        Words outcome_right; // what followed
        Words outcome_wrong;
        Words track_record; // right, judged
        Words taken; // right, not it: how many people
        Words no_cause;
        Words other_cause;
        Words row; // of the report
        Words by_people; // right, not it: how many people
        Words not_judged;
    } votes;

    // Incidents like this one.
    struct {
        Words once; // days
        Words times; // number, days
        Words last_time; // the sentence before, clock, how it ended
        Words row; // of the report
        std::array<Words, 11> fixes; // by FixKind; resource
        Words by_itself;
    } seen;

    // What it adds to the AWS bill.
    struct {
        Words line; // dollars, from, to, for what
        Words of_list_price; // the line before, Region
        Words row; // of the report
        Words basis; // what, used, usual, dollars, from, to, price
        std::array<Words, 11> usages; // by Usage
    } spend;

    struct {
        Words heading;
        Words fits; // why, joined
        Words alarm;
        Words resource;
        Words kind;
    } runbooks;

    // Chart.
    Words usual;
    Words threshold;
    Words no_datapoints; // the chart of a silent counter
    Words onset_mark;
    Words alt_text; // metric, last value, lowest, highest, clock
    Words per_period; // statistic, period
    Words minute; // a period of one
    Words hour;
    std::array<Words, 6> change_kinds; // by ChangeKind

    // Numbers, durations, dates. What format_value(), format_duration() and format_time() say in English becomes
    // this.
    Words decimal_mark;
    Words percent; // number
    Words bytes; // the word behind a number below 1000
    Words not_a_number;
    Words seconds; // number; the units of durations
    Words minutes;
    Words hours;
    Words days;
    Words date; // year, month, day
    std::array<Words, 12> months; // short, for the axis of a chart
    Words day_and_month; // day, month's name
    Words quoted; // what others wrote: log lines, AWS's own messages

    // Answers to what people ask.
    struct {
        Words began; // clock
        Words began_unknown; // clock of the alarm
        Words over; // clock
        Words cause; // rank, per cent, statement
        Words no_cause;
        Words best_lead; // lead
        Words speaks_against; // statement
        Words ruled_out; // kind, why
        Words not_considered; // kind
        Words no_change;
        Words no_error_lines;
        Words error_lines; // lines, patterns
        Words no_aws_event;
        Words not_seen; // source, why
        Words action_would_tell; // IAM action, what
        Words all_read;
        Words no_action;
        Words healthy;
        Words deeper_same; // how far back, neighbours
        Words deeper_new; // how far back, neighbours, new facts
        Words nothing_to_compare; // how far back, neighbours
        Words cause_changed; // statement
        Words cause_same; // statement
        Words not_in_evidence;
        Words call_would_tell; // command
        Words no_diagnosis_yet;
        Words still_running;
        Words dig_deeper;
        Words dig_hint;
        Words hello;
        Words stopped;
        Words stop_is_for_numbers;
        Words nothing_to_confirm;
        Words help;
        Words help_status;
        Words help_usage;
        Words help_stop;
        Words none_open;
        Words open_incidents; // number
        Words usage; // incidents, investigations, questions
    } answers;

    // The daily digest, and what is said of mutes.
    struct {
        Words title; // day
        Words told_and_held; // number told, number held back
        Words nothing_held;
        std::array<Words, 5> because; // by HeldBecause; number, examples
        Words flapper; // name, times
        Words mute_ends; // what, clock
        Words cost; // metrics, requested, dollars
        Words muted; // what, clock
        Words mute_how;
        Words mute_refused;
        Words unmuted; // what
        Words nothing_muted; // what
        Words help_mute;
    } digest;
};

// Sentences about facts, causes and fixes, composed from their types. English has no such table: its sentences are
// those that sources and hypotheses wrote, which can say more.
struct SourceWords { // a source that could not be read
    Words name;
    Words tells; // what it would have told
};

struct Sentences {
    // Resources, by type; {0} is the name.
    struct {
        Words load_balancer, target_group, ecs_cluster, ecs_service, task_definition, rds_instance, rds_cluster,
            lambda_function, ec2_instance, autoscaling_group, ebs_volume, sqs_queue, sns_topic, dynamodb_table,
            elasticache_cluster, api, s3_bucket, nat_gateway, kinesis_stream, state_machine, eventbridge_rule,
            eks_cluster, eks_workload, cloudfront_distribution, log_group, certificate, efs_file_system, web_acl,
            security_group, external_host, custom_metric;
    } resources;

    // Facts.
    Words metric_at; // metric and resource, value
    Words metric_usual; // metric and resource, value, usual value
    Words metric_moved; // metric and resource, value before, value since
    Words metric_steady; // metric and resource, value
    Words metric_silent; // metric and resource
    Words of_threshold; // fact, threshold
    Words of_limit; // fact, limit
    Words change_on; // actor, call, resource
    Words change_of; // actor, call
    Words somebody; // an actor who is not known
    Words change_what; // change, what
    Words change_refused; // change
    Words change_automatic; // change
    Words log_new; // resource, pattern, count
    Words log_more; // resource, pattern, count, usual count
    std::array<Words, 17> events; // by ResourceEventKind; resource
    Words event_said; // event, code or message
    Words event_times; // event, count
    std::array<Words, 4> states; // by StateHealth; resource
    Words calls; // from, to
    Words probably_calls; // from, to
    Words load; // statement or wait, database, sessions, sessions before
    Words service_open; // service, region, clock
    Words service_closed; // service, region, clock
    Words service_upcoming; // service, region, clock
    Words transition; // alarm, state, state
    Words limit; // metric, resource, limit
    Words schedule; // rule, expression
    Words security_finding; // service, type, resource
    Words certificate; // certificate, domain, status
    Words certificate_expires; // certificate, domain, clock
    Words past_incident; // kind, resource, clock
    Words past_incident_fixed; // the sentence before, what fixed it
    Words at_clock; // what, clock
    Words since_clock; // what, clock

    // Causes.
    std::array<Words, 26> causes; // by CauseKind; resource
    Words certificate_invalid; // certificate: the thing itself is the cause, not something that has one
    Words because; // cause, fact
    Words full_stop; // sentence

    // Ruled out.
    Words after_onset; // change
    Words not_connected; // change
    Words over_before_onset; // AWS's event

    // Gaps.
    std::array<Words, 8> errors; // by ErrorKind
    Words settling; // the source is late by its nature; nothing seen yet
    struct {
        SourceWords alarm_metric, alarm_history, related_metrics, cloudtrail_changes, log_patterns, ecs_state,
            ec2_state, autoscaling_activity, rds_state, rds_events, rds_performance_insights, lambda_state,
            elb_health, sqs_state, dynamodb_state, elasticache_state, aws_health, xray_graph, deployments,
            guardduty_findings, security_hub_findings, inspector_findings, github_changes, schedules,
            api_gateway_state, eks_state, s3_state, ebs_state, nat_gateway_state, past_incidents, acm_certificates,
            waf_state, sns_delivery, service_quotas, network_state, alarm_neighbours;
    } sources;

    // Fixes, by the kind of a suggested action; {0} is the resource.
    struct {
        Words ecs_roll_back, lambda_roll_back, roll_back, ecs_restart, eks_restart, eks_scale, lambda_raise_memory,
            rds_scale_up, ecs_scale, autoscaling_set_desired, lambda_set_concurrency, dynamodb_raise_capacity,
            raise_limit, ec2_reboot, add_capacity, revert_change, rds_increase_storage, free_storage, raise_iops,
            request_quota, contact_provider, renew_certificate, renew_this, wait;
    } actions;
    std::array<Words, 26> look_at; // a "look_at" is told by the kind of the cause; resource
};

struct Language {
    std::string_view code; // file name: "de"; as in a route's `language` and WhatsApp's template_language
    std::string_view name; // "Deutsch"
    std::string_view english_name; // "German", for instructions to a model
    std::string (*ordinal)(int number) = nullptr; // "7th"
    Catalogue words;
    Sentences const* sentences = nullptr; // nullptr: English
};

// English for a code that has no file; the settings refuse such a code.
Language const& language_of(std::string_view code);
Catalogue const& words(std::string_view language);
std::vector<std::string> language_codes(); // sorted

// "{0}" and "{1}" replaced in one pass, so that an argument that contains "{1}" stays as it is.
std::string say(std::string_view words, std::initializer_list<std::string_view> arguments);

std::string_view comparison_words(std::string_view comparison, Catalogue const& say_it); // "above"
std::string_view kind_words(CauseKind kind, Catalogue const& say_it); // "Connections exhausted"
// In the reader's custom: "85,2 %", "3,4 GB"; "3 h 20 min"; "1,25".
std::string value_words(double value, std::string_view unit, Catalogue const& say_it);
std::string duration_words(Milliseconds duration, Catalogue const& say_it);
std::string decimal_words(std::string number, Catalogue const& say_it); // "2.4" -> "2,4"
std::string date_words(Time local, Catalogue const& say_it); // "2026-11-23"

} // namespace convops
