// The audit as one function: read the account, judge it, score it.
#pragma once

#include "audit/scope.h"
#include "model/audit.h"
#include "ports/clock.h"

namespace convops {

// `id` is the number of the account.
// Never fails: what could not be read makes checks unknown. invalid_input is for the caller to find.
AuditReport audit_account(Aws& aws, std::string const& id, std::span<std::string const> regions, Clock& clock,
    AuditObserver const& observer = {}, AuditScope const& scope = whole_scope());

// invalid_input, with one line that says what to do: a name that is no Region, or a Region that the account has not
// enabled. One call; when it may not be made, the scan finds out by itself.
Result<> check_regions(Aws& aws, std::span<std::string const> regions);
inline constexpr std::string_view check_regions_action = "ec2:DescribeRegions";

std::vector<Time> unusual_times(Series const& series);

} // namespace convops
