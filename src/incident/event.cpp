#include "incident/event.h"

namespace convops {

std::string_view to_string(InvestigationKind kind) {
    switch (kind) {
    case InvestigationKind::full:
        return "full";
    case InvestigationKind::aftermath:
        return "aftermath";
    }
    return "full";
}

std::optional<InvestigationKind> investigation_kind_from(std::string_view name) {
    for (auto const kind : { InvestigationKind::full, InvestigationKind::aftermath })
        if (to_string(kind) == name)
            return kind;
    return std::nullopt;
}

} // namespace convops
