#include "model/assessment.h"

namespace convops {

std::string_view to_string(Opinion opinion) {
    return opinion == Opinion::right ? "right" : "wrong";
}

std::optional<Opinion> opinion_from(std::string_view name) {
    for (auto const opinion : { Opinion::right, Opinion::wrong })
        if (to_string(opinion) == name)
            return opinion;
    return std::nullopt;
}

std::string_view to_string(VerdictBy judge) {
    return judge == VerdictBy::people ? "people" : "environment";
}

} // namespace convops
