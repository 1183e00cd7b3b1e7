// The files of a folder, whole, with bounds; sorted by their paths, so that the order of the disk leaves no trace.
#pragma once

#include "base/result.h"
#include "base/time.h"

#include <filesystem>

namespace convops {

struct FolderFile {
    std::string path; // relative to the folder, with "/"
    std::string text; // at most the bound and one byte: more is recognised as too large
};

struct FolderLimits {
    std::string_view ending; // ".md"
    std::size_t most_files = 500;
    std::size_t most_bytes = 64 * 1024; // of one file
    int most_depth = 4; // folders within folders
};

// Links are not followed. not_found when there is no such folder; invalid_input when it holds more files.
Result<std::vector<FolderFile>> read_folder(std::filesystem::path const& folder, FolderLimits const& limits);

// Removes the files that end in `extension` (empty: any) and were last written before `before`. What can not be
// removed stays for the next time.
void remove_files_older_than(std::filesystem::path const& folder, std::string_view extension, Time before);

} // namespace convops
