#include "app/investigate.h"

#include "alarm/describe.h"
#include "app/private_logs.h"
#include "app/secret_free_aws.h"
#include "base/check.h"
#include "diagnosis/diagnose.h"
#include "incident/severity.h"
#include "verification/checks.h"

namespace convops {

namespace {

// A composite alarm has no metric of its own: what it is about is what its children measure.
std::vector<Resource> centre_of(Alarm const& alarm, std::vector<Alarm> const& children) {
    auto centre = alarm.resources();
    for (auto const& child : children)
        for (auto& resource : child.resources())
            if (std::find(centre.begin(), centre.end(), resource) == centre.end())
                centre.push_back(std::move(resource));
    return centre;
}

// What AWS knows of the alarm and the message did not say: thresholds of a composite's children, the metrics of a
// bare name.
std::vector<Alarm> describe(Aws& aws, std::vector<std::string> const& names) {
    constexpr std::size_t most_alarms = 100; // DescribeAlarms takes up to 100 names.
    JsonArray asked;
    for (auto const& name : names)
        if (asked.size() < most_alarms)
            asked.emplace_back(name);
    // Without AlarmTypes, DescribeAlarms leaves composite alarms out.
    // https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html
    AwsCall const call { "monitoring", "DescribeAlarms",
        { { "AlarmNames", std::move(asked) }, { "AlarmTypes", JsonArray { "MetricAlarm", "CompositeAlarm" } } }, "",
        Seconds { 10 } };
    auto const answer = aws.call(call);
    std::vector<Alarm> alarms;
    if (!answer)
        return alarms; // The sources alarm_metric and alarm_history ask again and leave the gap.
    for (auto const* list : { "MetricAlarms", "CompositeAlarms" })
        for (auto const& entry : list_at(*answer, list))
            if (auto alarm = alarm_from_description(entry, aws.account(), aws.region()))
                alarms.push_back(std::move(*alarm));
    return alarms;
}

Alarm completed(Alarm alarm, std::vector<Alarm> const& described) {
    for (auto const& known : described) {
        if (known.name != alarm.name)
            continue;
        if (alarm.metrics.empty())
            alarm.metrics = known.metrics;
        if (!alarm.threshold)
            alarm.threshold = known.threshold;
        if (alarm.comparison.empty())
            alarm.comparison = known.comparison;
        if (alarm.rule.empty())
            alarm.rule = known.rule;
        if (alarm.children.empty())
            alarm.children = known.children;
        if (alarm.kind == AlarmKind::metric)
            alarm.kind = known.kind;
    }
    return alarm;
}

// The question, with the alarm completed where the message said too little. Costs no call for an ordinary metric
// alarm.
Question question_for(Alarm alarm, Aws& aws, Time now) {
    std::vector<Alarm> children;
    if (alarm.metrics.empty() && alarm.children.empty()) {
        auto const described = describe(aws, { alarm.name });
        alarm = completed(std::move(alarm), described);
    }
    if (!alarm.children.empty())
        children = describe(aws, alarm.children);
    Question question;
    question.centre = centre_of(alarm, children);
    question.now = now;
    question.alarm_at = alarm.changed_at == Time {} || alarm.changed_at > now ? now : alarm.changed_at;
    question.account = alarm.account.empty() ? aws.account() : alarm.account;
    question.region = alarm.region.empty() ? aws.region() : alarm.region;
    question.alarm = std::move(alarm);
    return question;
}

// Metrics name a resource without its ARN; other facts know it.
void add_arns(Diagnosis& diagnosis, Evidence const& evidence) {
    std::map<std::string, std::string> arns;
    auto const learn = [&](Resource const& resource) {
        if (!resource.arn.empty())
            arns.emplace(resource.key(), resource.arn);
    };
    for (auto const& [fact, state] : evidence.all<StateFact>())
        learn(state->resource);
    for (auto const& [fact, edge] : evidence.all<DependencyFact>()) {
        learn(edge->from);
        learn(edge->to);
    }
    for (auto const& [fact, change] : evidence.all<ChangeFact>())
        for (auto const& resource : change->touched)
            learn(resource);
    for (auto& cause : diagnosis.causes)
        if (auto const arn = arns.find(cause.resource.key()); arn != arns.end() && cause.resource.arn.empty())
            cause.resource.arn = arn->second;
}

// Tells when the alarm's own metric has been read: the moment at which the first message is worth sending. When the
// diagnosis takes longer, what came in meanwhile is told too, seldom enough for a channel that counts edits.
class FirstFacts {
public:
    FirstFacts(InvestigationOptions const& options, Clock& clock)
        : options_(options)
        , clock_(clock) { }

    void operator()(SourceProgress const& progress) {
        if (options_.progress)
            options_.progress(progress);
        if (!progress.ended || !options_.first_facts)
            return;
        if (progress.answer != nullptr) {
            so_far_.facts.insert(so_far_.facts.end(), progress.answer->facts.begin(), progress.answer->facts.end());
            so_far_.gaps.insert(so_far_.gaps.end(), progress.answer->gaps.begin(), progress.answer->gaps.end());
        }
        bool const first = progress.source == "alarm_metric";
        read_metric_ = read_metric_ || first;
        bool const news = progress.source == "cloudtrail_changes" || progress.source == "log_patterns"
            || progress.source == "aws_health";
        untold_ = untold_ || news;
        auto const now = clock_.monotonic();
        if (!first && (!read_metric_ || !untold_ || updates_ == most_updates || now - told_at_ < update_after))
            return;
        updates_ += first ? 0 : 1;
        told_at_ = now;
        untold_ = false;
        auto evidence = so_far_;
        Redaction redaction;
        hide_personal_data_in_patterns(evidence, redaction);
        hide_personal_data_in_examples(evidence, redaction);
        number_facts(evidence);
        for (auto& fact : evidence.facts)
            fact.id = {}; // Later facts would get these numbers: nothing may cite them yet.
        options_.first_facts(evidence);
    }

private:
    static constexpr Seconds update_after { 5 };
    static constexpr int most_updates = 1; // with the first message and the diagnosis: two edits

    InvestigationOptions const& options_;
    Clock& clock_;
    Evidence so_far_;
    bool read_metric_ = false;
    bool untold_ = false; // something came in that the reader does not know
    int updates_ = 0;
    std::chrono::nanoseconds told_at_ { 0 };
};

} // namespace

Investigation investigate(Incident incident, Aws& live, Clock& clock, InvestigationOptions const& options) {
    auto const started = clock.monotonic();
    auto const calls_before = live.calls_made();
    SecretFreeAws aws(live);

    auto question = question_for(incident.leading_alarm(), aws, clock.now());
    question.depth = options.depth;
    FirstFacts first_facts(options, clock);
    auto evidence
        = collect_evidence(question, options.sources, aws, clock, std::ref(first_facts), options.sources_at_once);
    if (!options.known_gaps.empty()) {
        evidence.gaps.insert(evidence.gaps.end(), options.known_gaps.begin(), options.known_gaps.end());
        number_facts(evidence);
    }
    Redaction redaction;
    hide_personal_data_in_patterns(evidence, redaction);
    auto findings = verify(question.alarm, evidence, question.now);
    auto diagnosis = diagnose(question.alarm, evidence, findings, question.now);
    hide_personal_data_in_examples(evidence, redaction);
    add_arns(diagnosis, evidence);
    auto actions = suggest_actions(diagnosis, evidence);

    Investigation result { std::move(incident), std::move(evidence), std::move(findings), std::move(diagnosis),
        std::move(actions), {}, {}, question.now };
    result.severity = judge_severity(result);
    result.incident.severity = result.severity.severity;
    result.cost.aws_calls = live.calls_made() - calls_before;
    result.cost.seconds = std::chrono::duration<double>(clock.monotonic() - started).count();
    return result;
}

Incident incident_of(Alarm const& alarm) {
    Incident incident;
    incident.id = IncidentId { alarm.name + "@" + format_time(alarm.changed_at) };
    incident.workspace = WorkspaceId { "local" };
    incident.connection = ConnectionId { "local" };
    incident.account = alarm.account;
    incident.region = alarm.region;
    incident.opened_at = alarm.changed_at;
    incident.alarms[alarm.arn.empty() ? alarm.name : alarm.arn]
        = { alarm, alarm.state == AlarmState::alarm ? std::vector<Time> { alarm.changed_at } : std::vector<Time> {} };
    return incident;
}

namespace {

// "Alarm updated from OK to ALARM": where the history's data could not be read, its summary still says the state.
std::optional<AlarmState> state_after(Json const& item) {
    auto const data = parse_json(text_at(item, "HistoryData"));
    if (data)
        if (auto const state = alarm_state_from(text_at(*data, "newState.stateValue")))
            return state;
    auto const summary = text_at(item, "HistorySummary");
    auto const to = summary.rfind(" to ");
    return to == std::string::npos ? std::nullopt : alarm_state_from(summary.substr(to + 4));
}

// The alarm as it stood at a time before its last change: the newest change up to then, as far as AWS remembers (30
// days).
Alarm as_it_stood(Alarm alarm, Aws& aws, Time at) {
    AwsCall const call { "monitoring", "DescribeAlarmHistory",
        { { "AlarmName", alarm.name }, { "AlarmTypes", JsonArray { "MetricAlarm", "CompositeAlarm" } },
            { "HistoryItemType", "StateUpdate" }, { "StartDate", format_time(at - Hours { 24 * 30 }) },
            { "EndDate", format_time(at) }, { "ScanBy", "TimestampDescending" }, { "MaxRecords", 1 } },
        "", Seconds { 10 } };
    // Unless the history says otherwise, somebody who asks about a time asks because it fired then.
    alarm.state = AlarmState::alarm;
    alarm.previous_state = AlarmState::ok;
    alarm.changed_at = at;
    alarm.reason.clear(); // AWS tells only the reason of its state now.
    auto const answer = aws.call(call);
    if (!answer || list_at(*answer, "AlarmHistoryItems").empty())
        return alarm;
    auto const& item = list_at(*answer, "AlarmHistoryItems").front();
    auto const changed = time_at(item, "Timestamp");
    if (changed && *changed <= at)
        alarm.changed_at = *changed;
    if (auto const state = state_after(item))
        alarm.state = *state;
    return alarm;
}

} // namespace

Result<Alarm> find_alarm(Aws& aws, std::string const& name, Time now) {
    AwsCall const call { "monitoring", "DescribeAlarms",
        { { "AlarmNames", JsonArray { name } }, { "AlarmTypes", JsonArray { "MetricAlarm", "CompositeAlarm" } } }, "",
        Seconds { 10 } };
    auto const answer = TRY(aws.call(call).with_context("looking up alarm \"" + name + "\""));
    for (auto const* list : { "MetricAlarms", "CompositeAlarms" })
        for (auto const& entry : list_at(answer, list)) {
            auto alarm = TRY(alarm_from_description(entry, aws.account(), aws.region()));
            if (alarm.changed_at > now)
                return as_it_stood(std::move(alarm), aws, now);
            if (alarm.changed_at == Time {})
                alarm.changed_at = now;
            return alarm;
        }
    return Error { ErrorKind::not_found,
        "no alarm is named \"" + name + "\" in " + aws.region() + "; names are case-sensitive" };
}

} // namespace convops
