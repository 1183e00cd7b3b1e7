// One fuzz target per file: it defines fuzz_one(), which must survive any bytes. Built with CONVOPS_FUZZ (clang) the
// target is a libFuzzer program; always built is <name>_smoke, which ctest runs over the corpus and over mutations of
// it that a fixed seed decides.
#pragma once

#include <string_view>

namespace convops::fuzz {
void one(std::string_view bytes);
}
