// The outbox with its real threads: bounded, in order per incident and route, and stopped without losing anything.
// Nothing here sleeps or looks at a clock: each test waits for what it wants to see.
#include "adapters/memory/memory_store.h"
#include "adapters/memory/simulated_clock.h"
#include "app/outbox.h"
#include "simulation/world.h"

#include <gtest/gtest.h>

namespace convops::simulation {
namespace {

class CountingPerformer final : public EffectPerformer {
public:
    PerformOutcome perform(PerformRequest const& request) override {
        auto const* deliver = std::get_if<Deliver>(&request.effect.what);
        enter(deliver == nullptr);
        PerformOutcome outcome;
        if (deliver == nullptr) {
            outcome = Performed { { FirstFactsReady { "s" }, InvestigationEnded {} } };
        } else {
            auto const lane = lane_key(deliver->route);
            outcome = Performed { { MessageDelivered { request.effect.id, lane, { "C", request.effect.id } } } };
            std::scoped_lock const lock(mutex);
            told[request.effect.incident.text + " " + lane] += std::string(to_string(deliver->message.kind)) + " ";
            ++messages;
        }
        leave(deliver == nullptr);
        return outcome;
    }

    void wait_for(int count) {
        std::unique_lock lock(mutex);
        changed.wait(lock, [&] { return messages >= count; });
    }

    std::mutex mutex;
    std::condition_variable changed;
    std::map<std::string, std::string> told;
    int messages = 0;
    int investigating = 0;
    int most_investigating = 0;

private:
    void enter(bool investigates) {
        std::scoped_lock const lock(mutex);
        investigating += investigates ? 1 : 0;
        most_investigating = std::max(most_investigating, investigating);
    }
    void leave(bool investigates) {
        {
            std::scoped_lock const lock(mutex);
            investigating -= investigates ? 1 : 0;
        }
        changed.notify_all();
    }
};

TEST(Threads, many_incidents_are_told_in_order_and_investigated_a_few_at_a_time) {
    constexpr int incidents = 40;
    MemoryStore store;
    SimulatedClock clock(start);
    SeededEntropy entropy(1);
    CountingPerformer performer;
    IncidentEngine engine(store, clock, entropy, [](auto const&, auto const&) { return World::default_policy(); });
    OutboxLimits limits;
    limits.investigate.at_once = 3;
    OutboxWorker outbox(engine, store, clock, entropy, performer, limits);
    outbox.start();
    std::vector<std::thread> webhooks;
    for (int t = 0; t < 4; ++t)
        webhooks.emplace_back([&, t] {
            for (int i = t; i < incidents; i += 4)
                EXPECT_TRUE(engine.accept(acme, prod,
                    alarm_of("a" + std::to_string(i), "db-" + std::to_string(i), AlarmState::alarm, start)));
        });
    for (auto& webhook : webhooks)
        webhook.join();
    performer.wait_for(incidents * 2 * 2);
    outbox.stop();
    EXPECT_EQ(performer.told.size(), static_cast<std::size_t>(incidents * 2));
    for (auto const& [lane, kinds] : performer.told)
        EXPECT_EQ(kinds, "first_facts diagnosis ") << lane;
    EXPECT_LE(performer.most_investigating, 3);
    for (auto const& record : *engine.list(acme, 1'000))
        for (auto const& [key, lane] : record.lanes)
            EXPECT_EQ(lane.delivered, 2) << "stop() recorded what had run";
}

TEST(Workers, take_no_more_than_there_are_threads_and_finish_what_they_took) {
    std::mutex mutex;
    std::condition_variable changed;
    bool go = false;
    int done = 0;
    BoundedWorkers workers(2);
    auto const work = [&] {
        std::unique_lock lock(mutex);
        changed.wait(lock, [&] { return go; });
        ++done;
    };
    EXPECT_TRUE(workers.try_run(work));
    EXPECT_TRUE(workers.try_run(work));
    EXPECT_EQ(workers.free(), 0U);
    EXPECT_FALSE(workers.try_run(work));
    {
        std::scoped_lock const lock(mutex);
        go = true;
    }
    changed.notify_all();
    workers.drain();
    EXPECT_EQ(done, 2);
    EXPECT_EQ(workers.free(), 2U);
    workers.stop();
    EXPECT_FALSE(workers.try_run(work));
}

} // namespace
} // namespace convops::simulation
