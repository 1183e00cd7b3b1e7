// Bytes of a model's stream -> an answer or an error: the same whether they come at once or byte by byte, an answer
// only after message_stop and only of the shape that was asked for.
#include "target.h"

#include "adapters/llm/anthropic_stream.h"
#include "base/check.h"

namespace convops::fuzz {

namespace {

JsonObject const& schema() {
    static JsonObject const made
        = parse_json(R"({"type":"object","required":["said"],"properties":{"said":{"type":"string"}}})")->as_object();
    return made;
}

ModelReply read(std::string_view bytes, std::size_t step) {
    AnthropicStream stream;
    for (std::size_t at = 0; at < bytes.size() && stream.feed(bytes.substr(at, step)); at += step) { }
    return stream.reply(schema());
}

} // namespace

void one(std::string_view bytes) {
    if (bytes.size() > 64 * 1024)
        return;
    auto const whole = read(bytes, bytes.size() + 1);
    auto const dripped = read(bytes, 1);
    CHECK(whole.answer == dripped.answer);
    CHECK(whole.usage.tokens() == dripped.usage.tokens() && whole.usage.tokens() >= 0);
    if (whole.answer) {
        CHECK(misfit(*whole.answer, schema()).empty());
        CHECK(bytes.find("message_stop") != std::string_view::npos);
    } else {
        CHECK(!whole.answer.error().message.empty());
        CHECK(whole.answer.error().message.find('\n') == std::string::npos);
    }
    CHECK(whole.model.size() <= 200);
    // The same bytes as an answer's text and as the body of an error.
    if (auto const answer = answer_from(bytes, schema(), Wrapping::none))
        CHECK(answer->is_object());
    auto const refusal = anthropic_refusal(
        { 529, { { "request-id", std::string(bytes.substr(0, 64)) } }, std::string(bytes) }, "sk-1");
    CHECK(refusal.error.kind == ErrorKind::throttled || refusal.error.kind != ErrorKind::conflict);
    CHECK(refusal.error.message.size() < 500 && refusal.error.message.find("sk-1") == std::string::npos);
}

} // namespace convops::fuzz
