// Bytes of a compatible endpoint's answer -> an object of the shape that was asked for, or an error; the same whether
// they come at once or byte by byte. And the taking of one object out of whatever a model says around it.
#include "target.h"

#include "adapters/llm/openai_answer.h"
#include "base/check.h"

namespace convops::fuzz {

namespace {

JsonObject const& schema() {
    static JsonObject const made = parse_json(
        R"({"type":"object","required":["said"],"additionalProperties":false,"properties":{"said":{"type":"string"}}})")
                                       ->as_object();
    return made;
}

ModelReply read(std::string_view bytes, std::size_t step) {
    OpenAiAnswer answer;
    for (std::size_t at = 0; at < bytes.size() && answer.feed(bytes.substr(at, step)); at += step) { }
    return answer.reply(schema());
}

} // namespace

void one(std::string_view bytes) {
    if (bytes.size() > 64 * 1024)
        return;
    auto const whole = read(bytes, bytes.size() + 1);
    auto const dripped = read(bytes, 1);
    CHECK(whole.answer == dripped.answer);
    CHECK(whole.usage.tokens() == dripped.usage.tokens() && whole.usage.tokens() >= 0);
    for (auto const& answer : { whole.answer, answer_from(bytes, schema(), Wrapping::tolerated) }) {
        if (answer)
            CHECK(answer->is_object() && answer->as_object().size() == 1 && find(*answer, "said")->is_string());
        else
            CHECK(answer.error().message.find('\n') == std::string::npos);
    }
    auto const refusal = openai_refusal({ 400, {}, std::string(bytes) }, "sk-1");
    CHECK(refusal.error.message.size() < 500 && refusal.error.message.find("sk-1") == std::string::npos);
    static_cast<void>(schema_for_provider(whole.answer ? whole.answer->as_object() : JsonObject {}));
}

} // namespace convops::fuzz
