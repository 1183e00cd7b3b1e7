// EventBridge rules with a schedule: what they start, and which of them ran shortly before the alarm; and the alarm's
// own rule, whatever starts it.
#include "evidence/answering.h"
#include "evidence/schedule_times.h"

#include "base/text.h"

#include <array>

namespace convops {

namespace {

constexpr std::array iam_actions {
    IamAction { "events:ListRules", "which schedules exist" },
    IamAction { "events:ListTargetsByRule", "what the schedules start" },
};

constexpr SourceCard the_card {
    .name = "schedules",
    .says = "EventBridge schedules, what they start, and which ran shortly before the alarm.",
    .iam_actions = iam_actions,
    .stage = SourceStage::map,
    .looks_back = Minutes { 60 },
};

constexpr int most_pages = 3; // of 100 rules
constexpr std::size_t most_rules = 10; // those that ran shortly before the alarm first
constexpr Hours looks_for_last_run { 24 * 7 };

// The thing that a target starts: a task for ECS (its target ARN is only the cluster), the resource otherwise.
std::optional<Resource> target_of(Json const& target) {
    if (auto const task = resource_from_arn(text_at(target, "EcsParameters.TaskDefinitionArn")))
        return task;
    return resource_from_arn(text_at(target, "Arn"));
}

} // namespace

// A rule of ListRules with the answer of ListTargetsByRule (null when it is not known).
std::vector<Fact> schedule_facts(Json const& rule, Json const& targets, Window before_onset) {
    Resource const resource { "events:rule", text_at(rule, "Name"), text_at(rule, "Arn") };
    auto const expression = text_at(rule, "ScheduleExpression");
    ScheduleFact schedule { resource, expression, {} };
    std::vector<Fact> facts;
    std::vector<std::string> names;
    for (auto const& target : list_at(targets, "Targets"))
        if (auto const started = target_of(target)) {
            schedule.targets.push_back(*started);
            names.push_back(shown(started->display(), 100));
            facts.push_back(dependency_fact(resource, *started, "target of the rule", {}));
        }
    auto const starts = names.empty() ? std::string("its targets") : shown(join(names, ", "), 300);
    auto const run = last_run(expression, before_onset.to, looks_for_last_run);
    Json value = { { "expression", expression }, { "last_run", run ? Json(format_time(*run)) : Json(nullptr) } };
    facts.push_back(fact_about(resource, {},
        resource.display() + " starts " + starts + " on the schedule " + shown(expression, 100)
            + (run ? "; before the alarm it last ran at " + format_time(*run) : "") + ".",
        std::move(schedule), value));
    if (!run || !before_onset.contains(*run))
        return facts;
    facts.push_back(fact_about(resource, *run,
        resource.display() + " ran at " + format_clock(*run) + " UTC by its schedule and started " + starts + ".",
        ResourceEventFact { resource, ResourceEventKind::scheduled_run, shown(expression, 100), starts, 1 },
        std::move(value)));
    return facts;
}

// The alarm's own rule that matches events, or that is switched off: its state and whom it starts.
std::vector<Fact> event_rule_facts(Json const& rule, Json const& targets) {
    Resource const resource { "events:rule", text_at(rule, "Name"), text_at(rule, "Arn") };
    auto const status = shown(text_at(rule, "State"), 40);
    std::vector<Fact> facts { fact_about(resource, {}, resource.display() + " is " + status + ".",
        StateFact {
            resource, status == "DISABLED" ? StateHealth::failed : StateHealth::healthy, { { "status", status } } },
        { { "status", status } }) };
    for (auto const& target : list_at(targets, "Targets")) {
        if (auto const started = target_of(target))
            facts.push_back(dependency_fact(resource, *started, "target of the rule", {}));
        if (auto const dead = resource_from_arn(text_at(target, "DeadLetterConfig.Arn")))
            facts.push_back(dependency_fact(resource, *dead, "dead-letter queue of the rule's target", {}));
    }
    return facts;
}

namespace {

bool is_scheduled(Json const& rule) {
    return !text_at(rule, "ScheduleExpression").empty() && text_at(rule, "State") == "ENABLED";
}

Answer collect(Question const& question, Aws& aws) {
    Answering answering(the_card, question, aws);
    auto const rules_call = call_of("events", "ListRules", { { "Limit", 100 } });
    std::vector<Json> rules;
    for (auto& rule : answering.read_pages({ rules_call, "Rules", "NextToken", "NextToken", most_pages }))
        if (is_centre(question, { "events:rule", text_at(rule, "Name"), {} }))
            rules.insert(rules.begin(), std::move(rule));
        else if (is_scheduled(rule))
            rules.push_back(std::move(rule));
    // Up to the alarm: when the trouble began is not known yet, only that it was before.
    Window const before { question.alarm_at - look_back(the_card, question.depth), question.alarm_at };
    auto const ran_before = [&](Json const& rule) {
        auto const run = last_run(text_at(rule, "ScheduleExpression"), before.to, looks_for_last_run);
        return is_centre(question, { "events:rule", text_at(rule, "Name"), {} }) || (run && before.contains(*run));
    };
    if (rules.size() > most_rules) {
        std::stable_partition(rules.begin(), rules.end(), ran_before);
        answering.not_read(
            std::to_string(rules.size() - most_rules) + " more schedules were not read", "what they start");
        rules.resize(most_rules);
    }
    std::vector<AwsCall> calls;
    for (auto const& rule : rules)
        calls.push_back(call_of("events", "ListTargetsByRule", { { "Rule", text_at(rule, "Name") } }));
    auto const targets = answering.read_all(calls);
    for (std::size_t i = 0; i < rules.size(); ++i) {
        auto const known = targets[i] ? *targets[i] : Json(nullptr);
        answering.add(
            is_scheduled(rules[i]) ? schedule_facts(rules[i], known, before) : event_rule_facts(rules[i], known),
            calls[i]);
    }
    return answering.take();
}

} // namespace

sources::Registered make_schedules() {
    return { &the_card, collect };
}

} // namespace convops
