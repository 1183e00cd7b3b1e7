// The runbooks that --runbooks names.
#pragma once

#include "app/runbooks.h"

#include <cstdio>

namespace convops {

// nullopt: none were asked for. Files that can not be used are told on stderr and left out.
inline Result<std::optional<RunbookShelf>> shelf_of(std::string const& folder) {
    if (folder.empty())
        return std::optional<RunbookShelf> {};
    auto shelf = TRY(read_runbooks(folder, ""));
    for (auto const& problem : shelf.problems)
        std::fprintf(stderr, "convops: runbook left out: %s\n", problem.c_str());
    return std::optional(std::move(shelf));
}

} // namespace convops
