#include "model/recovery.h"

namespace convops {

std::string_view to_string(RecoveryKind kind) {
    switch (kind) {
    case RecoveryKind::fixed:
        return "fixed";
    case RecoveryKind::after_change:
        return "after_change";
    case RecoveryKind::by_itself:
        return "by_itself";
    case RecoveryKind::not_known:
        return "not_known";
    }
    return "not_known";
}

std::string_view to_string(FixKind kind) {
    switch (kind) {
    case FixKind::none:
        return "none";
    case FixKind::rolled_back:
        return "rolled_back";
    case FixKind::reverted:
        return "reverted";
    case FixKind::deployed_again:
        return "deployed_again";
    case FixKind::capacity_raised:
        return "capacity_raised";
    case FixKind::capacity_changed:
        return "capacity_changed";
    case FixKind::storage_raised:
        return "storage_raised";
    case FixKind::restarted:
        return "restarted";
    case FixKind::failover_finished:
        return "failover_finished";
    case FixKind::aws_event_closed:
        return "aws_event_closed";
    case FixKind::other_change:
        return "other_change";
    }
    return "none";
}

std::optional<RecoveryKind> recovery_kind_from(std::string_view name) {
    for (auto const kind :
        { RecoveryKind::fixed, RecoveryKind::after_change, RecoveryKind::by_itself, RecoveryKind::not_known })
        if (to_string(kind) == name)
            return kind;
    return std::nullopt;
}

std::optional<FixKind> fix_kind_from(std::string_view name) {
    for (int i = 0; i <= static_cast<int>(FixKind::other_change); ++i)
        if (auto const kind = static_cast<FixKind>(i); to_string(kind) == name)
            return kind;
    return std::nullopt;
}

Evidence renumbered_as_aftermath(Evidence evidence) {
    for (auto& fact : evidence.facts)
        if (fact.id.text.starts_with('F'))
            fact.id.text.front() = 'R';
    return evidence;
}

} // namespace convops
