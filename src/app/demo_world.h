// What the demo and the storm share: a clock that begins when the recorded alarm fired, and a folder that goes away.
#pragma once

#include "adapters/clock/system_clock.h"
#include "base/result.h"

#include <filesystem>
#include <memory>

namespace convops {

// The system's clock, moved so that it began at a given time.
class MovedClock final : public Clock {
public:
    explicit MovedClock(Time begins_at)
        : offset_(begins_at - system_.now()) { }
    [[nodiscard]] Time now() const override { return system_.now() + offset_; }
    [[nodiscard]] std::chrono::nanoseconds monotonic() const override { return system_.monotonic(); }
    void wait(Milliseconds duration) override { system_.wait(duration); }

private:
    SystemClock system_;
    Milliseconds offset_;
};

class TemporaryFolder {
public:
    static Result<std::unique_ptr<TemporaryFolder>> make() {
        auto pattern = (std::filesystem::temp_directory_path() / "convops-demo-XXXXXX").string();
        if (::mkdtemp(pattern.data()) == nullptr)
            return Error { ErrorKind::unavailable, "cannot make a temporary folder beside " + pattern };
        return std::make_unique<TemporaryFolder>(pattern);
    }
    explicit TemporaryFolder(std::filesystem::path path)
        : path_(std::move(path)) { }
    ~TemporaryFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    TemporaryFolder(TemporaryFolder const&) = delete;
    TemporaryFolder& operator=(TemporaryFolder const&) = delete;
    [[nodiscard]] std::filesystem::path const& path() const { return path_; }

private:
    std::filesystem::path path_;
};

} // namespace convops
