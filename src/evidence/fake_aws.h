// For tests of sources: asking one of them, at a clock that stands.
#pragma once

#include "evidence/sources.h"
#include "ports/fake_aws.h"

#include <mutex>

namespace convops {

// What the named source answers.
inline Answer ask(std::string_view source, Question const& question, Aws& aws) {
    for (auto const& one : sources::all())
        if (one.card->name == source)
            return one.collect(question, aws);
    return { {}, { { std::string(source), "", ErrorKind::not_found, "no such source", "" } } };
}

// A clock that moves only when it is told to.
class FakeClock final : public Clock {
public:
    [[nodiscard]] Time now() const override { return Time { Seconds { 1'795'464'900 } }; }
    [[nodiscard]] std::chrono::nanoseconds monotonic() const override {
        std::lock_guard const lock(mutex_);
        return elapsed_;
    }
    void wait(Milliseconds duration) override {
        std::lock_guard const lock(mutex_);
        elapsed_ += duration;
    }

private:
    mutable std::mutex mutex_;
    std::chrono::nanoseconds elapsed_ { 0 };
};

} // namespace convops
