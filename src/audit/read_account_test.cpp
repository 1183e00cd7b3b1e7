#include "audit/account.h"

#include "ports/fake_aws.h"

#include <gmock/gmock.h>
#include <set>

namespace convops {
namespace {

using testing::HasSubstr;

Time const now = *parse_time("2026-11-23T10:00:00Z");
std::vector<std::string> const one_region { "eu-west-1" };

std::optional<JsonObject> of_parent(AuditPlace const&, std::span<Json const* const> parents) {
    return JsonObject { { "Name", text_at(*parents.front(), "Name") } };
}

std::optional<JsonObject> of_all(AuditPlace const&, std::span<Json const* const> parents) {
    JsonArray names;
    for (auto const* parent : parents)
        names.emplace_back(text_at(*parent, "value"));
    return JsonObject { { "Names", std::move(names) } };
}

AuditReading list_reading() {
    return { .name = "things",
        .service = "sns",
        .operation = "ListThings",
        .iam_action = "sns:ListThings",
        .list_path = "Things",
        .token_in = "NextToken",
        .token_out = "NextToken" };
}

AuditReading child_reading() {
    return { .name = "thing_details",
        .service = "sns",
        .operation = "GetThing",
        .iam_action = "sns:GetThing",
        .parent = "things",
        .params = of_parent };
}

AuditAccount read(
    FakeAws& aws, std::vector<AuditReading> const& readings, std::vector<std::string> const& regions = one_region) {
    return read_account(aws, "111122223333", regions, now, readings);
}

TEST(ReadAccount, FollowsPagesAndAsksForEachItem) {
    FakeAws aws;
    aws.on("sns:ListThings", [](AwsCall const& call) -> Result<Json> {
        if (call.params.contains("NextToken"))
            return *parse_json(R"({"Things": [{"Name": "b"}]})");
        return *parse_json(R"({"Things": [{"Name": "a"}], "NextToken": "more"})");
    });
    aws.on("sns:GetThing", [](AwsCall const& call) -> Result<Json> {
        return Json(JsonObject { { "Detail", text_at(Json(call.params), "Name") } });
    });
    auto const account = read(aws, { list_reading(), child_reading() });
    EXPECT_EQ(account.items("things", "eu-west-1").size(), 2U);
    auto const details = account.items_of("thing_details", "eu-west-1", 1);
    ASSERT_EQ(details.size(), 1U);
    EXPECT_EQ(text_at(*details[0], "Detail"), "b");
    EXPECT_TRUE(account.listing("thing_details", "eu-west-1").whole());
}

TEST(ReadAccount, ADeniedListIsAShortfallWithItsActionAndItsChildrenKnow) {
    FakeAws aws;
    aws.fail("sns:ListThings", ErrorKind::access_denied, "not allowed");
    auto const account = read(aws, { list_reading(), child_reading() });
    for (auto const* name : { "things", "thing_details" }) {
        auto const& listing = account.listing(name, "eu-west-1");
        ASSERT_TRUE(listing.shortfall) << name;
        EXPECT_EQ(listing.shortfall->iam_action, "sns:ListThings");
    }
}

TEST(ReadAccount, AServiceThatIsOffIsAnAnswerAndADenialIsNot) {
    auto reading = list_reading();
    reading.off_words = "is not subscribed to AWS Security Hub";
    FakeAws aws;
    aws.fail("sns:ListThings", ErrorKind::invalid_input,
        "InvalidAccessException: Account 111122223333 is not subscribed to AWS Security Hub");
    EXPECT_TRUE(read(aws, { reading }).listing("things", "eu-west-1").whole());
    aws.fail("sns:ListThings", ErrorKind::access_denied, "InvalidAccessException: no permission");
    EXPECT_FALSE(read(aws, { reading }).listing("things", "eu-west-1").whole());
}

TEST(ReadAccount, OneDeniedChildLeavesTheOthers) {
    FakeAws aws;
    aws.on("sns:ListThings", R"({"Things": [{"Name": "a"}, {"Name": "b"}]})");
    aws.on("sns:GetThing", [](AwsCall const& call) -> Result<Json> {
        if (text_at(Json(call.params), "Name") == "a")
            return Error { ErrorKind::access_denied, "no" };
        return Json(JsonObject {});
    });
    auto const account = read(aws, { list_reading(), child_reading() });
    auto const& listing = account.listing("thing_details", "eu-west-1");
    EXPECT_FALSE(listing.whole());
    EXPECT_EQ(listing.items.size(), 1U);
    ASSERT_EQ(listing.failed_for.count(0), 1U);
    EXPECT_EQ(listing.failed_for.at(0).iam_action, "sns:GetThing");
}

TEST(ReadAccount, WhatCouldNotBeListedForOneItemIsNotNothingBelow) {
    FakeAws aws;
    aws.on("sns:ListThings", R"({"Things": [{"Name": "a"}]})");
    aws.fail("sns:GetThing", ErrorKind::access_denied, "no");
    auto grandchild = child_reading();
    grandchild.name = "thing_parts";
    grandchild.operation = "GetParts";
    grandchild.parent = "thing_details";
    auto const account = read(aws, { list_reading(), child_reading(), grandchild });
    auto const& listing = account.listing("thing_parts", "eu-west-1");
    EXPECT_FALSE(listing.whole());
    EXPECT_EQ(listing.failed_for.begin()->second.iam_action, "sns:GetThing");
}

TEST(ReadAccount, WhatIsNotThereIsAnAnswer) {
    FakeAws aws;
    aws.on("sns:ListThings", R"({"Things": [{"Name": "a"}]})");
    aws.fail("sns:GetThing", ErrorKind::not_found, "no policy");
    EXPECT_TRUE(read(aws, { list_reading(), child_reading() }).listing("thing_details", "eu-west-1").whole());
}

TEST(ReadAccount, AnEndlessListIsCutAndSaysSo) {
    FakeAws aws;
    int page = 0;
    aws.on("sns:ListThings", [&](AwsCall const&) -> Result<Json> {
        return Json(
            JsonObject { { "Things", JsonArray { JsonObject {} } }, { "NextToken", std::to_string(++page) } });
    });
    auto reading = list_reading();
    reading.most_pages = 3;
    auto const account = read(aws, { reading });
    EXPECT_TRUE(account.listing("things", "eu-west-1").cut);
    EXPECT_EQ(aws.calls_made(), 3);
}

TEST(ReadAccount, ItemsAreAskedForInBatchesThatKeepTogetherWhatBelongsTogether) {
    FakeAws aws;
    aws.on("sns:ListThings", R"({"Things": ["a1", "a2", "a3", "b1"]})");
    auto child = child_reading();
    child.params = of_all;
    child.batch = 2;
    child.together = [](Json const& one, Json const& other) {
        return text_at(one, "value").front() == text_at(other, "value").front();
    };
    auto const account = read(aws, { list_reading(), child });
    std::vector<std::string> asked;
    for (auto const& call : aws.calls("sns:GetThing"))
        asked.push_back(to_text(call.params.at("Names")));
    EXPECT_THAT(asked, testing::ElementsAre(R"(["a1","a2"])", R"(["a3"])", R"(["b1"])"));
}

TEST(ReadAccount, HostileAnswersAreNoItems) {
    FakeAws aws;
    for (auto const* answer :
        { R"({"Things": {"a": 1}})", R"([])", R"("text")", R"({"Things": null, "NextToken": {"a": 1}})" }) {
        aws.on("sns:ListThings", answer);
        EXPECT_TRUE(read(aws, { list_reading(), child_reading() }).items("things", "eu-west-1").empty()) << answer;
    }
}

TEST(ReadAccount, AGlobalReadingIsAskedOnceWhateverTheRegions) {
    FakeAws aws;
    aws.on("sns:ListThings", R"({"Things": [{"Name": "a"}]})");
    auto reading = list_reading();
    reading.place = ReadingPlace::global;
    auto const account = read(aws, { reading }, { "eu-west-1", "eu-central-1" });
    EXPECT_EQ(aws.calls_made(), 1);
    EXPECT_EQ(aws.calls()[0].region, "us-east-1");
    EXPECT_EQ(account.items("things", "").size(), 1U);
}

TEST(ReadAccount, ATokenThatComesAgainEndsTheList) {
    FakeAws aws;
    aws.on("sns:ListThings", [](AwsCall const& call) -> Result<Json> {
        auto const token = text_at(Json(call.params), "NextToken");
        return Json(JsonObject { { "Things", JsonArray { JsonObject { { "Name", token } } } },
            { "NextToken", token == "b" ? "c" : "b" } });
    });
    auto const account = read(aws, { list_reading() });
    EXPECT_TRUE(account.listing("things", "eu-west-1").cut);
    EXPECT_EQ(aws.calls_made(), 3);
}

TEST(ReadAccount, WhatWasThrottledIsAskedOnceMoreBehindTheOthers) {
    FakeAws aws;
    int calls = 0;
    aws.on("sns:ListThings", [&](AwsCall const&) -> Result<Json> {
        if (++calls == 1)
            return Error { ErrorKind::throttled, "Rate exceeded" };
        return *parse_json(R"({"Things": [{"Name": "a"}]})");
    });
    EXPECT_TRUE(read(aws, { list_reading() }).listing("things", "eu-west-1").whole());
    FakeAws storm;
    storm.fail("sns:ListThings", ErrorKind::throttled, "Rate exceeded");
    auto const stormy = read(storm, { list_reading() });
    auto const& listing = stormy.listing("things", "eu-west-1");
    ASSERT_TRUE(listing.shortfall);
    EXPECT_EQ(listing.shortfall->kind, ErrorKind::throttled);
    EXPECT_EQ(listing.shortfall->iam_action, "") << "no permission would help";
    EXPECT_EQ(storm.calls_made(), 2);
}

TEST(ReadAccount, ATimeoutIsAShortfallOfThatListAlone) {
    FakeAws aws;
    aws.fail("sns:ListThings", ErrorKind::timeout, "no answer within 20 s");
    aws.on("sns:ListOthers", R"({"Others": [{}]})");
    auto other = list_reading();
    other.name = "others";
    other.operation = "ListOthers";
    other.list_path = "Others";
    auto const account = read(aws, { list_reading(), other });
    EXPECT_EQ(account.listing("things", "eu-west-1").shortfall->kind, ErrorKind::timeout);
    EXPECT_TRUE(account.listing("others", "eu-west-1").whole());
    EXPECT_TRUE(account.unreachable.empty());
}

TEST(ReadAccount, ALaterPageThatFailsLeavesTheEarlierOnesAndAShortfall) {
    FakeAws aws;
    aws.on("sns:ListThings", [](AwsCall const& call) -> Result<Json> {
        if (call.params.contains("NextToken"))
            return Error { ErrorKind::timeout, "late" };
        return *parse_json(R"({"Things": [{"Name": "a"}], "NextToken": "more"})");
    });
    auto const account = read(aws, { list_reading() });
    EXPECT_EQ(account.items("things", "eu-west-1").size(), 1U);
    EXPECT_FALSE(account.listing("things", "eu-west-1").whole());
}

TEST(ReadAccount, WhatAnAccountMayTakeInMemoryIsBounded) {
    FakeAws aws;
    aws.on("sns:ListThings", R"({"Things": [{"Name": "a"}, {"Name": "b"}, {"Name": "c"}], "NextToken": "more"})");
    std::vector<AuditReading> const readings { list_reading() };
    auto const few = read_account(aws, "1", one_region, now, readings, {}, { .items_of_a_list = 2 });
    EXPECT_EQ(few.items("things", "eu-west-1").size(), 2U);
    EXPECT_TRUE(few.listing("things", "eu-west-1").cut);
    auto const small = read_account(aws, "1", one_region, now, readings, {}, { .bytes_of_all = 100 });
    EXPECT_EQ(small.items("things", "eu-west-1").size(), 1U);
    EXPECT_TRUE(small.listing("things", "eu-west-1").cut);
    EXPECT_EQ(aws.calls_made(), 2) << "what is full is asked for no more pages";
}

TEST(ReadAccount, ARegionInWhichNothingAnswersIsNamedOnceAndADeniedOneIsNot) {
    for (auto const& [kind, message, unreachable] :
        std::vector<std::tuple<ErrorKind, std::string, bool>> { { ErrorKind::unavailable, "no such host", true },
            { ErrorKind::access_denied,
                "AWS does not know these credentials; check the access key, or whether this Region is enabled",
                true },
            { ErrorKind::access_denied, "not authorized to perform: sns:ListThings", false } }) {
        FakeAws aws;
        aws.on("sns:ListThings", [&](AwsCall const& call) -> Result<Json> {
            if (call.region == "eu-west-9")
                return Error { kind, message };
            return Json(JsonObject {});
        });
        auto const account = read(aws, { list_reading(), child_reading() }, { "eu-west-1", "eu-west-9" });
        EXPECT_EQ(account.unreachable.contains("eu-west-9"), unreachable) << message;
        EXPECT_FALSE(account.unreachable.contains("eu-west-1"));
    }
}

TEST(ReadAccount, ProgressNeverShrinksAndEndsWhereItWasPlanned) {
    FakeAws aws;
    aws.on("sns:ListThings", R"({"Things": [{"Name": "a"}, {"Name": "b"}]})");
    std::vector<AuditProgress> told;
    std::vector<AuditReading> const readings { list_reading(), child_reading() };
    read_account(aws, "1", one_region, now, readings, [&](AuditProgress const& one) { told.push_back(one); });
    ASSERT_EQ(told.size(), 2U);
    EXPECT_EQ(told[0].calls_done, 1U);
    EXPECT_EQ(told[0].calls_planned, 3U);
    EXPECT_EQ(told[1].calls_done, told[1].calls_planned);
}

TEST(ReadAccount, TimeLeftIsTheCallsLeftAtThePaceSoFar) {
    EXPECT_EQ(time_left({ 100, 300 }, Milliseconds { 10'000 }), Seconds { 20 });
    EXPECT_EQ(time_left({ 100, 100 }, Milliseconds { 10'000 }), Seconds { 0 });
    EXPECT_EQ(time_left({ 3, 300 }, Milliseconds { 10'000 }), std::nullopt) << "three calls are no pace";
}

TEST(Inventory, EveryReadingHasItsOwnNameItsActionAndAParentThatExists) {
    std::set<std::string_view> names;
    for (auto const& reading : all_readings())
        EXPECT_TRUE(names.insert(reading.name).second) << reading.name << " occurs twice";
    for (auto const& reading : all_readings()) {
        EXPECT_THAT(std::string(reading.iam_action), HasSubstr(":")) << reading.name;
        if (!reading.parent.empty()) {
            EXPECT_TRUE(names.contains(reading.parent)) << reading.name;
            EXPECT_NE(reading.params, nullptr) << reading.name;
        }
        EXPECT_EQ(reading.token_in.empty(), reading.token_out.empty()) << reading.name;
        // The port has no write operation; neither has this table.
        EXPECT_TRUE(reading.operation.starts_with("Describe") || reading.operation.starts_with("List")
            || reading.operation.starts_with("Get") || reading.operation.starts_with("BatchGet")
            || reading.operation == "FilterLogEvents")
            << reading.operation;
    }
}

TEST(Inventory, AnEmptyAccountAnswersWithoutAShortfall) {
    FakeAws aws;
    auto const readings = all_readings();
    auto const account = read_account(aws, "111122223333", one_region, now, readings);
    for (auto const& reading : readings) {
        auto const& listing = account.listing(reading.name, reading.place == ReadingPlace::global ? "" : "eu-west-1");
        EXPECT_TRUE(listing.whole()) << reading.name;
    }
}

TEST(ReadAccount, CallsBeyondTheLimitAreNotMadeAndSaySo) {
    FakeAws aws;
    JsonArray things;
    for (int i = 0; i < 60'000; ++i)
        things.push_back(JsonObject { { "Name", std::to_string(i) } });
    std::size_t asked = 0;
    aws.on(
        "sns:ListThings", [&](AwsCall const&) -> Result<Json> { return Json(JsonObject { { "Things", things } }); });
    aws.on("sns:GetThing", [&](AwsCall const&) -> Result<Json> {
        ++asked;
        return Json(JsonObject {});
    });
    auto each = child_reading();
    each.most_calls = 100'000;
    auto const account = read(aws, { list_reading(), each });
    EXPECT_LT(asked, 50'300U) << "at most a round more";
    auto const& details = account.listing("thing_details", "eu-west-1");
    ASSERT_TRUE(details.failed_for.contains(59'999));
    EXPECT_THAT(details.failed_for.at(59'999).why, HasSubstr("50000 calls, its limit"));
}

} // namespace
} // namespace convops
