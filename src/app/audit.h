// The audit as one function: read the account, judge it, score it.
#pragma once

#include "audit/account.h"
#include "model/audit.h"
#include "ports/clock.h"

namespace convops {

// `id` is the number of the account.
// Never fails: what could not be read makes checks unknown. invalid_input is for the caller to find.
AuditReport audit_account(Aws& aws, std::string const& id, std::span<std::string const> regions, Clock& clock,
    AuditObserver const& observer = {});

std::vector<Time> unusual_times(Series const& series);

} // namespace convops
