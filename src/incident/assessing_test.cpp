// Was the cause right? Votes of people, what followed, and which of them counts.
#include "incident/assessing.h"
#include "incident/record_json.h"
#include "incident/step.h"

#include <gtest/gtest.h>

namespace convops {
namespace {

Time const start { Milliseconds { 1'795'464'000'000 } };
std::string const slack = "slack/C1";
std::string const whatsapp = "whatsapp/491";
Gist const the_deploy { CauseKind::deploy, Resource { "ecs:service", "shop/checkout", {} }, { "PoolTimeout" },
    { "pipeline" } };

Alarm alarm_of(AlarmState state, Time at) {
    Alarm alarm;
    alarm.name = "5xx";
    alarm.arn = "arn:5xx";
    alarm.state = state;
    alarm.changed_at = at;
    return alarm;
}

struct Case {
    std::optional<IncidentRecord> record;
    std::vector<Effect> effects;
    Policy policy;
    Time now = start;
    bool changed = false;
    std::string because;
    int requests = 0;

    explicit Case(Gist gist = the_deploy) {
        policy.routes = { { "slack", "C1", "#ops" }, { "whatsapp", "491", "Ada" } };
        then(AlarmArrived { alarm_of(AlarmState::alarm, start), WorkspaceId { "acme" }, ConnectionId { "prod" },
            IncidentId { "INC-1" }, {} });
        then(InvestigationEnded { IncidentVerdict::incident, Severity::p2, "r", {}, std::move(gist) });
        deliver_all();
    }
    Case& then(Event const& event) {
        auto next = step(record, event, now, policy);
        changed = next.changed;
        because = next.because;
        effects = next.effects;
        if (changed)
            record = std::move(next.record);
        return *this;
    }
    void deliver_all() {
        for (bool busy = true; busy;) {
            busy = false;
            for (auto const& [key, lane] : std::map(record->lanes))
                if (lane.under_way) {
                    then(MessageDelivered { lane.under_way_key, key, { "C1", "m" } });
                    busy = true;
                }
        }
    }
    Case& votes(std::string person, Opinion opinion, std::string const& lane = slack, std::string mark = "") {
        return then(VoteCast { "r" + std::to_string(++requests), lane, std::nullopt, std::move(person), opinion,
            std::move(mark), lane != slack });
    }
    Case& ends(RecoveryKind recovery) {
        now += Minutes { 30 };
        then(AlarmArrived { alarm_of(AlarmState::ok, now), {}, {}, {}, {} });
        now += policy.resolve_hold;
        wakes(WakeReason::resolve_hold_over);
        return then(AftermathEnded { record->aftermaths, "a", recovery == RecoveryKind::fixed, recovery,
            recovery == RecoveryKind::fixed ? FixKind::rolled_back : FixKind::none });
    }
    Case& wakes(WakeReason reason) { return then(WakeUp { reason, record->wakes.at(reason) }); }
    std::optional<CauseVerdict> judgement() { return judgement_of(*record); }
};

TEST(Assessing, one_vote_a_person_and_it_may_change) {
    Case incident;
    incident.votes("U1", Opinion::right);
    EXPECT_EQ(incident.record->votes.size(), 1U);
    EXPECT_EQ(incident.judgement(), (CauseVerdict { Opinion::right, VerdictBy::people }));
    incident.votes("U1", Opinion::right);
    EXPECT_EQ(incident.record->votes.size(), 1U);
    incident.votes("U1", Opinion::wrong);
    EXPECT_EQ(incident.record->votes.size(), 1U);
    EXPECT_EQ(incident.judgement(), (CauseVerdict { Opinion::wrong, VerdictBy::people }));
}

TEST(Assessing, the_same_request_again_changes_nothing) {
    Case incident;
    VoteCast const vote { "once", slack, std::nullopt, "U1", Opinion::right, "", false };
    EXPECT_TRUE(incident.then(vote).changed);
    EXPECT_FALSE(incident.then(vote).changed);
    EXPECT_EQ(incident.record->votes.size(), 1U);
}

TEST(Assessing, people_who_disagree_evenly_have_not_judged) {
    Case incident;
    incident.votes("U1", Opinion::right).votes("491", Opinion::wrong, whatsapp);
    EXPECT_EQ(incident.judgement(), std::nullopt);
    incident.votes("U2", Opinion::wrong);
    EXPECT_EQ(incident.judgement(), (CauseVerdict { Opinion::wrong, VerdictBy::people }));
}

TEST(Assessing, a_vote_edits_what_is_shown_and_is_answered_where_nothing_can_be_edited) {
    Case incident;
    incident.votes("U1", Opinion::right);
    auto const& shown = incident.record->lanes.at(slack).under_way;
    ASSERT_TRUE(shown);
    EXPECT_EQ(shown->kind, MessageKind::diagnosis);
    EXPECT_TRUE(shown->update);
    incident.deliver_all();
    incident.votes("491", Opinion::right, whatsapp);
    auto const& lane = incident.record->lanes.at(whatsapp);
    ASSERT_EQ(lane.waiting.size(), 1U); // behind the edit that this channel leaves out
    EXPECT_EQ(lane.waiting.front().vote, VoteAnswer::taken);
    EXPECT_EQ(incident.record->lanes.at(slack).waiting.size(), 0U) << "there the message itself says it";
}

TEST(Assessing, a_button_of_an_older_message_does_not_judge_another_cause) {
    Case incident;
    auto const old_mark = mark_of_cause(the_deploy);
    incident.votes("U1", Opinion::right, slack, old_mark);
    EXPECT_EQ(incident.record->votes.size(), 1U);
    incident.then(DigDeeperAsked { "deeper", slack, std::nullopt });
    auto another = the_deploy;
    another.kind = CauseKind::query_load;
    incident.then(InvestigationEnded { IncidentVerdict::incident, Severity::p2, "r2", {}, another });
    EXPECT_TRUE(incident.record->votes.empty()) << "they were about another cause";
    incident.votes("U1", Opinion::right, slack, old_mark);
    EXPECT_TRUE(incident.record->votes.empty());
    incident.votes("U1", Opinion::right, slack, mark_of_cause(another));
    EXPECT_EQ(incident.record->votes.size(), 1U);
}

TEST(Assessing, without_a_cause_there_is_nothing_to_judge) {
    Case incident { Gist {} };
    incident.votes("U1", Opinion::right);
    EXPECT_TRUE(incident.record->votes.empty());
    EXPECT_EQ(incident.record->lanes.at(slack).under_way->vote, VoteAnswer::no_cause);
    EXPECT_EQ(incident.judgement(), std::nullopt);
}

TEST(Assessing, a_stranger_to_the_incident_has_no_vote) {
    Case incident;
    EXPECT_FALSE(incident.votes("U1", Opinion::right, "slack/C9").changed);
}

TEST(Assessing, an_undone_cause_and_two_quiet_hours_speak_for_it) {
    Case incident;
    incident.ends(RecoveryKind::fixed);
    EXPECT_EQ(incident.judgement(), std::nullopt) << "not yet";
    incident.now = *incident.record->outcome_due;
    incident.wakes(WakeReason::outcome_due);
    EXPECT_EQ(incident.judgement(), (CauseVerdict { Opinion::right, VerdictBy::environment }));
    EXPECT_EQ(remembered(*incident.record)->fix, FixKind::rolled_back);
}

TEST(Assessing, an_undone_cause_and_the_alarm_again_speak_against_it) {
    Case incident;
    incident.ends(RecoveryKind::fixed);
    incident.now += Hours { 1 };
    incident.then(CameBack { incident.now });
    EXPECT_EQ(incident.judgement(), (CauseVerdict { Opinion::wrong, VerdictBy::environment }));
    Case reopened;
    reopened.ends(RecoveryKind::fixed);
    reopened.now += Minutes { 2 };
    reopened.then(AlarmArrived { alarm_of(AlarmState::alarm, reopened.now), {}, {}, {}, {} });
    EXPECT_EQ(reopened.judgement(), (CauseVerdict { Opinion::wrong, VerdictBy::environment }));
    reopened.ends(RecoveryKind::fixed);
    EXPECT_EQ(reopened.judgement(), std::nullopt) << "undone once more: the last end counts";
}

TEST(Assessing, what_came_back_by_itself_or_too_late_says_nothing) {
    for (auto const recovery : { RecoveryKind::by_itself, RecoveryKind::after_change, RecoveryKind::not_known }) {
        Case incident;
        incident.ends(recovery);
        EXPECT_FALSE(incident.record->outcome_due);
        EXPECT_FALSE(incident.then(CameBack { incident.now + Minutes { 10 } }).changed);
        EXPECT_EQ(incident.judgement(), std::nullopt);
    }
    Case late;
    late.ends(RecoveryKind::fixed);
    EXPECT_FALSE(late.then(CameBack { *late.record->incident.resolved_at + Hours { 3 } }).changed);
}

TEST(Assessing, people_beat_what_followed) {
    Case incident;
    incident.ends(RecoveryKind::fixed);
    incident.now = *incident.record->outcome_due;
    incident.wakes(WakeReason::outcome_due);
    incident.votes("U1", Opinion::wrong);
    EXPECT_EQ(incident.judgement(), (CauseVerdict { Opinion::wrong, VerdictBy::people }));
}

TEST(Assessing, a_past_incident_survives_the_round_trip) {
    Case incident;
    incident.votes("U1", Opinion::right).ends(RecoveryKind::fixed);
    auto const past = remembered(*incident.record);
    ASSERT_TRUE(past);
    auto const text = to_text(to_json(*past));
    auto const read = past_incident_from_json(*parse_json(text));
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(to_text(to_json(*read)), text);
    EXPECT_EQ(read->gist, the_deploy);
    EXPECT_EQ(read->judgement, (CauseVerdict { Opinion::right, VerdictBy::people }));
    EXPECT_EQ(text.find("U1"), std::string::npos) << "who said it is not remembered";
    EXPECT_EQ(past_incident_from_json(Json()).error().kind, ErrorKind::corrupt);
}

} // namespace
} // namespace convops
