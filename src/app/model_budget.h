// What the model may cost: per incident, per day and per month of a workspace (UTC). A call reserves the most that it
// may use, and settles what it used. The ledger is in the store, so it outlives a restart; its writes are
// conditional, so two workers can not spend the same money.
//
// A reservation that is never settled (a crash) expires after `reservation_time` and counts as nothing then.
#pragma once

#include "app/settings.h"
#include "base/ids.h"
#include "ports/clock.h"
#include "ports/llm.h"
#include "ports/store.h"

namespace convops {

struct BudgetLimits { // 0: no limit
    double usd_per_incident = 0;
    double usd_per_day = 0;
    double usd_per_month = 0;
    std::int64_t tokens_per_incident = 0;
    std::int64_t tokens_per_day = 0;
};
BudgetLimits budget_limits_from(Settings const& settings);

struct Spending {
    std::int64_t micro_usd = 0; // millionths of a dollar: sums stay exact
    std::int64_t tokens = 0;
};

struct Reservation {
    WorkspaceId workspace;
    std::string id;
    std::vector<std::string> pages; // sort keys of the ledger's pages that hold it
};

class ModelBudget {
public:
    static constexpr Milliseconds reservation_time { 10 * 60'000 }; // longer than any question takes

    ModelBudget(Store& store, Clock& clock, Entropy& entropy, BudgetLimits limits)
        : store_(store)
        , clock_(clock)
        , entropy_(entropy)
        , limits_(limits) { }

    // conflict: not enough is left, in words for the reader ("today's model budget of $5.00 is used up").
    Result<Reservation> reserve(WorkspaceId const& workspace, IncidentId const& incident, Spending const& most);
    Result<> settle(Reservation const& reservation, Spending const& used);

    // What was spent on an incident so far, and today.
    Result<Spending> spent_on(WorkspaceId const& workspace, IncidentId const& incident);
    Result<Spending> spent_today(WorkspaceId const& workspace);

    // `model` for one incident: each question is reserved before and settled after. Over budget nothing is asked, and
    // the answer is the reason. Both must outlive what is returned.
    std::unique_ptr<Llm> for_incident(Llm& model, WorkspaceId workspace, IncidentId incident);

private:
    Result<Spending> spent(WorkspaceId const& workspace, std::string const& page);

    Store& store_;
    Clock& clock_;
    Entropy& entropy_;
    BudgetLimits limits_;
};

} // namespace convops
