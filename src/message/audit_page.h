// The page of the audit, as a mustache template; audit_html.cpp fills it. "{{name}}" is escaped.
#pragma once

#include <string_view>

namespace convops {

extern std::string_view const audit_page;

} // namespace convops
