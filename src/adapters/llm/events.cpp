#include "adapters/llm/events.h"

namespace convops {

Result<> EventReader::feed(std::string_view piece, std::function<Result<>(ServerSentEvent const&)> const& take) {
    if (broken_)
        return Error { ErrorKind::corrupt, "the stream was already unreadable" };
    for (char const c : piece) {
        bool const joined = after_return_ && c == '\n';
        after_return_ = c == '\r';
        if (joined)
            continue;
        if (c == '\n' || c == '\r') {
            if (auto ended = end_line(take); !ended) {
                broken_ = true;
                return ended;
            }
            continue;
        }
        if (line_.size() + event_.data.size() >= most_event_bytes) {
            broken_ = true;
            return Error { ErrorKind::corrupt, "an event of the stream is over the limit" };
        }
        line_ += c;
    }
    return {};
}

Result<> EventReader::end_line(std::function<Result<>(ServerSentEvent const&)> const& take) {
    auto const line = std::exchange(line_, {});
    if (line.empty()) {
        auto const event = std::exchange(event_, {});
        if (std::exchange(has_data_, false)) // An event without data is none.
            return take(event);
        return {};
    }
    auto const colon = line.find(':');
    if (colon == 0) // A comment; some servers send them to keep the connection open.
        return {};
    auto const field = std::string_view(line).substr(0, colon);
    auto value = colon == std::string::npos ? std::string_view {} : std::string_view(line).substr(colon + 1);
    if (value.starts_with(' '))
        value.remove_prefix(1);
    if (field == "event") {
        event_.name = value;
    } else if (field == "data") {
        if (has_data_)
            event_.data += '\n';
        event_.data += value;
        has_data_ = true;
    } // "id" and "retry" are for streams that can be resumed; these can not.
    return {};
}

} // namespace convops
