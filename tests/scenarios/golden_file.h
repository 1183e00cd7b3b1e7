// What a person read and accepted, as files under version control.
#pragma once

#include "adapters/files/files.h"

#include <gtest/gtest.h>

namespace convops {

// Compares with the accepted file, or writes it when UPDATE_GOLDEN=1 and fails.
inline void expect_golden(std::filesystem::path const& file, std::string const& actual) {
    auto const* update = std::getenv("UPDATE_GOLDEN");
    auto const accepted = read_file(file, std::size_t { 1 } << 20);
    if (update != nullptr && std::string_view(update) == "1") {
        if (accepted && *accepted == actual)
            return;
        std::filesystem::create_directories(file.parent_path());
        ASSERT_TRUE(write_file(file, actual));
        ASSERT_EQ(std::getenv("CI"), nullptr) << "UPDATE_GOLDEN is refused in CI";
        FAIL() << "rewrote " << file << "; read it line by line, then run again without UPDATE_GOLDEN";
    }
    ASSERT_TRUE(accepted) << file << " is missing: UPDATE_GOLDEN=1 ./x golden writes it";
    EXPECT_EQ(*accepted, actual) << file;
}

} // namespace convops
