// Files, whole: read with a bound, written so that a crash leaves the old or the new one; zstd where the name says
// so.
#pragma once

#include "base/result.h"

#include <filesystem>

namespace convops {

Result<std::string> read_file(std::filesystem::path const& file, std::size_t most_bytes);
// Unpacks when the name ends in ".zst"; corrupt when it does not unpack, invalid_input when it unpacks to more.
Result<std::string> read_file_unpacked(std::filesystem::path const& file, std::size_t most_bytes);
// Writes beside the target and renames. Mode 0600: what we write may hold account data.
Result<> write_file(std::filesystem::path const& file, std::string_view bytes);

// Held until it is destroyed or the process ends, however it ends.
class FileLock {
public:
    FileLock() = default;
    explicit FileLock(int descriptor)
        : descriptor_(descriptor) { }
    ~FileLock();
    FileLock(FileLock&& other) noexcept
        : descriptor_(std::exchange(other.descriptor_, -1)) { }
    FileLock& operator=(FileLock&& other) noexcept {
        std::swap(descriptor_, other.descriptor_);
        return *this;
    }

private:
    int descriptor_ = -1;
};

// conflict when another holds it. The file is made when it is not there, and stays.
Result<FileLock> lock_file(std::filesystem::path const& file);

std::string zstd_pack(std::string_view bytes);
Result<std::string> zstd_unpack(std::string_view bytes, std::size_t most_bytes);

} // namespace convops
