// What a fix is written with.
#pragma once

#include "base/json.h"

namespace convops {

bool has_placeholder(Json const& value); // it, or an entry of the list
// JSON in which characters that do not show, or that turn a line around, are escapes. A string of it is a string of
// YAML and, but for "${" and "%{", of HCL too.
std::string seen_json(Json const& value);

} // namespace convops
