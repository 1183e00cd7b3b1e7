// Words of what people type, made comparable: lower case, without accents, in any of the scripts that we answer in.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace convops {

inline constexpr std::size_t most_tokens = 200; // of one text; what follows says nothing new

// "¿Qué cambió?" -> "¿que cambio?", "geändert" -> "geandert". Other scripts stay as they are.
std::string folded(std::string_view text);
// Runs of letters and digits of the folded text; "orders-db" is one token, "DB_POOL_SIZE" is "db_pool_size".
std::vector<std::string> tokens_of(std::string_view text);
// Further cut: "orders-db" -> orders, db; "FreeStorageSpace" -> free, storage, space.
std::vector<std::string> parts_of(std::string_view name);

} // namespace convops
