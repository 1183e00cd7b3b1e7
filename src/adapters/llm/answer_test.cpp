#include "adapters/llm/answer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace convops {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

JsonObject schema() {
    return parse_json(R"({"type":"object","required":["sentences"],"additionalProperties":false,"properties":{
        "sentences":{"type":"array","maxItems":9,"items":{"type":"object","required":["text"],
            "properties":{"text":{"type":"string","minLength":1},"facts":{"type":"array","items":{"type":"string"}},
                "kind":{"type":"string","enum":["cause","fact"]}}}}}})")
        ->as_object();
}

Result<Json> strict(std::string_view text) {
    return answer_from(text, schema(), Wrapping::none);
}
Result<Json> tolerant(std::string_view text) {
    return answer_from(text, schema(), Wrapping::tolerated);
}

constexpr std::string_view good
    = R"({"sentences":[{"text":"It broke {at} \"noon\"","facts":["F1"],"kind":"cause"}]})";

} // namespace

TEST(ModelAnswer, an_object_of_the_right_shape_is_the_answer) {
    auto const answer = strict(good);
    ASSERT_TRUE(answer);
    EXPECT_EQ(text_at(list_at(*answer, "sentences")[0], "kind"), "cause");
}

TEST(ModelAnswer, anything_else_is_corrupt_and_never_quoted) {
    for (std::string_view const text :
        { "", "null", "[]", "\"sentences\"", "{", R"({"sentences":)", "{}", R"({"sentences":"hunter2"})",
            R"({"sentences":[{"text":1}]})", R"({"sentences":[{"facts":[]}]})", R"({"sentences":[],"hunter2":1})",
            R"({"sentences":[{"text":"a","kind":"hunter2"}]})", R"({"sentences":[]} trailing)" }) {
        auto const answer = strict(text);
        ASSERT_FALSE(answer) << text;
        EXPECT_EQ(answer.error().kind, ErrorKind::corrupt);
        EXPECT_THAT(answer.error().message, Not(HasSubstr("hunter2"))) << text;
    }
}

TEST(ModelAnswer, a_small_model_may_wrap_its_object_in_a_fence_in_prose_or_in_thoughts) {
    std::string const object(good);
    for (auto const& text : { "```json\n" + object + "\n```", "Sure, {here} it is: " + object + " Anything else?",
             "<think>maybe {\"sentences\":[]}</think>\n" + object, object + "\n\nAgain: " + object }) {
        auto const answer = tolerant(text);
        ASSERT_TRUE(answer) << text;
        EXPECT_EQ(*answer, *strict(good));
        EXPECT_FALSE(strict(text)) << text;
    }
}

TEST(ModelAnswer, prose_without_an_object_of_the_shape_is_no_success) {
    for (std::string_view const text : { "I am sorry.", "{}", R"({"answer":{"sentences":"no"}})", "{{{{",
             R"({"sentences":[{"text":"a"}]} or {"sentences":[{"text":"b"}]})" })
        EXPECT_FALSE(tolerant(text)) << text;
}

TEST(ModelAnswer, deep_nesting_is_refused) {
    std::string deep;
    for (int i = 0; i < 10'000; ++i)
        deep += R"({"sentences":[)";
    EXPECT_FALSE(strict(deep));
    EXPECT_FALSE(tolerant(deep));
}

TEST(ModelAnswer, a_schema_for_the_provider_is_closed_and_without_what_it_refuses) {
    auto const text = to_text(schema_for_provider(schema()));
    EXPECT_THAT(text, Not(HasSubstr("minLength")));
    EXPECT_THAT(text, Not(HasSubstr("maxItems")));
    // Both objects, the inner one too.
    auto const first = text.find(R"("additionalProperties":false)");
    EXPECT_NE(text.find(R"("additionalProperties":false)", first + 1), std::string::npos);
}

TEST(ModelAnswer, the_words_of_a_provider_are_one_short_line_without_the_key) {
    auto const words
        = words_of_provider("bad key sk-hunter2\nfor\tyou\x1b[31m " + std::string(500, 'x'), "sk-hunter2");
    EXPECT_THAT(words, HasSubstr("bad key [secret] for you"));
    EXPECT_LE(words.size(), 200U);
    EXPECT_EQ(words.find('\x1b'), std::string::npos);
}

} // namespace convops
