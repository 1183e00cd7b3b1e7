#include "evidence/call_budget.h"

#include <algorithm>

namespace convops {

CallBudget::CallBudget(int calls, std::size_t sources)
    : reserve_(sources == 0 ? 0 : calls / 2 / static_cast<int>(sources))
    , most_of_one_(std::max(reserve_, calls / 4))
    , common_((calls - reserve_ * static_cast<int>(sources)) / 2)
    , held_(calls - reserve_ * static_cast<int>(sources) - common_)
    , taken_(sources, 0)
    , ended_(sources, false) { }

void CallBudget::neighbourhood_known() {
    std::lock_guard const lock(mutex_);
    common_ += held_;
    held_ = 0;
}

int CallBudget::take(std::size_t source, int wanted) {
    std::lock_guard const lock(mutex_);
    auto& taken = taken_[source];
    auto const own = std::clamp(reserve_ - taken, 0, wanted);
    auto const more = std::clamp(std::min(wanted, most_of_one_ - taken) - own, 0, common_);
    common_ -= more;
    taken += own + more;
    return own + more;
}

void CallBudget::ended(std::size_t source) {
    std::lock_guard const lock(mutex_);
    if (ended_[source])
        return;
    ended_[source] = true;
    common_ += std::max(0, reserve_ - taken_[source]);
}

} // namespace convops
