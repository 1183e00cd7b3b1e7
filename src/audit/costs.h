// What watching the account costs a month by list prices, and how much of it is waste.
#pragma once

#include "audit/estate.h"
#include "model/audit.h"

namespace convops {

// Items of one Region; those that cost nothing are left out. Free tiers are not taken off: which accounts share them
// is not known from here.
std::vector<AuditCost> costs_in(Estate const& estate, std::string const& region);
std::vector<AuditCost> costs_of(Estate const& estate); // of all Regions, summed by item

// Metrics that AWS does not publish itself and that cost by the piece.
bool is_custom(std::string_view metric_namespace);
std::vector<MetricId> custom_metrics_in(Estate const& estate, std::string const& region);

} // namespace convops
