// Languages: one file each in languages/<code>.cpp with every word that a reader sees. To add one: copy de.cpp.
#pragma once

#include "message/words.h"

namespace convops {

namespace languages {
using Registered = Language;
std::vector<Registered> all(); // generated from the folder
} // namespace languages

} // namespace convops
