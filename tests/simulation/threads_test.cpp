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

// Lets commits through one at a time when told to, so that others come to stand in line behind the first.
class GatedStore final : public Store {
public:
    Result<Item> get(ItemKey const& key, Time now) override { return inner.get(key, now); }
    Result<> commit(std::vector<Write> const& writes, Time now) override {
        std::unique_lock lock(mutex);
        ++commits;
        most_writes = std::max(most_writes, writes.size());
        changed.notify_all();
        changed.wait(lock, [&] { return open; });
        for (auto const& write : writes)
            if (!poison.empty() && write.item.body.find(poison) != std::string::npos)
                return Error { ErrorKind::unavailable, "will not store that" };
        return inner.commit(writes, now);
    }
    Result<std::vector<Item>> query(WorkspaceId const& workspace, std::string_view partition, SortRange const& range,
        std::size_t limit, Time now) override {
        return inner.query(workspace, partition, range, limit, now);
    }
    Result<std::size_t> sweep(Time now, std::size_t limit) override { return inner.sweep(now, limit); }

    void await_commits(int count) {
        std::unique_lock lock(mutex);
        changed.wait(lock, [&] { return commits >= count; });
    }
    void open_gate() {
        {
            std::scoped_lock const lock(mutex);
            open = true;
        }
        changed.notify_all();
    }

    MemoryStore inner;
    std::mutex mutex;
    std::condition_variable changed;
    bool open = false;
    int commits = 0;
    std::size_t most_writes = 0;
    std::string poison;
};

struct Crowd {
    GatedStore store;
    SimulatedClock clock { start };
    SeededEntropy entropy { 1 };
    IncidentEngine engine { store, clock, entropy, [](auto const&, auto const&) { return World::default_policy(); } };

    // The first alarm is being committed when the others arrive.
    std::vector<Result<Accepted>> accept(std::vector<Alarm> const& alarms) {
        std::vector<Result<Accepted>> results(alarms.size(), Error { ErrorKind::corrupt, "not done" });
        std::vector<std::thread> threads;
        std::atomic<std::size_t> arrived { 1 };
        threads.emplace_back([&] { results[0] = engine.accept(acme, prod, alarms[0]); });
        store.await_commits(1);
        for (std::size_t i = 1; i < alarms.size(); ++i)
            threads.emplace_back([&, i] {
                ++arrived;
                results[i] = engine.accept(acme, prod, alarms[i]);
            });
        while (arrived < alarms.size())
            std::this_thread::yield();
        store.open_gate();
        for (auto& thread : threads)
            thread.join();
        return results;
    }
};

TEST(GroupCommit, a_crowd_of_alarms_takes_fewer_commits_and_each_is_in_one_incident) {
    Crowd crowd;
    std::vector<Alarm> alarms;
    for (int i = 0; i < 40; ++i)
        alarms.push_back(alarm_of("a" + std::to_string(i), "db-" + std::to_string(i % 10), AlarmState::alarm, start));
    auto const results = crowd.accept(alarms);
    int opened = 0;
    for (auto const& result : results) {
        ASSERT_TRUE(result) << result.error().message;
        opened += result->fate == Accepted::Fate::opened ? 1 : 0;
    }
    EXPECT_EQ(opened, 10);
    EXPECT_LE(crowd.store.commits, 40);
    EXPECT_LE(crowd.store.most_writes, most_writes_in_transaction);
    std::size_t held = 0;
    for (auto const& record : *crowd.engine.list(acme, 1'000))
        held += record.incident.alarms.size();
    EXPECT_EQ(held, alarms.size());
}

TEST(GroupCommit, the_same_alarm_many_times_at_once_is_one_and_its_duplicates) {
    Crowd crowd;
    std::vector<Alarm> const alarms(20, alarm_of("cpu", "orders-db", AlarmState::alarm, start));
    int opened = 0;
    for (auto const& result : crowd.accept(alarms)) {
        ASSERT_TRUE(result);
        opened += result->fate == Accepted::Fate::opened ? 1 : 0;
        EXPECT_TRUE(result->incident);
    }
    EXPECT_EQ(opened, 1);
}

TEST(GroupCommit, one_that_can_not_be_stored_takes_nobody_down_with_it) {
    Crowd crowd;
    crowd.store.poison = "poisoned";
    std::vector<Alarm> alarms;
    for (int i = 0; i < 20; ++i)
        alarms.push_back(alarm_of(i % 7 == 3 ? "poisoned" + std::to_string(i) : "a" + std::to_string(i),
            "db-" + std::to_string(i), AlarmState::alarm, start));
    auto const results = crowd.accept(alarms);
    for (std::size_t i = 0; i < results.size(); ++i)
        EXPECT_EQ(results[i].has_value(), i % 7 != 3) << i;
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
