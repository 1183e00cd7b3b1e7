// The page of the report, as a mustache template; report_html.cpp fills it. "{{name}}" is escaped.
#pragma once

#include <string_view>

namespace convops {

extern std::string_view const report_page;

} // namespace convops
