// The findings of an audit by check, and the words that every rendering shares.
#pragma once

#include "model/audit.h"

namespace convops {

struct AuditGroup {
    AuditCheckSummary summary;
    std::vector<AuditFinding const*> findings;
};

// Checks with failures, worst first: severity, then number.
std::vector<AuditGroup> failed_groups(AuditReport const& report);
// What could not be checked.
std::vector<AuditGroup> unknown_groups(AuditReport const& report);

// The last part of an ARN that a person would call it by; other names as they are.
std::string short_resource(std::string_view resource);
std::string severity_word(AuditSeverity severity); // "High"
std::string category_word(AuditCategory category); // "Alarm coverage"
std::string date_and_clock(Time at); // "2026-11-28 09:23 UTC"
std::string percent(double share); // "12 %"
// "12 % could not be checked", or of an audit of some checks "6 of 80 checks; the others were not looked at".
std::string checked_words(AuditReport const& report);
// "Since 2026-11-01 08:00 UTC (grade C, 71)", and whether that was of the same checks.
std::string since_words(AuditComparison const& comparison);
std::string held_by(AuditReport const& report); // the title of the check that caps the grade; empty

// "RDS instance orders-db: DatabaseConnections was 480, usually 60."
std::string untold_words(UntoldMoment const& moment);
// What is said when there is none: that none was found, or that nobody looked.
std::string no_moment_words(AuditReport const& report);
// "Maximum above 400 in 3 of 3 periods of 5 min would have told; no false alarm in 14 days."
std::string would_have_told(UntoldMoment const& moment);
// "14 days: 37 alarms, 2 real. With above 90 % in 3 of 3 periods of 5 min: 3, 2 real."
std::string tuning_words(AlarmTuning const& tuning);

} // namespace convops
