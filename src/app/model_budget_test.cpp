#include "app/model_budget.h"

#include "adapters/memory/memory_store.h"
#include "adapters/memory/simulated_clock.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <thread>

namespace convops {
namespace {

using ::testing::HasSubstr;

WorkspaceId const acme { "acme" };
IncidentId const first { "inc-1" };
IncidentId const second { "inc-2" };
Spending const ten_cents { 100'000, 1'000 };

struct Ledger : ::testing::Test {
    MemoryStore store;
    SimulatedClock clock { *parse_time("2026-11-28T10:00:00Z") };
    SeededEntropy entropy { 1 };

    ModelBudget with(BudgetLimits limits) { return { store, clock, entropy, limits }; }
};

// A model that uses what it is told to.
class FixedModel final : public Llm {
public:
    LlmUsage usage { .input_tokens = 300, .output_tokens = 100, .usd = 0.02, .priced = true, .calls = 1 };
    int asked = 0;
    LlmOutcome ask(LlmRequest const&) override {
        ++asked;
        return { Json(JsonObject { { "said", "yes" } }), usage, "fixed" };
    }
    [[nodiscard]] double most_usd(LlmRequest const&) const override { return 0.10; }
    [[nodiscard]] std::int64_t most_tokens(LlmRequest const&) const override { return 1'000; }
};

} // namespace

TEST_F(Ledger, what_a_call_used_replaces_what_it_reserved) {
    auto budget = with({ .usd_per_incident = 0.15 });
    auto const reserved = budget.reserve(acme, first, ten_cents);
    ASSERT_TRUE(reserved);
    EXPECT_FALSE(budget.reserve(acme, first, ten_cents)); // 20 cents would be held
    ASSERT_TRUE(budget.settle(*reserved, { 20'000, 400 }));
    EXPECT_EQ(budget.spent_on(acme, first)->micro_usd, 20'000);
    EXPECT_EQ(budget.spent_today(acme)->tokens, 400);
    EXPECT_TRUE(budget.reserve(acme, first, ten_cents));
}

TEST_F(Ledger, a_budget_that_is_used_up_is_named_with_its_amount) {
    auto budget = with({ .usd_per_incident = 0.10, .usd_per_day = 0.20 });
    ASSERT_TRUE(budget.settle(*budget.reserve(acme, first, ten_cents), ten_cents));
    auto const over_incident = budget.reserve(acme, first, ten_cents);
    ASSERT_FALSE(over_incident);
    EXPECT_EQ(over_incident.error().kind, ErrorKind::conflict);
    EXPECT_EQ(over_incident.error().message, "this incident's model budget of $0.10 is used up");
    ASSERT_TRUE(budget.settle(*budget.reserve(acme, second, ten_cents), ten_cents));
    EXPECT_EQ(budget.reserve(acme, IncidentId { "inc-3" }, ten_cents).error().message,
        "today's model budget of $0.20 is used up");
}

TEST_F(Ledger, a_call_that_could_cost_more_than_is_left_is_not_made) {
    auto budget = with({ .usd_per_day = 0.05 });
    EXPECT_EQ(budget.reserve(acme, first, ten_cents).error().message,
        "today's model budget of $0.05 has too little left for a call of up to $0.10");
}

TEST_F(Ledger, tokens_are_counted_where_no_price_is_known) {
    auto budget = with({ .tokens_per_incident = 1'500 });
    ASSERT_TRUE(budget.settle(*budget.reserve(acme, first, { 0, 1'000 }), { 0, 1'500 }));
    EXPECT_EQ(budget.reserve(acme, first, { 0, 1'000 }).error().message,
        "this incident's model budget of 1500 tokens is used up");
}

TEST_F(Ledger, the_next_day_and_the_next_month_start_anew) {
    auto budget = with({ .usd_per_day = 0.10, .usd_per_month = 0.15 });
    ASSERT_TRUE(budget.settle(*budget.reserve(acme, first, ten_cents), ten_cents));
    EXPECT_FALSE(budget.reserve(acme, second, ten_cents));
    clock.advance(Milliseconds { 24 * 3'600'000 });
    EXPECT_THAT(budget.reserve(acme, second, ten_cents).error().message, HasSubstr("this month's model budget"));
    clock.set(*parse_time("2026-12-01T00:00:00Z"));
    EXPECT_TRUE(budget.reserve(acme, second, ten_cents));
}

TEST_F(Ledger, a_call_over_midnight_is_settled_on_the_day_it_was_reserved_on) {
    auto budget = with({ .usd_per_day = 1 });
    clock.set(*parse_time("2026-11-28T23:59:59Z"));
    auto const reserved = budget.reserve(acme, first, ten_cents);
    ASSERT_TRUE(reserved);
    clock.advance(Milliseconds { 5'000 });
    ASSERT_TRUE(budget.settle(*reserved, ten_cents));
    EXPECT_EQ(budget.spent_today(acme)->micro_usd, 0);
    EXPECT_EQ(budget.spent_on(acme, first)->micro_usd, 100'000);
}

TEST_F(Ledger, a_workspace_does_not_pay_for_another) {
    auto budget = with({ .usd_per_day = 0.10 });
    ASSERT_TRUE(budget.settle(*budget.reserve(acme, first, ten_cents), ten_cents));
    EXPECT_TRUE(budget.reserve(WorkspaceId { "other" }, first, ten_cents));
}

TEST_F(Ledger, a_reservation_that_a_crash_left_behind_expires) {
    BudgetLimits const limits { .usd_per_incident = 0.10 };
    ASSERT_TRUE(with(limits).reserve(acme, first, ten_cents)); // and then the process is gone
    auto after_restart = with(limits);
    EXPECT_FALSE(after_restart.reserve(acme, first, ten_cents));
    clock.advance(ModelBudget::reservation_time);
    EXPECT_TRUE(after_restart.reserve(acme, first, ten_cents));
}

TEST_F(Ledger, what_was_spent_counts_even_when_it_is_settled_after_the_reservation_expired) {
    auto budget = with({ .usd_per_incident = 0.10 });
    auto const reserved = budget.reserve(acme, first, ten_cents);
    clock.advance(ModelBudget::reservation_time);
    ASSERT_TRUE(budget.settle(*reserved, ten_cents));
    EXPECT_FALSE(budget.reserve(acme, first, ten_cents));
}

TEST_F(Ledger, what_was_spent_outlives_a_restart) {
    BudgetLimits const limits { .usd_per_incident = 0.10 };
    auto before = with(limits);
    ASSERT_TRUE(before.settle(*before.reserve(acme, first, ten_cents), ten_cents));
    clock.advance(Milliseconds { 30LL * 24 * 3'600'000 }); // longer than work in progress is kept
    EXPECT_FALSE(with(limits).reserve(acme, first, ten_cents));
}

TEST_F(Ledger, workers_at_the_same_time_never_hold_more_than_the_budget) {
    constexpr int workers = 8;
    constexpr int calls_each = 10;
    auto budget = with({ .usd_per_day = 2 }); // twenty calls of ten cents; eighty are wanted
    std::atomic<int> granted = 0;
    std::vector<std::thread> threads;
    for (int worker = 0; worker < workers; ++worker)
        threads.emplace_back([&, worker] {
            for (int call = 0; call < calls_each; ++call)
                if (budget.reserve(acme, IncidentId { std::to_string(worker) }, ten_cents))
                    ++granted;
        });
    for (auto& thread : threads)
        thread.join();
    EXPECT_LE(granted, 20);
    EXPECT_GE(granted, 1);
    // Whoever lost every race got an error, not money: one worker alone can take what is left.
    while (budget.reserve(acme, IncidentId { "last" }, ten_cents))
        ++granted;
    EXPECT_EQ(granted, 20);
}

TEST_F(Ledger, a_model_within_its_budget_answers_and_is_charged) {
    auto budget = with({ .usd_per_incident = 0.10, .tokens_per_incident = 10'000 });
    FixedModel model;
    auto const budgeted = budget.for_incident(model, acme, first);
    auto const outcome = budgeted->ask({});
    ASSERT_TRUE(outcome.answer);
    EXPECT_EQ(outcome.model, "fixed");
    EXPECT_EQ(budget.spent_on(acme, first)->micro_usd, 20'000);
    EXPECT_EQ(budget.spent_on(acme, first)->tokens, 400);
}

TEST_F(Ledger, over_budget_the_model_is_not_asked_and_the_answer_is_the_reason) {
    auto budget = with({ .usd_per_incident = 0.10 });
    FixedModel model;
    model.usage.usd = 0.10;
    auto const budgeted = budget.for_incident(model, acme, first);
    ASSERT_TRUE(budgeted->ask({}).answer);
    auto const outcome = budgeted->ask({});
    ASSERT_FALSE(outcome.answer);
    EXPECT_EQ(outcome.answer.error().kind, ErrorKind::conflict);
    EXPECT_EQ(outcome.answer.error().message, "this incident's model budget of $0.10 is used up");
    EXPECT_EQ(outcome.usage.calls, 0);
    EXPECT_EQ(model.asked, 1);
}

} // namespace convops
