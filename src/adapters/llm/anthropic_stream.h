// The Messages API on the wire, without a wire: the request's body, the events of a streamed answer, and errors.
// Pure. https://platform.claude.com/docs/en/build-with-claude/streaming
#pragma once

#include "adapters/llm/answer.h"
#include "adapters/llm/events.h"
#include "ports/http.h"

#include <set>

namespace convops {

// How a model wants to be asked; families differ in which fields they refuse.
struct AnthropicDialect {
    bool effort = false; // takes output_config.effort
    std::string thinking; // the value of thinking.type that keeps it from thinking first; "" : say nothing
};

// The most tokens that one answer may have, those spent on thinking included.
int most_anthropic_output(LlmRequest const& request, AnthropicDialect const& dialect);
std::string anthropic_body(LlmRequest const& request, std::string_view model, AnthropicDialect const& dialect);

// Takes the bytes of one streamed answer as they come.
class AnthropicStream {
public:
    // False when nothing that could still come would change the reply.
    bool feed(std::string_view piece);
    // What came. Without message_stop the stream was cut short, and that is an error whatever came before.
    [[nodiscard]] ModelReply reply(JsonObject const& schema) const;

private:
    Result<> take(ServerSentEvent const& event);
    Result<> take_start(Json const& message);
    Result<> take_block(std::string_view kind, Json const& event);
    void take_usage(Json const& usage);

    EventReader events_;
    bool began_ = false; // a message_start came
    bool over_ = false; // a message_stop came
    std::optional<Error> failure_;
    std::set<std::int64_t> open_blocks_;
    std::set<std::int64_t> closed_blocks_;
    std::string text_;
    std::string stop_reason_;
    std::string refusal_category_;
    LlmUsage usage_;
    std::string model_;
};

// The kind of an error type of theirs: "overloaded_error" -> throttled.
// https://platform.claude.com/docs/en/api/errors
ErrorKind anthropic_error_kind(std::string_view type, int status);

struct ModelRefusal {
    Error error;
    bool may_pass = false; // another try may succeed
};
// An answer whose status is not 200. `secret` never appears in the error.
ModelRefusal anthropic_refusal(HttpResponse const& response, std::string_view secret);

} // namespace convops
