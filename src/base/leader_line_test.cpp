#include "base/leader_line.h"

#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>
#include <thread>

namespace convops {
namespace {

struct Work {
    int kind = 0;
    int performed = 0;
};

bool same_kind(Work const& first, Work const& next) {
    return first.kind == next.kind;
}

TEST(LeaderLine, a_thread_alone_is_done_at_once) {
    LeaderLine<Work> line;
    Work work;
    line.run(work, 8, same_kind, [](std::span<Work* const> group) {
        EXPECT_EQ(group.size(), 1U);
        ++group.front()->performed;
    });
    EXPECT_EQ(work.performed, 1);
}

TEST(LeaderLine, what_waits_meanwhile_is_one_group_up_to_the_bound) {
    constexpr int followers = 7;
    LeaderLine<Work> line;
    std::atomic<int> arrived { 0 };
    std::atomic<bool> go { false };
    std::mutex mutex;
    std::vector<std::size_t> sizes;
    auto const perform = [&](std::span<Work* const> group) {
        while (!go)
            std::this_thread::yield();
        std::lock_guard const lock(mutex);
        sizes.push_back(group.size());
        for (auto* work : group)
            ++work->performed;
    };
    std::vector<Work> works(followers + 1);
    std::vector<std::thread> threads;
    threads.emplace_back([&] { line.run(works[0], 4, same_kind, perform); });
    for (int i = 1; i <= followers; ++i)
        threads.emplace_back([&, i] {
            ++arrived;
            line.run(works[static_cast<std::size_t>(i)], 4, same_kind, perform);
        });
    while (arrived < followers)
        std::this_thread::yield();
    go = true;
    for (auto& thread : threads)
        thread.join();
    std::size_t total = 0;
    for (auto const size : sizes) {
        EXPECT_LE(size, 4U);
        total += size;
    }
    EXPECT_EQ(total, works.size());
    for (auto const& work : works)
        EXPECT_EQ(work.performed, 1);
}

TEST(LeaderLine, only_what_fits_the_first_is_in_its_group) {
    constexpr int threads_of_a_kind = 8;
    constexpr int rounds = 200;
    LeaderLine<Work> line;
    std::atomic<int> inside { 0 };
    std::atomic<int> performed { 0 };
    std::vector<std::thread> threads;
    for (int i = 0; i < 2 * threads_of_a_kind; ++i)
        threads.emplace_back([&, i] {
            for (int round = 0; round < rounds; ++round) {
                Work work { i % 2, 0 };
                line.run(work, 100, same_kind, [&](std::span<Work* const> group) {
                    EXPECT_EQ(++inside, 1) << "one group at a time";
                    for (auto* each : group) {
                        EXPECT_EQ(each->kind, group.front()->kind);
                        ++each->performed;
                        ++performed;
                    }
                    --inside;
                });
                EXPECT_EQ(work.performed, 1);
            }
        });
    for (auto& thread : threads)
        thread.join();
    EXPECT_EQ(performed, 2 * threads_of_a_kind * rounds);
}

TEST(LeaderLine, an_exception_leaves_through_its_leader_and_the_line_goes_on) {
    LeaderLine<Work> line;
    Work work;
    EXPECT_THROW(line.run(work, 8, same_kind, [](auto) { throw std::runtime_error("died"); }), std::runtime_error);
    line.run(work, 8, same_kind, [](std::span<Work* const> group) { ++group.front()->performed; });
    EXPECT_EQ(work.performed, 1);
}

} // namespace
} // namespace convops
