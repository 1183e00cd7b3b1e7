// What an attacker writes where people and programs read it later: one list for every place and every surface.
#pragma once

#include <string>
#include <vector>

namespace convops {

std::vector<std::string> hostile_texts();

} // namespace convops
