// Audit checks: one file each in checks/, named as a good state. A check judges what was read; it never calls AWS.
#pragma once

#include "audit/estate.h"
#include "model/audit.h"

namespace convops {

// A reading that a check needs.
struct AuditNeed {
    std::string_view reading;
    // Does the absence of an item decide? Then a list that is cut or partly denied makes the check unknown. Otherwise
    // what was read is judged, and the rest is unknown beside it.
    bool whole = true;
};

// Datapoints that a check looks at: of the metrics that alarms watch, of those that recommended alarms would watch,
// or of custom metrics within the last minutes.
enum class AuditHistory : std::uint8_t { none, alarm_metrics, recommended_metrics, fine_metrics };

struct AuditCheck {
    std::string_view name; // file name, a good state: "alarm_has_action"
    int number = 0; // of the specification, 1 to 80
    AuditCategory category = AuditCategory::hygiene;
    AuditSeverity severity = AuditSeverity::medium;
    std::string_view title; // "Every alarm tells somebody"
    std::string_view matters; // why it matters, one or two sentences
    std::span<AuditNeed const> needs;
    std::span<std::string_view const> also {}; // readings beside the needs; see also.h
    AuditHistory history = AuditHistory::none;
    bool per_region = true; // false: judged once over the account, with the Region ""
    // One judgement for each thing looked at, passes included. Nothing to look at: an empty list.
    std::vector<AuditJudgement> (*judge)(Estate const& estate, std::string const& region) = nullptr;
};

namespace audit_checks {
using Registered = AuditCheck;
std::vector<Registered> all(); // generated from the folder
} // namespace audit_checks

} // namespace convops
