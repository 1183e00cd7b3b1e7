#include "alarm/nesting.h"

#include "base/text.h"

namespace convops {

namespace {

// SNS and SQS both limit a message to 256 KiB; an SNS notification delivered into SQS stays within it as well.
// https://docs.aws.amazon.com/sns/latest/dg/sns-message-attributes.html
constexpr JsonLimits limits { .bytes = std::size_t { 256 } * 1024, .depth = 32 };

thread_local int envelopes_open = 0; // How deep this thread is inside parse_inner_alarm.

struct OpenEnvelope {
    OpenEnvelope() { ++envelopes_open; }
    ~OpenEnvelope() { --envelopes_open; }
    OpenEnvelope(OpenEnvelope const&) = delete;
    OpenEnvelope& operator=(OpenEnvelope const&) = delete;
};

Result<Alarm> parse_document(std::string_view bytes) {
    if (bytes.size() > limits.bytes)
        return Error { ErrorKind::invalid_input,
            "a notification of " + std::to_string(bytes.size()) + " bytes is over the limit of "
                + std::to_string(limits.bytes) };
    auto const first = bytes.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos)
        return Error { ErrorKind::invalid_input, "the notification is empty" };
    // People publish plain text to their topics to test them: that is no broken alarm.
    if (bytes[first] != '{' && bytes[first] != '[')
        return Error { ErrorKind::not_found, "a text, not an alarm" };
    auto const document = TRY(parse_json(bytes, limits));
    for (auto const& format : formats::all())
        if (format.recognises(document))
            return format.parse(document).with_context(format.name);
    return Error { ErrorKind::not_found, "well-formed, but no alarm format recognises it" };
}

} // namespace

Result<Alarm> parse_alarm(std::string_view bytes) {
    envelopes_open = 0;
    return parse_document(bytes);
}

Result<Alarm> parse_inner_alarm(std::string_view bytes) {
    OpenEnvelope const open;
    if (envelopes_open > most_envelopes)
        return Error { ErrorKind::invalid_input,
            "envelopes are nested more than " + std::to_string(most_envelopes) + " deep" };
    return parse_document(bytes);
}

} // namespace convops
