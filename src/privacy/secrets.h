// Takes secrets out of what AWS answered, before anything else sees it: so no fact, message, capsule or prompt can
// hold one. Environment variables of tasks and functions, and log lines, are where credentials leak in practice.
#pragma once

#include "base/json.h"

namespace convops {

// The text with AWS keys, JWTs, bearer tokens, private keys, `password=...` values and URL passwords replaced by
// "[secret]".
std::string without_secrets(std::string_view text);

// Every string cleaned by without_secrets(), and the value of every member or {name, value} pair whose name says
// secret.
void remove_secrets(Json& json);

} // namespace convops
