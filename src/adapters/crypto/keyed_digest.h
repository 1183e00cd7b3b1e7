// HMAC-SHA-256: a digest that only who has the key can make.
#pragma once

#include <string>
#include <string_view>

namespace convops {

std::string hmac_sha256(std::string_view key, std::string_view text); // 32 bytes

} // namespace convops
