#include "incident/record_json.h"
#include "incident/step.h"

#include <gtest/gtest.h>

namespace convops {
namespace {

Time const noon = *parse_time("2026-11-27T12:00:00Z");

Alarm alarm_on(std::string queue, AlarmKind kind, AlarmState state = AlarmState::alarm, Time at = noon) {
    Alarm alarm;
    alarm.name = (kind == AlarmKind::watch ? "watch: " : "") + queue;
    alarm.kind = kind;
    alarm.state = state;
    alarm.changed_at = at;
    AlarmMetric metric;
    metric.metric = MetricId { "AWS/SQS", "ApproximateAgeOfOldestMessage", { { "QueueName", std::move(queue) } } };
    alarm.metrics.push_back(std::move(metric));
    return alarm;
}

Policy policy_with(std::vector<MuteWindow> mutes = {}) {
    Policy policy;
    policy.routes = { { "slack", "C1", "#ops" } };
    policy.mutes = std::move(mutes);
    return policy;
}

// An incident under way, with what it asked for so far.
struct Life {
    Policy policy;
    std::optional<IncidentRecord> record;
    Time now = noon;
    std::vector<MessageKind> told;

    Step happen(Event const& event) {
        auto step = convops::step(record, event, now, policy);
        record = step.record;
        for (std::size_t i = 0; i < step.effects.size(); ++i)
            if (auto const* deliver = std::get_if<Deliver>(&step.effects[i].what)) {
                told.push_back(deliver->message.kind);
                auto more = convops::step(
                    record, MessageDelivered { step.effects[i].id, "slack/C1", { "C1", "1" } }, now, policy);
                record = more.record;
                step.effects.insert(step.effects.end(), more.effects.begin(), more.effects.end());
            }
        return step;
    }
    void arrives(Alarm const& alarm) {
        now = std::max(now, alarm.changed_at);
        happen(AlarmArrived { alarm, WorkspaceId { "w" }, ConnectionId { "c" }, IncidentId { "i-1" }, {} });
    }
    void ends(AnomalyDecision decision, std::optional<Severity> severity = std::nullopt) {
        InvestigationEnded ended;
        ended.verdict = IncidentVerdict::incident;
        ended.severity = severity;
        ended.report = "i-1.capsule";
        ended.decision = std::move(decision);
        happen(ended);
    }
    void wakes(WakeReason reason) {
        auto const at = record->wakes.at(reason);
        now = std::max(now, at);
        happen(WakeUp { reason, at });
    }
};

AnomalyDecision const told_it { AnomalyFate::told, {}, "nothing speaks against it" };
AnomalyDecision const healed { AnomalyFate::suppressed, "self_healed", "Back to normal." };

TEST(Holding, nobody_hears_of_an_anomaly_before_the_checks_decide) {
    Life life { policy_with(), {} };
    life.arrives(alarm_on("orders", AlarmKind::watch));
    EXPECT_EQ(life.record->hold->kind, HoldKind::checks);
    life.happen(FirstFactsReady { "i-1" });
    EXPECT_TRUE(life.told.empty());
    life.ends(told_it);
    EXPECT_EQ(life.told, std::vector { MessageKind::diagnosis });
    EXPECT_FALSE(life.record->hold);
}

TEST(Holding, what_the_checks_hold_back_is_never_told_and_keeps_its_reason) {
    Life life { policy_with(), {} };
    life.arrives(alarm_on("orders", AlarmKind::watch));
    life.ends(healed);
    life.arrives(alarm_on("orders", AlarmKind::watch, AlarmState::ok, noon + Minutes { 10 }));
    life.wakes(WakeReason::resolve_hold_over);
    EXPECT_EQ(life.record->incident.state, IncidentState::resolved);
    EXPECT_TRUE(life.told.empty());
    ASSERT_TRUE(life.record->hold);
    EXPECT_EQ(life.record->hold->reason, "Back to normal.");
    EXPECT_EQ(life.record->decision->fate, AnomalyFate::suppressed);
}

TEST(Holding, an_alarm_that_joins_what_was_held_back_lets_it_go) {
    Life life { policy_with(), {} };
    life.arrives(alarm_on("orders", AlarmKind::watch));
    life.ends(healed);
    life.arrives(alarm_on("orders", AlarmKind::metric, AlarmState::alarm, noon + Minutes { 2 }));
    EXPECT_FALSE(life.record->hold);
    EXPECT_EQ(life.told, std::vector { MessageKind::diagnosis });
}

TEST(Holding, an_anomaly_that_joins_an_alarm_is_not_held) {
    Life life { policy_with(), {} };
    life.arrives(alarm_on("orders", AlarmKind::metric));
    life.arrives(alarm_on("orders", AlarmKind::watch, AlarmState::alarm, noon + Minutes { 1 }));
    life.ends(healed);
    EXPECT_FALSE(life.record->hold);
    EXPECT_EQ(life.told, std::vector { MessageKind::diagnosis });
}

TEST(Holding, checks_that_could_not_be_made_hold_nothing_back) {
    Life life { policy_with(), {} };
    life.arrives(alarm_on("orders", AlarmKind::watch));
    life.happen(InvestigationFailed { "access denied" });
    EXPECT_EQ(life.told, std::vector { MessageKind::diagnosis });
    EXPECT_EQ(life.record->decision->fate, AnomalyFate::told);
}

TEST(Holding, when_it_opens_again_it_is_decided_again) {
    Life life { policy_with(), {} };
    life.arrives(alarm_on("orders", AlarmKind::watch));
    life.ends(healed);
    life.arrives(alarm_on("orders", AlarmKind::watch, AlarmState::ok, noon + Minutes { 4 }));
    life.wakes(WakeReason::resolve_hold_over);
    life.arrives(alarm_on("orders", AlarmKind::watch, AlarmState::alarm, noon + Minutes { 8 }));
    EXPECT_EQ(life.record->hold->kind, HoldKind::checks);
    life.ends(told_it);
    EXPECT_EQ(life.told, std::vector { MessageKind::diagnosis });
}

MuteWindow muted(std::string resource, Minutes length = Minutes { 60 }) {
    MuteWindow window;
    window.id = "m1";
    window.when = { noon - Minutes { 10 }, noon + length };
    window.resource = std::move(resource);
    window.why = "migration";
    return window;
}

TEST(Muting, an_incident_in_a_window_is_investigated_and_told_when_the_window_ends) {
    Life life { policy_with({ muted("orders") }), {} };
    life.arrives(alarm_on("orders", AlarmKind::metric));
    EXPECT_EQ(life.record->investigation, InvestigationState::running);
    life.ends({});
    EXPECT_TRUE(life.told.empty());
    EXPECT_EQ(life.record->hold->kind, HoldKind::mute);
    EXPECT_GT(life.record->held_messages, 0);
    life.wakes(WakeReason::hold_over);
    EXPECT_EQ(life.told, std::vector { MessageKind::diagnosis });
    EXPECT_EQ(life.now, noon + Minutes { 60 });
}

TEST(Muting, what_is_over_by_then_is_never_told_and_says_why) {
    Life life { policy_with({ muted("orders") }), {} };
    life.arrives(alarm_on("orders", AlarmKind::metric));
    life.ends({});
    life.arrives(alarm_on("orders", AlarmKind::metric, AlarmState::ok, noon + Minutes { 5 }));
    life.wakes(WakeReason::resolve_hold_over);
    life.wakes(WakeReason::hold_over);
    EXPECT_TRUE(life.told.empty());
    ASSERT_TRUE(life.record->hold);
    EXPECT_NE(life.record->hold->reason.find("migration"), std::string::npos);
}

TEST(Muting, a_p1_is_told_in_spite_of_the_window_unless_the_window_says_otherwise) {
    Life life { policy_with({ muted("orders") }), {} };
    life.arrives(alarm_on("orders", AlarmKind::metric));
    life.ends({}, Severity::p1);
    EXPECT_EQ(life.told, std::vector { MessageKind::diagnosis });
    auto window = muted("orders");
    window.also_p1 = true;
    Life silent { policy_with({ window }), {} };
    silent.arrives(alarm_on("orders", AlarmKind::metric));
    silent.ends({}, Severity::p1);
    EXPECT_TRUE(silent.told.empty());
}

TEST(Muting, an_alarm_that_is_not_muted_lets_the_whole_incident_go) {
    Life life { policy_with({ muted("orders") }), {} };
    life.arrives(alarm_on("orders", AlarmKind::metric));
    life.ends({});
    life.arrives(alarm_on("mails", AlarmKind::metric, AlarmState::alarm, noon + Minutes { 1 }));
    EXPECT_EQ(life.told, std::vector { MessageKind::diagnosis });
}

TEST(Muting, what_readers_know_of_already_goes_on) {
    Life life { policy_with(), {} };
    life.arrives(alarm_on("orders", AlarmKind::metric));
    life.happen(FirstFactsReady { "i-1" });
    life.policy = policy_with({ muted("orders") });
    life.ends({});
    EXPECT_EQ(life.told, (std::vector { MessageKind::first_facts, MessageKind::diagnosis }));
}

TEST(Holding, the_store_keeps_why) {
    Life life { policy_with({ muted("orders") }), {} };
    life.arrives(alarm_on("orders", AlarmKind::watch));
    life.ends(healed);
    auto const again = incident_record_from_json(to_json(*life.record));
    ASSERT_TRUE(again);
    EXPECT_EQ(again->hold, life.record->hold);
    EXPECT_EQ(again->decision, life.record->decision);
    EXPECT_EQ(again->held_messages, life.record->held_messages);
}

} // namespace
} // namespace convops
