#include "adapters/files/files.h"

#include "base/check.h"

#include <zstd.h>

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <sys/file.h>
#include <unistd.h>

namespace convops {

namespace {
Error file_error(std::filesystem::path const& file, std::string_view doing) {
    auto const kind = errno == ENOENT       ? ErrorKind::not_found
        : errno == EACCES || errno == EROFS ? ErrorKind::access_denied
                                            : ErrorKind::unavailable;
    return { kind, std::string(doing) + " " + file.string() + ": " + std::strerror(errno) };
}
} // namespace

Result<std::string> read_file(std::filesystem::path const& file, std::size_t most_bytes) {
    std::error_code error;
    if (std::filesystem::is_directory(file, error)) // It opens like a file and reads as an empty one.
        return Error { ErrorKind::invalid_input, "cannot read " + file.string() + ": it is a folder" };
    errno = 0;
    std::ifstream in(file, std::ios::binary);
    if (!in)
        return file_error(file, "cannot read");
    std::string bytes;
    char block[65536];
    while (in.read(block, sizeof block) || in.gcount() > 0) {
        bytes.append(block, static_cast<std::size_t>(in.gcount()));
        if (bytes.size() > most_bytes)
            return Error { ErrorKind::invalid_input,
                file.string() + " is larger than " + std::to_string(most_bytes) + " bytes" };
    }
    return bytes;
}

Result<std::string> zstd_unpack(std::string_view bytes, std::size_t most_bytes) {
    auto* stream = ZSTD_createDStream();
    CHECK(stream != nullptr);
    std::unique_ptr<ZSTD_DStream, decltype(&ZSTD_freeDStream)> const owner(stream, &ZSTD_freeDStream);
    std::string out;
    char block[131072];
    ZSTD_inBuffer in { bytes.data(), bytes.size(), 0 };
    std::size_t left = 1;
    while (in.pos < in.size) {
        ZSTD_outBuffer chunk { block, sizeof block, 0 };
        left = ZSTD_decompressStream(stream, &chunk, &in);
        if (ZSTD_isError(left) != 0)
            return Error { ErrorKind::corrupt, "not zstd: " + std::string(ZSTD_getErrorName(left)) };
        if (out.size() + chunk.pos > most_bytes)
            return Error { ErrorKind::invalid_input,
                "unpacks to more than " + std::to_string(most_bytes) + " bytes" };
        out.append(block, chunk.pos);
        // Input is used up, but the frame still holds output.
        while (in.pos == in.size && chunk.pos == chunk.size) {
            chunk.pos = 0;
            left = ZSTD_decompressStream(stream, &chunk, &in);
            if (ZSTD_isError(left) != 0 || out.size() + chunk.pos > most_bytes)
                return Error { ErrorKind::corrupt, "not zstd, or too large" };
            out.append(block, chunk.pos);
        }
    }
    if (left != 0)
        return Error { ErrorKind::corrupt, "zstd data is cut short" };
    return out;
}

FileLock::~FileLock() {
    if (descriptor_ >= 0)
        ::close(descriptor_);
}

Result<FileLock> lock_file(std::filesystem::path const& file) {
    int const descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (descriptor < 0)
        return file_error(file, "cannot lock");
    FileLock lock(descriptor);
    if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
        if (errno == EWOULDBLOCK)
            return Error { ErrorKind::conflict, file.string() + " is held by another convops: stop that one first" };
        return file_error(file, "cannot lock");
    }
    return lock;
}

std::string zstd_pack(std::string_view bytes) {
    std::string out(ZSTD_compressBound(bytes.size()), '\0');
    auto const size = ZSTD_compress(out.data(), out.size(), bytes.data(), bytes.size(), 12);
    CHECK(ZSTD_isError(size) == 0);
    out.resize(size);
    return out;
}

Result<std::string> read_file_unpacked(std::filesystem::path const& file, std::size_t most_bytes) {
    auto bytes = TRY(read_file(file, most_bytes));
    if (file.extension() != ".zst")
        return bytes;
    return zstd_unpack(bytes, most_bytes).with_context(file.string());
}

Result<> write_file(std::filesystem::path const& file, std::string_view bytes) {
    auto temporary = file;
    temporary += ".new";
    int const descriptor = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (descriptor < 0)
        return file_error(temporary, "cannot write");
    std::size_t written = 0;
    while (written < bytes.size()) {
        auto const count = ::write(descriptor, bytes.data() + written, bytes.size() - written);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0) {
            auto const error = file_error(temporary, "cannot write");
            ::close(descriptor);
            return error;
        }
        written += static_cast<std::size_t>(count);
    }
    bool const synced = ::fsync(descriptor) == 0;
    if (::close(descriptor) != 0 || !synced)
        return file_error(temporary, "cannot write");
    if (::rename(temporary.c_str(), file.c_str()) != 0)
        return file_error(file, "cannot write");
    return {};
}

} // namespace convops
