// Which checks an audit makes, and what of the account it reads for them: all, or those that were asked for with
// `--only` and nothing that none of them looks at.
#pragma once

#include "audit/audit.h"
#include "audit/metric_history.h"

namespace convops {

struct AuditScope {
    std::vector<AuditCheck> checks; // in the order of their numbers
    std::vector<AuditReading> readings; // a parent stands before its children
    HistoryOf history = HistoryOf::everything;
    bool fine_metrics = true;
    bool whole = true; // false: moments that nobody heard of, tuning and costs are not looked for either
};

AuditScope whole_scope();

// "alarm_has_action,delivery,59": names of checks, their numbers, names of categories. invalid_input, in one line
// with the nearest name: what is none of them.
Result<AuditScope> audit_scope(std::string_view only);

// What the checks need and look at, with what those readings are asked for the items of.
std::vector<AuditReading> readings_for(std::span<AuditCheck const> checks, std::vector<AuditReading> const& all);

// Names the checks that were not looked at: neither passed nor failed nor unknown, and part of the unchecked share.
void say_what_was_left_out(AuditReport& report, AuditScope const& scope);

// For people who choose: every check with its number, category, severity, title, and the IAM actions of its needs.
std::string check_list_text();
Json check_list_json();

} // namespace convops
