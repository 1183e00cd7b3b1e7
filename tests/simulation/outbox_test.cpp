// What the outbox does with a delivery that can not go out now: who waits, what counts as a try, what is said at
// last.
#include "simulation/world.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace convops::simulation {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr auto firing = AlarmState::alarm;

bool is_delivery(Effect const& effect) {
    return std::holds_alternative<Deliver>(effect.what);
}

std::vector<std::string> kinds(std::vector<Sent> const& messages) {
    std::vector<std::string> found;
    for (auto const& message : messages)
        found.emplace_back(to_string(message.kind));
    return found;
}

TEST(Outbox, does_not_count_a_rate_limit_as_a_failed_try) {
    World world(1);
    int asked = 0;
    int most_attempt = 0;
    world.channel_answers = [&](PerformRequest const& request) -> std::optional<PerformOutcome> {
        most_attempt = std::max(most_attempt, request.attempt);
        EXPECT_FALSE(request.possible_repeat) << "a refusal is an answer: nothing arrived";
        if (++asked > 200)
            return std::nullopt;
        return TryLater { "429", Seconds { 30 }, Trouble::rate_limited };
    };
    auto const accepted = world.accept(alarm_of("cpu", "orders-db", firing, start));
    world.run_for(Hours { 6 });
    EXPECT_GT(asked, 200);
    EXPECT_EQ(most_attempt, 1);
    EXPECT_THAT(*world.engine().dead_letters(acme, 10), IsEmpty());
    EXPECT_FALSE(world.sent_for(*accepted.incident).empty());
}

TEST(Outbox, gives_up_in_the_end_when_a_channel_is_never_anything_but_too_fast) {
    World world(1);
    world.channel_answers = [&](PerformRequest const&) -> std::optional<PerformOutcome> {
        return TryLater { "429", Seconds { 1 }, Trouble::rate_limited };
    };
    world.accept(alarm_of("cpu", "orders-db", firing, start));
    world.run_for(Hours { 3 });
    EXPECT_FALSE(world.engine().dead_letters(acme, 10)->empty()) << "a bound on everything";
}

TEST(Outbox, marks_as_possible_repeat_what_got_no_answer) {
    World world(1);
    std::vector<bool> marks;
    world.channel_answers = [&](PerformRequest const& request) -> std::optional<PerformOutcome> {
        if (std::get<Deliver>(request.effect.what).route.channel != "slack")
            return std::nullopt;
        marks.push_back(request.possible_repeat);
        auto const trouble = marks.size() == 1 ? Trouble::ours : Trouble::network;
        return marks.size() <= 2 ? std::optional<PerformOutcome>(TryLater { "no", {}, trouble }) : std::nullopt;
    };
    world.accept(alarm_of("cpu", "orders-db", firing, start));
    world.run_for(Minutes { 5 });
    ASSERT_GE(marks.size(), 3U);
    EXPECT_FALSE(marks[1]) << "a trouble on our side sent nothing";
    EXPECT_TRUE(marks[2]);
}

TEST(Outbox, lets_a_delivery_wait_for_its_turn_without_claiming_it) {
    World world(1);
    world.turn_in = [&](Effect const& effect) {
        auto const ready_at = start + Minutes { 10 };
        return is_delivery(effect) && world.clock.now() < ready_at ? ready_at - world.clock.now()
                                                                   : Milliseconds { 0 };
    };
    auto const accepted = world.accept(alarm_of("cpu", "orders-db", firing, start));
    world.run_for(Minutes { 9 });
    EXPECT_EQ(world.performs, 1) << "the investigation alone";
    world.run_for(Minutes { 2 });
    auto const messages = world.sent_for(*accepted.incident);
    ASSERT_THAT(kinds(messages), ElementsAre("diagnosis")) << "the first facts had become needless";
    EXPECT_FALSE(messages[0].edits);
    EXPECT_FALSE(messages[0].possible_repeat);
}

TEST(Outbox, says_what_is_known_now_after_a_long_outage_and_not_what_was_known_then) {
    World world(1);
    bool down = true;
    world.channel_answers = [&](PerformRequest const&) {
        return down ? std::optional<PerformOutcome>(TryLater { "503 from a proxy", {}, Trouble::ours })
                    : std::nullopt;
    };
    auto const accepted = world.accept(alarm_of("cpu", "orders-db", firing, start));
    world.run_for(Minutes { 2 });
    world.accept(alarm_of("latency", "orders-db", firing, start + Minutes { 2 }));
    world.accept(alarm_of("errors", "orders-db", firing, start + Minutes { 2 }));
    world.run_for(Hours { 2 });
    EXPECT_THAT(world.sent, IsEmpty());
    down = false;
    world.run_for(Hours { 1 });
    EXPECT_THAT(kinds(world.sent_for(*accepted.incident)), ElementsAre("diagnosis"));
    auto const record = world.incidents().front();
    for (auto const& [key, lane] : record.lanes) {
        EXPECT_FALSE(lane.under_way) << key;
        EXPECT_THAT(lane.waiting, IsEmpty());
        EXPECT_EQ(lane.delivered, 1);
    }
}

TEST(Outbox, keeps_the_older_words_when_an_earlier_try_may_have_arrived) {
    World world(1);
    int tries = 0;
    world.channel_answers = [&](PerformRequest const&) {
        return ++tries <= 6 ? std::optional<PerformOutcome>(TryLater { "no answer", {}, Trouble::network })
                            : std::nullopt;
    };
    auto const accepted = world.accept(alarm_of("cpu", "orders-db", firing, start));
    world.run_for(Hours { 1 });
    EXPECT_THAT(kinds(world.sent_for(*accepted.incident)), ElementsAre("first_facts", "diagnosis"));
}

} // namespace
} // namespace convops::simulation
