#include "adapters/files/folder.h"

#include <algorithm>
#include <fstream>

namespace convops {

namespace {

Result<std::string> beginning_of(std::filesystem::path const& file, std::size_t most_bytes) {
    std::ifstream stream(file, std::ios::binary);
    if (!stream)
        return Error { ErrorKind::unavailable, file.string() + " can not be read" };
    std::string text(most_bytes + 1, '\0');
    stream.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(stream.gcount()));
    return text;
}

} // namespace

Result<std::vector<FolderFile>> read_folder(std::filesystem::path const& folder, FolderLimits const& limits) {
    std::error_code error;
    std::filesystem::recursive_directory_iterator entry(folder, error);
    if (error)
        return Error { ErrorKind::not_found, folder.string() + ": " + error.message() };
    std::vector<FolderFile> files;
    for (; entry != std::filesystem::recursive_directory_iterator(); entry.increment(error)) {
        if (entry.depth() >= limits.most_depth)
            entry.disable_recursion_pending();
        if (!std::filesystem::is_regular_file(entry->symlink_status(error))
            || !entry->path().string().ends_with(limits.ending))
            continue;
        if (files.size() == limits.most_files)
            return Error { ErrorKind::invalid_input,
                folder.string() + " holds more than " + std::to_string(limits.most_files) + " files" };
        files.push_back({ entry->path().lexically_relative(folder).generic_string(),
            TRY(beginning_of(entry->path(), limits.most_bytes)) });
    }
    if (error)
        return Error { ErrorKind::unavailable, folder.string() + ": " + error.message() };
    std::sort(files.begin(), files.end(), [](auto const& a, auto const& b) { return a.path < b.path; });
    return files;
}

void remove_files_older_than(std::filesystem::path const& folder, std::string_view extension, Time before) {
    std::error_code error;
    for (auto const& entry : std::filesystem::directory_iterator(folder, error)) {
        auto const written = std::chrono::file_clock::to_sys(entry.last_write_time(error));
        bool const meant = extension.empty() || entry.path().extension() == extension;
        if (!error && meant && entry.is_regular_file(error) && written < before)
            std::filesystem::remove(entry.path(), error);
    }
}

} // namespace convops
