// What brought an incident to its end, as far as anything that was read tells.
#pragma once

#include "model/evidence.h"

namespace convops {

enum class RecoveryKind : std::uint8_t {
    fixed, // something undid the cause, shortly before the metric came back
    after_change, // something changed shortly before; whether it was the fix is not known
    by_itself, // the trail has settled and nothing changed
    not_known, // `unknown_why` says why
};
std::string_view to_string(RecoveryKind kind);
std::optional<RecoveryKind> recovery_kind_from(std::string_view name);

enum class FixKind : std::uint8_t {
    none,
    rolled_back,
    reverted, // a setting is back at its earlier value, or what was removed is there again
    deployed_again, // another version of what the cause deployed: a fix forward, perhaps
    capacity_raised,
    capacity_changed, // the record does not tell in which direction
    storage_raised,
    restarted,
    failover_finished,
    aws_event_closed,
    other_change, // of the resource itself, of no kind that undoes this cause
};
std::string_view to_string(FixKind kind); // "rolled_back"
std::optional<FixKind> fix_kind_from(std::string_view name);

enum class UnknownWhy : std::uint8_t {
    not_looked, // no re-read was made, or it failed as a whole
    trail_unread, // CloudTrail could not be read
    trail_late, // nothing seen, but CloudTrail may still deliver
};

struct MetricPeak {
    std::string metric; // "HTTPCode_Target_5XX_Count"; hostile text
    Resource resource;
    std::string unit;
    double value = 0;
    Time at {};
    FactId fact;
};

struct Recovery {
    RecoveryKind kind = RecoveryKind::not_known;
    FixKind fix = FixKind::none;
    std::optional<Fact> told_by; // the fact that tells the fix, of the re-read
    std::optional<Time> changed_at;
    std::optional<Time> recovered_at; // first datapoint back within the threshold, or the alarm's OK
    std::optional<MetricPeak> peak; // the worst value of the alarm's metric during the incident
    UnknownWhy unknown_why = UnknownWhy::not_looked;
    std::optional<Gap> gap; // of the trail that could not be read

    [[nodiscard]] std::vector<FactId> facts() const {
        return told_by ? std::vector { told_by->id } : std::vector<FactId> {};
    }
};

// Facts of the re-read have numbers of their own: F3 -> R3, so that both sets can be cited side by side.
Evidence renumbered_as_aftermath(Evidence evidence);

} // namespace convops
