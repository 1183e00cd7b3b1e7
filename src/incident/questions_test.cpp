#include "base/text.h"
#include "incident/record_json.h"
#include "incident/step.h"

#include <gtest/gtest.h>

namespace convops {
namespace {

Time const start { Milliseconds { 1'795'464'000'000 } };
std::string const lane = "slack/C1";

Alarm an_alarm(AlarmState state = AlarmState::alarm, Seconds after = Seconds { 0 }) {
    Alarm alarm;
    alarm.name = "cpu";
    alarm.arn = "arn:cpu";
    alarm.state = state;
    alarm.changed_at = start + after;
    return alarm;
}

struct Talk {
    std::optional<IncidentRecord> record;
    std::vector<Effect> effects;
    bool changed = false;
    std::string because;
    Policy policy;
    Time now = start;

    Talk() {
        policy.routes = { { "slack", "C1", "#ops" }, { "whatsapp", "491", "Ada" } };
        then(
            AlarmArrived { an_alarm(), WorkspaceId { "acme" }, ConnectionId { "prod" }, IncidentId { "INC-1" }, {} });
    }
    Talk& then(Event const& event) {
        auto next = step(record, event, now, policy);
        changed = next.changed;
        because = next.because;
        effects = next.effects;
        if (changed)
            record = std::move(next.record);
        return *this;
    }
    Talk& ended(std::string report) {
        return then(InvestigationEnded { IncidentVerdict::incident, Severity::p2, std::move(report), {} });
    }
    // Confirms whatever is under way until nothing is; returns the answers among it.
    std::vector<Deliver> deliver_all() {
        std::vector<Deliver> answers;
        for (bool busy = true; busy;) {
            busy = false;
            for (auto const& [key, each] : record->lanes) {
                if (!each.under_way)
                    continue;
                busy = true;
                auto const at = std::find_if(
                    all.begin(), all.end(), [&](Effect const& effect) { return effect.id == each.under_way_key; });
                if (at != all.end() && each.under_way->kind == MessageKind::answer)
                    answers.push_back(std::get<Deliver>(at->what));
                deliver_one(each.under_way_key, key);
                break;
            }
        }
        return answers;
    }
    void deliver_one(std::string const& effect, std::string const& key) {
        then(MessageDelivered { effect, key, { "C1", "m" + std::to_string(++messages) } });
        note();
    }
    Talk& note() {
        all.insert(all.end(), effects.begin(), effects.end());
        return *this;
    }
    [[nodiscard]] int looks() const {
        return static_cast<int>(std::count_if(all.begin(), all.end(), [](Effect const& effect) {
            auto const* look = std::get_if<Investigate>(&effect.what);
            return look != nullptr && look->depth == Depth::deep;
        }));
    }
    static Talk told() {
        Talk talk;
        talk.note().then(FirstFactsReady { "s" }).note().ended("r1").note();
        talk.deliver_all();
        return talk;
    }
    std::vector<Effect> all;
    int messages = 0;
};

DigDeeperAsked dig(std::string request, std::string where = lane) {
    return { std::move(request), std::move(where), SentMessage { "C1", "root" } };
}
QuestionAsked question(std::string request, std::string text = "what changed?") {
    return { std::move(request), lane, SentMessage { "C1", "root" }, std::move(text) };
}

TEST(Questions, a_deeper_look_runs_once_and_is_answered_where_it_was_asked) {
    auto talk = Talk::told();
    talk.then(dig("e1")).note();
    EXPECT_EQ(talk.looks(), 1);
    EXPECT_EQ(talk.record->report_before, "r1");
    talk.then(dig("e1")).note();
    EXPECT_FALSE(talk.changed) << "the same request again";
    talk.then(dig("e2", "whatsapp/491")).note();
    EXPECT_EQ(talk.looks(), 1) << "one look serves both";
    talk.ended("r2").note();
    auto const answers = talk.deliver_all();
    ASSERT_EQ(answers.size(), 2U);
    EXPECT_EQ(answers[0].previous, (SentMessage { "C1", "root" }));
    EXPECT_TRUE(talk.record->diggers.empty());
    EXPECT_EQ(talk.record->report, "r2");
}

TEST(Questions, a_deeper_look_waits_for_the_one_that_runs) {
    Talk talk;
    talk.note().then(FirstFactsReady { "s" }).note().then(dig("e1")).note();
    EXPECT_EQ(talk.looks(), 0);
    talk.ended("r1").note();
    EXPECT_EQ(talk.looks(), 1);
    talk.ended("r2").note();
    EXPECT_EQ(talk.deliver_all().size(), 1U);
}

TEST(Questions, deeper_looks_are_bounded_and_the_bound_is_told) {
    auto talk = Talk::told();
    for (int i = 0; i < talk.policy.most_deeper_looks; ++i)
        talk.then(dig("e" + std::to_string(i))).note().ended("r" + std::to_string(i)).note();
    talk.deliver_all();
    talk.then(dig("one too many")).note();
    EXPECT_EQ(talk.looks(), talk.policy.most_deeper_looks);
    auto const answers = talk.deliver_all();
    ASSERT_EQ(answers.size(), 1U);
    EXPECT_NE(answers[0].message.note.find("the most"), std::string::npos);
}

TEST(Questions, a_deeper_look_that_fails_takes_nothing_back) {
    auto talk = Talk::told();
    talk.then(dig("e1")).note().then(InvestigationFailed { "the role can not be assumed" }).note();
    auto const answers = talk.deliver_all();
    ASSERT_EQ(answers.size(), 1U);
    EXPECT_NE(answers[0].message.note.find("failed"), std::string::npos);
    EXPECT_EQ(talk.record->report, "r1");
}

TEST(Questions, of_an_incident_that_is_over_only_who_asked_is_told) {
    auto talk = Talk::told();
    talk.then(AlarmArrived { an_alarm(AlarmState::ok, Seconds { 60 }), WorkspaceId { "acme" },
        ConnectionId { "prod" }, IncidentId { "INC-1" }, {} });
    talk.now = talk.record->wakes.at(WakeReason::resolve_hold_over);
    talk.then(WakeUp { WakeReason::resolve_hold_over, talk.now }).note();
    talk.deliver_all();
    talk.then(dig("e1")).note();
    talk.ended("r2").note();
    for (auto const& effect : talk.effects)
        if (auto const* deliver = std::get_if<Deliver>(&effect.what)) {
            EXPECT_EQ(deliver->message.kind, MessageKind::answer);
        }
}

TEST(Questions, each_question_has_its_own_answer_and_duplicates_have_none) {
    auto talk = Talk::told();
    for (auto const* id : { "q1", "q2", "q1", "q3" })
        talk.then(question(id, std::string("text of ") + id)).note();
    auto const answers = talk.deliver_all();
    ASSERT_EQ(answers.size(), 3U);
    EXPECT_EQ(answers[0].message.question, "text of q1");
    EXPECT_EQ(answers[2].message.question, "text of q3");
}

TEST(Questions, are_bounded_in_number_in_length_and_in_waiting) {
    auto talk = Talk::told();
    talk.then(question("long", std::string(10'000, 'x'))).note();
    EXPECT_LE(talk.deliver_all()[0].message.question.size(), most_question_bytes);
    for (int i = 0; i < 20; ++i)
        talk.then(question("w" + std::to_string(i))).note();
    EXPECT_EQ(talk.record->lanes.at(lane).waiting.size(), most_waiting_answers);
    talk.deliver_all();
    talk.record->questions = talk.policy.most_questions;
    talk.then(question("last")).note();
    EXPECT_NE(talk.deliver_all()[0].message.note.find("the most"), std::string::npos);
    EXPECT_FALSE(talk.then(question("after")).changed);
}

TEST(Questions, of_a_conversation_that_was_told_nothing_change_nothing) {
    auto talk = Talk::told();
    EXPECT_FALSE(talk.then(QuestionAsked { "q", "slack/C999", {}, "hello?" }).changed);
    EXPECT_FALSE(talk.then(DigDeeperAsked { "q", "slack/C999", {} }).changed);
}

TEST(Questions, waiting_answers_survive_a_crowd_of_other_messages) {
    auto talk = Talk::told();
    talk.then(question("q1")).note().then(question("q2")).note();
    for (int i = 0; i < 30; ++i)
        talk.ended("r").then(dig("d" + std::to_string(i)));
    EXPECT_LE(talk.record->lanes.at(lane).waiting.size(), most_waiting_messages);
}

TEST(Questions, records_with_requests_survive_the_round_trip_and_old_ones_are_read) {
    auto talk = Talk::told();
    talk.then(question("q1")).then(question("q2")).then(dig("d"));
    auto const text = to_text(to_json(*talk.record));
    auto const read = incident_record_from_json(*parse_json(text));
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(to_text(to_json(*read)), text);
    auto old = parse_json(text)->as_object();
    for (auto const* key : { "deeper_looks", "running", "report_before", "questions", "diggers", "requests" })
        old.erase(key);
    auto const from_old = incident_record_from_json(old);
    ASSERT_TRUE(from_old);
    EXPECT_EQ(from_old->questions, 0);
    for (auto const& effect : std::vector<Effect> {
             { "a", WorkspaceId { "w" }, ConnectionId { "c" }, IncidentId { "i" }, Investigate { 3, Depth::deep } },
             { "b", WorkspaceId { "w" }, {}, {},
                 Reply { { "whatsapp", "491", "" }, SentMessage { "491", "wamid" }, "help" } } }) {
        auto const again = effect_from_json(*parse_json(to_text(to_json(effect))));
        ASSERT_TRUE(again);
        EXPECT_EQ(to_text(to_json(*again)), to_text(to_json(effect)));
    }
}

} // namespace
} // namespace convops
