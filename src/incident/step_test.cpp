#include "base/text.h"
#include "incident/ending.h"
#include "incident/record_json.h"
#include "incident/severity.h"
#include "incident/step.h"

#include <gtest/gtest.h>

namespace convops {
namespace {

Time const start { Milliseconds { 1'795'464'000'000 } };
auto const firing = AlarmState::alarm;
auto const ok = AlarmState::ok;
auto const insufficient = AlarmState::insufficient_data;

Policy one_route() {
    Policy policy;
    policy.routes = { { "slack", "C1", "#ops" } };
    return policy;
}

Alarm alarm_at(Seconds after, AlarmState state, std::string name = "cpu") {
    Alarm alarm;
    alarm.name = name;
    alarm.arn = "arn:" + name;
    alarm.state = state;
    alarm.changed_at = start + after;
    AlarmMetric metric;
    metric.metric = MetricId { "AWS/RDS", "CPUUtilization", { { "DBInstanceIdentifier", "orders-db" } } };
    alarm.metrics.push_back(metric);
    return alarm;
}

AlarmArrived arrived(Alarm alarm) {
    return { std::move(alarm), WorkspaceId { "acme" }, ConnectionId { "prod" }, IncidentId { "INC-1" }, {} };
}

// "investigate first_facts@slack wake:close_due ..."
std::string names_of(std::vector<Effect> const& effects) {
    std::vector<std::string> names;
    for (auto const& effect : effects) {
        if (auto const* investigate = std::get_if<Investigate>(&effect.what))
            names.emplace_back(investigate->kind == InvestigationKind::full ? "investigate" : "aftermath");
        else if (auto const* deliver = std::get_if<Deliver>(&effect.what))
            names.push_back(std::string(to_string(deliver->message.kind)));
        else
            names.push_back("wake:" + std::string(to_string(std::get<WakeAt>(effect.what).reason)));
    }
    return join(names, " ");
}

// Plays events one after the other, one second apart unless a row says when.
struct Life {
    std::optional<IncidentRecord> record;
    std::vector<Effect> effects; // of the last step
    bool changed = false;
    Policy policy = one_route();
    Time now = start;

    Life& at(Seconds after) {
        now = start + after;
        return *this;
    }
    Life& then(Event const& event) {
        auto next = step(record, event, now, policy);
        changed = next.changed;
        effects = next.effects;
        if (changed)
            record = std::move(next.record);
        return *this;
    }
    Life& alarm(Seconds after, AlarmState state, std::string name = "cpu") {
        return at(after).then(arrived(alarm_at(after, state, std::move(name))));
    }
    // Confirms the delivery under way, as the outbox would.
    Life& delivered(std::string message_id = "m1") {
        auto const& [key, lane] = *record->lanes.begin();
        return then(MessageDelivered { lane.under_way_key, key, { "C1", std::move(message_id) } });
    }
    Life& wake(WakeReason reason) {
        now = record->wakes.at(reason);
        return then(WakeUp { reason, now });
    }
    // Alarm, first facts and diagnosis, all delivered.
    static Life told() {
        Life life;
        life.alarm(Seconds { 0 }, firing).then(FirstFactsReady { "s1" }).delivered();
        life.then(InvestigationEnded { IncidentVerdict::incident, Severity::p2, "r1", {} }).delivered();
        return life;
    }
};

TEST(Step, only_an_alarm_opens_an_incident) {
    for (auto const state : { ok, insufficient })
        EXPECT_FALSE(Life {}.alarm(Seconds { 0 }, state).changed);
    EXPECT_FALSE(Life {}.then(WakeUp {}).changed);
    Life life;
    life.alarm(Seconds { 0 }, firing);
    EXPECT_EQ(names_of(life.effects), "wake:close_due wake:first_facts_due investigate");
    EXPECT_EQ(life.record->incident.opened_at, start);
    EXPECT_EQ(life.effects[2].id, "INC-1/000003") << "a key that never changes";
}

struct Row {
    std::string name;
    std::vector<std::pair<int, AlarmState>> arrivals; // seconds of the change; they arrive in this order
    AlarmState latest;
    bool held_for_resolve;
};

TEST(Step, the_latest_state_is_by_the_alarms_own_time) {
    for (auto const& row : std::vector<Row> { { "in order", { { 0, firing }, { 60, ok } }, ok, true },
             { "ok overtaken by a later alarm", { { 0, firing }, { 120, firing }, { 60, ok } }, firing, false },
             { "older alarm after ok", { { 10, firing }, { 60, ok }, { 0, firing } }, ok, true },
             { "duplicates", { { 0, firing }, { 0, firing }, { 60, ok }, { 60, ok }, { 0, firing } }, ok, true },
             { "insufficient data says nothing", { { 0, firing }, { 60, insufficient } }, firing, false },
             { "insufficient data after ok", { { 0, firing }, { 60, ok }, { 90, insufficient } }, ok, true } }) {
        Life life;
        for (auto const& [after, state] : row.arrivals)
            life.alarm(Seconds { after }, state);
        EXPECT_EQ(life.record->incident.alarms.at("arn:cpu").latest.state, row.latest) << row.name;
        EXPECT_EQ(life.record->resolve_due.has_value(), row.held_for_resolve) << row.name;
    }
}

TEST(Step, a_duplicate_changes_nothing) {
    auto life = Life::told();
    auto const before = to_text(to_json(*life.record));
    EXPECT_FALSE(life.alarm(Seconds { 0 }, firing).changed);
    EXPECT_FALSE(life.then(MessageDelivered { "INC-1/000004", "slack/C1", {} }).changed);
    EXPECT_FALSE(life.then(FirstFactsReady { "s1" }).changed);
    EXPECT_FALSE(life.then(InvestigationEnded {}).changed);
    EXPECT_FALSE(life.then(WakeUp { WakeReason::resolve_hold_over, start }).changed);
    EXPECT_EQ(to_text(to_json(*life.record)), before);
}

TEST(Step, first_facts_are_edited_into_the_diagnosis) {
    Life life;
    life.alarm(Seconds { 0 }, firing).then(FirstFactsReady { "s1" });
    ASSERT_EQ(names_of(life.effects), "first_facts");
    life.then(InvestigationEnded { IncidentVerdict::incident, Severity::p1, "r1", {} });
    EXPECT_EQ(names_of(life.effects), "") << "the edit waits for the message that it edits";
    life.delivered("m1");
    ASSERT_EQ(names_of(life.effects), "diagnosis");
    EXPECT_EQ(std::get<Deliver>(life.effects[0].what).previous, (SentMessage { "C1", "m1" }));
    EXPECT_EQ(life.record->incident.severity, Severity::p1);
    EXPECT_EQ(life.record->report, "r1");
}

TEST(Step, more_first_facts_are_an_update_until_the_diagnosis_says_more) {
    Life life;
    life.alarm(Seconds { 0 }, firing).then(FirstFactsReady { "s1" });
    EXPECT_FALSE(std::get<Deliver>(life.effects[0].what).message.update);
    life.delivered("m1").then(FirstFactsReady { "s2" });
    ASSERT_EQ(names_of(life.effects), "first_facts");
    auto const& update = std::get<Deliver>(life.effects[0].what);
    EXPECT_TRUE(update.message.update); // a channel that cannot edit leaves it out
    EXPECT_EQ(update.previous, (SentMessage { "C1", "m1" }));
    auto const stored = incident_record_from_json(to_json(*life.record));
    ASSERT_TRUE(stored);
    EXPECT_TRUE(stored->lanes.at("slack/C1").under_way->update);
    life.delivered("m1")
        .then(InvestigationEnded { IncidentVerdict::incident, Severity::p1, "r1", {} })
        .delivered("m1");
    life.alarm(Seconds { 60 }, firing, "memory"); // joins, and is investigated
    EXPECT_FALSE(life.then(FirstFactsReady { "s3" }).changed);
}

TEST(Step, plain_first_facts_come_when_the_investigation_has_brought_none) {
    Life life;
    life.alarm(Seconds { 0 }, firing).wake(WakeReason::first_facts_due);
    EXPECT_EQ(names_of(life.effects), "first_facts");
    EXPECT_EQ(life.now, start + Seconds { 8 });
    auto told = Life::told();
    EXPECT_EQ(names_of(told.wake(WakeReason::first_facts_due).effects), "") << "already told";
}

TEST(Step, an_investigation_that_gave_up_still_tells_the_alarm) {
    Life life;
    life.alarm(Seconds { 0 }, firing).then(InvestigationFailed { "the role can not be assumed" });
    ASSERT_EQ(names_of(life.effects), "diagnosis");
    EXPECT_EQ(std::get<Deliver>(life.effects[0].what).message.note, "No diagnosis: the role can not be assumed");
}

TEST(Step, ok_is_held_and_then_resolves) {
    auto life = Life::told();
    life.alarm(Seconds { 100 }, ok);
    EXPECT_EQ(names_of(life.effects), "wake:resolve_hold_over");
    life.wake(WakeReason::resolve_hold_over);
    EXPECT_EQ(names_of(life.effects), "aftermath wake:resolved_notice_due");
    EXPECT_EQ(life.record->incident.resolved_at, start + Seconds { 100 });
    life.then(AftermathEnded { 1, "a1", true });
    EXPECT_EQ(names_of(life.effects), "resolved");
    EXPECT_EQ(life.record->aftermath, "a1");
    EXPECT_FALSE(life.then(AftermathEnded { 1, "a1", true }).changed) << "a duplicate";
    life.delivered("m2");
    EXPECT_EQ(life.record->lanes.begin()->second.sent->message_id, "m1") << "later edits go to the message itself";
}

TEST(Step, the_resolved_notice_waits_fifteen_seconds_for_what_fixed_it) {
    auto life = Life::told();
    life.alarm(Seconds { 100 }, ok).wake(WakeReason::resolve_hold_over).wake(WakeReason::resolved_notice_due);
    EXPECT_EQ(names_of(life.effects), "resolved");
    EXPECT_EQ(life.now, start + Seconds { 175 });
    life.delivered("m2");
    auto unknown = life;
    unknown.then(AftermathEnded { 1, "a1", false });
    EXPECT_EQ(names_of(unknown.effects), "") << "nothing that is worth a further message";
    EXPECT_EQ(unknown.record->aftermath, "a1") << "the report shows it";
    life.then(AftermathEnded { 1, "a1", true });
    EXPECT_EQ(names_of(life.effects), "resolved") << "late, but it is known what fixed it";
}

TEST(Step, a_look_that_could_not_be_made_does_not_hold_the_notice_back) {
    auto life = Life::told();
    life.alarm(Seconds { 100 }, ok).wake(WakeReason::resolve_hold_over).then(AftermathEnded { 1, "", false });
    EXPECT_EQ(names_of(life.effects), "resolved");
}

TEST(Step, firing_again_while_the_notice_waits_takes_it_back) {
    auto life = Life::told();
    life.alarm(Seconds { 100 }, ok).wake(WakeReason::resolve_hold_over).alarm(Seconds { 170 }, firing);
    EXPECT_EQ(life.record->incident.state, IncidentState::open);
    life.then(AftermathEnded { 1, "a1", true });
    EXPECT_EQ(names_of(life.effects), "");
    EXPECT_EQ(life.record->aftermath, "");
    life.wake(WakeReason::resolved_notice_due);
    EXPECT_EQ(names_of(life.effects), "");
    life.alarm(Seconds { 300 }, ok).wake(WakeReason::resolve_hold_over);
    EXPECT_EQ(names_of(life.effects), "aftermath wake:resolved_notice_due") << "each end is looked at";
    EXPECT_FALSE(life.then(AftermathEnded { 1, "a1", true }).changed) << "that was the end before";
}

TEST(Step, who_was_told_what_and_when_is_remembered_within_a_bound) {
    auto life = Life::told();
    ASSERT_EQ(life.record->told.size(), 2U);
    EXPECT_EQ(life.record->told.front().kind, MessageKind::first_facts);
    for (int i = 0; i < 200; ++i)
        remember_told(*life.record, { start + Seconds { i }, MessageKind::flapping, "slack/C1" });
    EXPECT_EQ(life.record->told.size(), most_told_messages);
    EXPECT_EQ(life.record->told.front().kind, MessageKind::first_facts);
    EXPECT_EQ(life.record->told.back().at, start + Seconds { 199 });
}

TEST(Step, alarm_within_the_hold_says_nothing) {
    auto life = Life::told();
    life.alarm(Seconds { 100 }, ok).alarm(Seconds { 130 }, firing);
    EXPECT_EQ(names_of(life.effects), "");
    life.at(Seconds { 160 }).then(WakeUp { WakeReason::resolve_hold_over, start + Seconds { 160 } });
    EXPECT_EQ(life.record->incident.state, IncidentState::open);
    EXPECT_EQ(names_of(life.effects), "");
}

TEST(Step, all_alarms_must_be_ok) {
    auto life = Life::told();
    life.alarm(Seconds { 50 }, firing, "latency").alarm(Seconds { 100 }, ok);
    EXPECT_FALSE(life.record->resolve_due);
    life.alarm(Seconds { 110 }, ok, "latency");
    EXPECT_TRUE(life.record->resolve_due);
}

TEST(Step, resolved_is_only_said_where_something_was_said_before) {
    Life life;
    life.alarm(Seconds { 0 }, firing).alarm(Seconds { 1 }, ok);
    life.wake(WakeReason::resolve_hold_over);
    EXPECT_EQ(life.record->incident.state, IncidentState::resolved);
    EXPECT_EQ(names_of(life.effects), "");
    life.then(InvestigationEnded {});
    EXPECT_EQ(names_of(life.effects), "diagnosis") << "an alarm is never swallowed";
}

TEST(Step, a_further_alarm_is_investigated_or_at_least_named) {
    auto life = Life::told();
    life.alarm(Seconds { 50 }, firing, "latency");
    EXPECT_EQ(names_of(life.effects), "investigate");
    life.record->investigation = InvestigationState::ended;
    life.record->investigations = life.policy.most_investigations;
    life.alarm(Seconds { 60 }, firing, "errors");
    ASSERT_EQ(names_of(life.effects), "diagnosis");
    EXPECT_EQ(std::get<Deliver>(life.effects[0].what).message.note, "Also firing: errors.");
}

TEST(Step, the_fourth_firing_within_two_hours_is_batched) {
    auto life = Life::told();
    for (int i = 1; i <= 3; ++i)
        life.alarm(Seconds { i * 100 }, ok).alarm(Seconds { i * 100 + 30 }, firing);
    ASSERT_EQ(names_of(life.effects), "flapping wake:batch_due");
    EXPECT_EQ(std::get<Deliver>(life.effects[0].what).message.times, 4);
    life.delivered();
    for (int i = 4; i <= 7; ++i) {
        life.alarm(Seconds { i * 100 }, ok).alarm(Seconds { i * 100 + 30 }, firing);
        EXPECT_EQ(names_of(life.effects), "") << "batched";
    }
    life.wake(WakeReason::batch_due);
    ASSERT_EQ(names_of(life.effects), "flapping wake:batch_due");
    EXPECT_EQ(std::get<Deliver>(life.effects[0].what).message.times, 8);
    life.delivered().wake(WakeReason::batch_due);
    EXPECT_EQ(names_of(life.effects), "wake:batch_due") << "nothing new, nothing said";
}

TEST(Step, a_week_without_ok_closes_it_with_a_reason) {
    auto life = Life::told();
    int days = 0;
    while (life.record->incident.state == IncidentState::open && days < 20) {
        life.wake(WakeReason::close_due); // slept in parts of a day, because pending work is kept only 7
        ++days;
    }
    EXPECT_EQ(days, 7);
    ASSERT_EQ(names_of(life.effects), "resolved");
    EXPECT_EQ(life.now, start + Days { 7 });
    EXPECT_TRUE(life.record->ended_why.starts_with("closed: no OK arrived within 7 d"));
}

TEST(Step, a_delivery_that_was_given_up_lets_the_next_message_pass) {
    Life life;
    life.alarm(Seconds { 0 }, firing).then(FirstFactsReady { "s1" }).then(InvestigationEnded {});
    auto const key = life.record->lanes.at("slack/C1").under_way_key;
    life.then(DeliveryFailed { key, "slack/C1", "503" });
    EXPECT_EQ(names_of(life.effects), "diagnosis");
    EXPECT_EQ(life.record->lanes.at("slack/C1").failed, 1);
}

TEST(Step, an_absorbed_incident_tells_its_readers_where_it_went) {
    auto life = Life::told();
    life.then(Absorbed { IncidentId { "INC-0" } });
    ASSERT_EQ(names_of(life.effects), "resolved");
    EXPECT_EQ(std::get<Deliver>(life.effects[0].what).message.note, "joined with incident INC-0");
    EXPECT_EQ(life.record->incident.state, IncidentState::resolved);
    EXPECT_FALSE(life.then(Absorbed { IncidentId { "INC-0" } }).changed);
}

TEST(Step, severity_follows_the_owners_word_then_the_resource_then_the_number) {
    auto const severity = [](std::vector<Alarm> const& alarms) {
        Incident incident;
        for (auto const& alarm : alarms)
            incident.alarms[alarm.name] = { alarm, {} };
        return severity_from_alarms(incident);
    };
    auto const named = [](std::string name) { return alarm_at(Seconds { 0 }, firing, std::move(name)); };
    auto balancer = named("5xx");
    balancer.metrics[0].metric
        = MetricId { "AWS/ApplicationELB", "HTTPCode_ELB_5XX", { { "LoadBalancer", "app/shop/1" } } };
    EXPECT_EQ(severity({ named("cpu") }), Severity::p3);
    EXPECT_EQ(severity({ named("prod-P1-cpu") }), Severity::p1);
    EXPECT_EQ(severity({ named("http1") }), Severity::p3);
    EXPECT_EQ(severity({ named("sev4 disk") }), Severity::p4);
    EXPECT_EQ(severity({ balancer }), Severity::p2);
    EXPECT_EQ(severity({ named("a"), named("b"), named("c"), named("d") }), Severity::p2);
}

TEST(Record, the_largest_one_fits_an_item_of_the_store) {
    Life life;
    life.policy.flapping_firings = 1'000;
    life.policy.routes.clear();
    for (int i = 0; i < 25; ++i)
        life.policy.routes.push_back(
            { "slack", "C" + std::to_string(i) + std::string(60, 'x'), std::string(80, 'n') });
    for (int i = 0; i < static_cast<int>(most_alarms_of_incident); ++i)
        for (int turn = 0; turn < 26; ++turn) {
            auto alarm = alarm_at(Seconds { turn * 2 }, turn % 2 == 0 ? firing : ok, std::to_string(i));
            alarm.name = std::string(255, 'n') + std::to_string(i);
            alarm.arn = "arn:aws:cloudwatch:eu-west-1:111122223333:alarm:" + alarm.name;
            alarm.reason = std::string(5'000, '\x01');
            alarm.description = std::string(5'000, '"');
            for (int m = 0; m < 20; ++m)
                alarm.metrics.push_back(alarm.metrics.front());
            life.at(Seconds { turn }).then(arrived(alarm));
        }
    for (int i = 0; i < 200; ++i)
        remember_told(*life.record, { start, MessageKind::first_facts, "slack/C1" + std::string(60, 'x') });
    ASSERT_EQ(life.record->incident.alarms.size(), most_alarms_of_incident);
    life.then(FirstFactsReady { "s" }); // makes the lanes
    ASSERT_EQ(life.record->lanes.size(), most_lanes);
    auto const longest = std::string(most_gist_text_bytes, '"');
    life.record->gist = Gist { CauseKind::deploy, Resource { "ecs:service", longest, {} },
        std::vector(most_gist_patterns, longest), std::vector(most_gist_actors, longest) };
    for (int i = 0; i < 200; ++i) {
        SentMessage const reply_to { std::string(20, 'c'), "wamid." + std::string(60, 'x') };
        for (auto const& [key, lane] : std::map(life.record->lanes)) {
            auto const id = std::to_string(i) + std::string(300, 'r');
            life.then(QuestionAsked { id + key, key, reply_to, std::string(9'000, '"') });
            life.then(DigDeeperAsked { id + key + "d", key, reply_to });
            life.then(VoteCast { "v" + std::to_string(i) + key, key, reply_to, id, Opinion::right, "", true });
        }
    }
    ASSERT_EQ(life.record->votes.size(), most_votes);
    EXPECT_LE(
        to_text(to_json(*life.record)).size(), std::size_t { 390 } * 1024); // ports/store.h: 400 KiB with the key
}

TEST(Record, records_and_effects_survive_the_round_trip) {
    auto life = Life::told();
    life.alarm(Seconds { 50 }, firing, "latency").alarm(Seconds { 60 }, ok, "latency").alarm(Seconds { 70 }, ok);
    life.record->batch_due = start;
    life.record->gist
        = Gist { CauseKind::deploy, Resource { "ecs:service", "shop/checkout", {} }, { "ERROR <*>" }, { "ada" } };
    life.record->votes = { { "slack/C1", "U7", Opinion::wrong, start } };
    life.record->outcome = Opinion::right;
    life.record->outcome_due = start;
    life.record->recovery = RecoveryKind::fixed;
    life.record->fix = FixKind::rolled_back;
    life.record->merged_into = IncidentId { "INC-0" };
    auto const text = to_text(to_json(*life.record));
    auto const read = incident_record_from_json(*parse_json(text));
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(to_text(to_json(*read)), text);
    life.record->merged_into.reset();
    life.wake(WakeReason::resolve_hold_over);
    for (auto const& effect : life.effects) {
        auto const again = effect_from_json(*parse_json(to_text(to_json(effect))));
        ASSERT_TRUE(again) << again.error().message;
        EXPECT_EQ(to_text(to_json(*again)), to_text(to_json(effect)));
    }
    for (auto const& broken : { Json(), Json(JsonObject { { "v", 1 } }), Json(JsonObject { { "v", 2 } }) }) {
        EXPECT_EQ(incident_record_from_json(broken).error().kind, ErrorKind::corrupt);
        EXPECT_EQ(effect_from_json(broken).error().kind, ErrorKind::corrupt);
        EXPECT_EQ(home_from_json(broken).error().kind, ErrorKind::corrupt);
    }
}

} // namespace
} // namespace convops
