#include "base/json.h"
#include "base/text.h"

#include <gtest/gtest.h>

namespace convops {
namespace {

TEST(Time, reads_the_forms_that_aws_writes) {
    auto const expected = parse_time("2026-03-06T19:55:38.903Z");
    ASSERT_TRUE(expected);
    EXPECT_EQ(parse_time("2026-03-06T19:55:38.903+0000"), expected);
    EXPECT_EQ(parse_time("2026-03-06T21:55:38.903+02:00"), expected);
    EXPECT_EQ(parse_time("2026-03-06 19:55:38,903"), expected);
    EXPECT_EQ(parse_time("1772826938.903"), expected);
    EXPECT_EQ(parse_time("1772826938903"), expected);
    EXPECT_EQ(format_time(*expected), "2026-03-06T19:55:38.903Z");
    for (auto const* bad : { "", "yesterday", "2026-13-06T19:55:38Z", "2026-03-06T25:55:38Z", "2026-02-30T00:00:00Z",
             "nan", "1e300", "-1", "1969-12-31T23:59:59Z", "1970-01-01T00:00:00+01:00", "9999-12-31T23:59:59-01:00" })
        EXPECT_FALSE(parse_time(bad)) << bad;
}

TEST(Time, floors_before_the_epoch_too) {
    EXPECT_EQ(format_time(floor_to(*parse_time("2026-03-06T19:55:38.903Z"), Seconds { 60 })), "2026-03-06T19:55:00Z");
    EXPECT_EQ(floor_to(Time { Milliseconds { -1 } }, Seconds { 60 }), Time { Seconds { -60 } });
}

TEST(Json, lenient_readers_take_what_xml_gives) {
    auto const json = parse_json(R"({"a":{"n":"12.5","empty":"","yes":"true","t":1772826938.903,"null":null}})");
    ASSERT_TRUE(json);
    EXPECT_EQ(number_at(*json, "a.n"), 12.5);
    EXPECT_TRUE(list_at(*json, "a.empty").empty());
    EXPECT_TRUE(flag_at(*json, "a.yes"));
    EXPECT_EQ(time_at(*json, "a.t"), *parse_time("2026-03-06T19:55:38.903Z"));
    EXPECT_EQ(find(*json, "a.null"), nullptr);
    EXPECT_EQ(text_at(*json, "a.missing", "none"), "none");
}

TEST(Json, canonical_text_ignores_the_order_of_keys) {
    EXPECT_EQ(
        to_canonical_text(*parse_json(R"({"b":[1,{"z":1,"y":2}],"a":"x"})")), R"({"a":"x","b":[1,{"y":2,"z":1}]})");
}

TEST(Json, refuses_what_is_too_deep_or_too_long) {
    EXPECT_FALSE(parse_json(std::string(100, '[') + std::string(100, ']')));
    EXPECT_FALSE(parse_json("[1,2,3]", { .bytes = 3 }));
}

TEST(Text, a_cut_never_splits_a_character) {
    EXPECT_EQ(shorten("größe der Tabelle", 7), "grö…");
    EXPECT_EQ(shorten("short", 10), "short");
}

TEST(Text, hostile_bytes_are_cleaned) {
    EXPECT_EQ(clean_utf8("a\x1b[31mb\xff\u202Ec\u0085d\n"),
        "a[31mb\xEF\xBF\xBD"
        "cd\n");
    EXPECT_EQ(clean_utf8("\xC0\x80\xED\xA0\x80"), "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
}

TEST(Text, numbers_read_well) {
    EXPECT_EQ(format_number(0.01234), "0.012");
    EXPECT_EQ(format_number(1234567), "1.23 M");
    EXPECT_EQ(format_number(20), "20");
    EXPECT_EQ(format_value(0.85, "Seconds"), "850 ms");
    EXPECT_EQ(format_value(3.4e9, "Bytes"), "3.4 GB");
}

TEST(Text, suggests_the_nearest_key) {
    std::vector<std::string> const keys { "listen", "workspace", "slack" };
    EXPECT_EQ(nearest("workspcae", keys), "workspace");
    EXPECT_EQ(nearest("zzzzzzzz", keys), "");
}

Result<int> half(int value) {
    if (value % 2 != 0)
        return Error { ErrorKind::invalid_input, "odd" };
    return value / 2;
}
Result<int> quarter(int value) {
    return half(TRY(half(value)));
}

TEST(Result, try_returns_the_first_error) {
    EXPECT_EQ(quarter(8), 2);
    EXPECT_EQ(quarter(6).error().message, "odd");
    EXPECT_EQ(quarter(6).with_context("quarter of 6").error().message, "quarter of 6: odd");
}

TEST(Json, numbers_that_are_none_are_not_read) {
    auto const json = *parse_json(R"({"a":1e999,"b":"nan","c":"-inf","d":"1e999","e":"1e308","f":[1e300]})");
    for (auto const* key : { "a", "b", "c", "d" }) {
        EXPECT_FALSE(number_at(json, key)) << key;
        EXPECT_FALSE(integer_at(json, key)) << key;
        EXPECT_FALSE(time_at(json, key)) << key;
    }
    EXPECT_EQ(number_at(json, "e"), 1e308);
    EXPECT_FALSE(integer_at(json, "e"));
}

TEST(Json, a_number_that_does_not_fit_is_null) {
    auto const json = parse_json(R"({"a":2e308,"b":[-1e999,1e308],"c":"1e999"})");
    ASSERT_TRUE(json);
    EXPECT_EQ(to_text(*json), R"({"a":null,"b":[null,1e+308],"c":"1e999"})");
}

TEST(Json, numbers_are_read_to_the_last_digit_and_written_as_people_write_them) {
    for (auto const* text : { "99.09353999999999", "0.1", "0.93", "1e-09", "1e+300", "-0.05", "12.0", "5e-324" }) {
        auto const json = *parse_json(std::string("{\"n\":") + text + "}");
        EXPECT_EQ(*number_at(json, "n"), std::strtod(text, nullptr)) << text;
        EXPECT_EQ(to_text(json), std::string("{\"n\":") + text + "}");
        EXPECT_EQ(*parse_json(to_canonical_text(json)), json);
    }
    EXPECT_EQ(to_text(Json(12345678901234567LL)), "12345678901234567");
    EXPECT_EQ(number_at(*parse_json(R"({"n":1e-400})"), "n"), 0.0);
    EXPECT_FALSE(parse_json("1 2"));
    EXPECT_FALSE(parse_json("{\"a\":"));
    EXPECT_EQ(to_text(*parse_json(R"({"ключ\n":["\u00e9",true,null,{}]})")), R"({"ключ\n":["é",true,null,{}]})");
}

TEST(Text, a_star_stands_for_any_run_and_a_question_mark_for_one) {
    EXPECT_TRUE(glob_matches("*", ""));
    EXPECT_TRUE(glob_matches("orders-*", "orders-db"));
    EXPECT_TRUE(glob_matches("*-db*", "orders-db"));
    EXPECT_TRUE(glob_matches("o?ders*b", "orders-a-b"));
    EXPECT_FALSE(glob_matches("orders-*", "Orders-db"));
    EXPECT_FALSE(glob_matches("?", ""));
    EXPECT_FALSE(glob_matches("", "x"));
    EXPECT_TRUE(glob_matches("", ""));
    EXPECT_FALSE(glob_matches("a*b*c", "a-b-"));
    EXPECT_FALSE(glob_matches("*a*a*a*a*a*a*a*b", std::string(5'000, 'a')));
}

TEST(Text, characters_that_nobody_sees_are_dropped) {
    EXPECT_EQ(clean_utf8("a\u200Bb\u200Ec\u2028d\u2060e\uFEFFf\u00ADg\U000E0041h"), "abcdefgh");
    EXPECT_EQ(clean_utf8("क्\u200Dष"), "क्\u200Dष"); // a joiner that Hindi is written with
}

} // namespace
} // namespace convops
