// Server-sent events: bytes of a stream -> named events, whatever the pieces in which they come.
// https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
#pragma once

#include "base/result.h"

#include <functional>

namespace convops {

struct ServerSentEvent {
    std::string name; // "" when the stream names none
    std::string data; // lines joined by "\n"
};

class EventReader {
public:
    static constexpr std::size_t most_event_bytes = 256 * 1024; // A delta is a few words; 256 KiB is an attack.

    // Every event that `piece` completes goes to `take`. Errors: corrupt, over the limit; nothing more is read then.
    Result<> feed(std::string_view piece, std::function<Result<>(ServerSentEvent const&)> const& take);

private:
    Result<> end_line(std::function<Result<>(ServerSentEvent const&)> const& take);

    std::string line_;
    bool after_return_ = false; // the last byte was CR: an LF now belongs to it
    bool has_data_ = false;
    bool broken_ = false;
    ServerSentEvent event_;
};

} // namespace convops
