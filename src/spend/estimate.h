// What an incident adds to the AWS bill, estimated from the usage metrics that were read: the usage since the onset
// against the usual level of the hours before and of the same hours on earlier days, times the list price. Pure.
#pragma once

#include "model/investigation.h"
#include "model/spend.h"

namespace convops {

// List prices in dollars without free tiers, discounts and tax, of one Region: most others cost the same or up to a
// half more, so for them the estimate names whose price it is.
struct Price {
    Usage usage;
    double usd = 0; // for `per` units
    double per = 1;
    std::string_view unit;
    std::string_view source; // the price list
};
inline constexpr std::string_view priced_region = "us-east-1";
inline constexpr std::string_view prices_as_of = "2026-11"; // when the table was written
std::span<Price const> price_list();
// An hour of one on-demand Linux instance; nullopt: the type is not in the table.
std::optional<double> instance_hour(std::string_view type);

// nullopt when no usage metric was read, or nothing costs more than usual and everything is known.
std::optional<ExtraSpend> estimate_spend(Investigation const& investigation);

} // namespace convops
