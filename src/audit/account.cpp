#include "audit/account.h"

#include <cmath>

namespace convops {

std::string AuditListing::refused_action() const {
    if (shortfall)
        return shortfall->iam_action;
    for (auto const& [parent, why] : failed_for)
        if (!why.iam_action.empty())
            return why.iam_action;
    return "";
}

AuditListing const& AuditAccount::listing(std::string_view reading, std::string_view region) const {
    static AuditListing const never_asked;
    auto const found = listings_.find(std::pair { std::string(reading), std::string(region) });
    return found == listings_.end() ? never_asked : found->second;
}

std::vector<Json const*> AuditAccount::items_of(
    std::string_view reading, std::string_view region, std::size_t index) const {
    std::vector<Json const*> found;
    for (auto const& item : listing(reading, region).items)
        if (auto const of = integer_at(item, "@of"); of && static_cast<std::size_t>(*of) == index)
            found.push_back(&item);
    return found;
}

void AuditAccount::keep(std::string_view reading, std::string_view region, AuditListing listing) {
    listings_[{ std::string(reading), std::string(region) }] = std::move(listing);
}

std::optional<Seconds> time_left(AuditProgress const& progress, Milliseconds elapsed) {
    constexpr std::size_t enough_for_a_pace = 20;
    if (progress.calls_done < enough_for_a_pace || progress.calls_planned < progress.calls_done)
        return std::nullopt;
    auto const left = static_cast<double>(progress.calls_planned - progress.calls_done);
    auto const seconds
        = static_cast<double>(elapsed.count()) / 1000 * left / static_cast<double>(progress.calls_done);
    return Seconds { std::llround(seconds) };
}

} // namespace convops
