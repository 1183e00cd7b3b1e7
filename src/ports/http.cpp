#include "ports/http.h"

namespace convops {

std::string HttpResponse::header(std::string_view lower_case_name) const {
    for (auto const& [name, value] : headers)
        if (name == lower_case_name)
            return value;
    return {};
}

} // namespace convops
