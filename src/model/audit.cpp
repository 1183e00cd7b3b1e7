#include "model/audit.h"

#include <algorithm>

namespace convops {

namespace {

constexpr std::array<std::string_view, audit_category_count> category_names { "coverage", "hygiene", "delivery",
    "logs", "depth", "cost" };
constexpr std::array<std::string_view, 4> severity_letters { "H", "M", "L", "i" };
constexpr std::array<std::string_view, 3> result_names { "pass", "fail", "unknown" };

template <class Enum, std::size_t N>
std::optional<Enum> from_name(std::array<std::string_view, N> const& names, std::string_view name) {
    auto const found = std::find(names.begin(), names.end(), name);
    if (found == names.end())
        return std::nullopt;
    return static_cast<Enum>(found - names.begin());
}

} // namespace

std::string_view to_string(AuditCategory category) {
    return category_names.at(static_cast<std::size_t>(category));
}
std::string_view to_string(AuditSeverity severity) {
    return severity_letters.at(static_cast<std::size_t>(severity));
}
std::string_view to_string(AuditResult result) {
    return result_names.at(static_cast<std::size_t>(result));
}
std::optional<AuditCategory> audit_category_from(std::string_view name) {
    return from_name<AuditCategory>(category_names, name);
}
std::optional<AuditSeverity> audit_severity_from(std::string_view letter) {
    return from_name<AuditSeverity>(severity_letters, letter);
}
std::optional<AuditResult> audit_result_from(std::string_view name) {
    return from_name<AuditResult>(result_names, name);
}

} // namespace convops
