#include "adapters/aws/configuration.h"

#include "adapters/aws/session.h"
#include "adapters/aws/testing.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <unistd.h>

namespace convops {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

// A home folder with AWS files in it, removed afterwards.
class Home {
public:
    Home() {
        std::string pattern = (std::filesystem::temp_directory_path() / "convops-home-XXXXXX").string();
        CHECK(mkdtemp(pattern.data()) != nullptr);
        path_ = pattern;
        std::filesystem::create_directory(path_ / ".aws");
    }
    ~Home() { std::filesystem::remove_all(path_); }
    Home(Home const&) = delete;
    Home& operator=(Home const&) = delete;

    void write(std::string const& name, std::string_view text) const { std::ofstream(path_ / ".aws" / name) << text; }
    [[nodiscard]] Environment environment(Environment more = {}) const {
        more["HOME"] = path_.string();
        more["AWS_EC2_METADATA_DISABLED"] = "true";
        return more;
    }

private:
    std::filesystem::path path_;
};

struct OpenBench {
    convops::testing::ScriptedHttp http;
    convops::testing::JumpingClock clock;
    convops::testing::ConstantEntropy entropy;

    // The first request of one ECS call with these settings, or the error.
    Result<Json> call(Environment environment, AwsConnection connection = { .region = "eu-west-1" }) {
        auto aws = TRY(open_aws(connection, { http, clock, entropy, std::move(environment) }));
        return aws->call({ .service = "ecs", .operation = "ListClusters" });
    }
    [[nodiscard]] std::string authorization(std::size_t request) const {
        return convops::testing::header_of(http.requests.at(request), "Authorization");
    }
};

HttpResponse assumed(std::string const& id, std::string const& expires) {
    return { 200, {},
        "<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>" + id
            + "</AccessKeyId><SecretAccessKey>very-secret-key</SecretAccessKey><SessionToken>very-secret-token"
              "</SessionToken><Expiration>"
            + expires + "</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>" };
}

} // namespace

TEST(SharedFiles, sections_comments_and_nested_keys_are_read) {
    auto const sections
        = *parse_shared_file("# c\n[default]\nregion = eu-west-1 # home\n\n[profile a]\nRole_Arn=x=y\n"
                             "s3 =\n  max = 2\noutput = json\n[services t]\nsqs =\n  endpoint_url = http://x\n");
    EXPECT_EQ(sections.at("default").at("region"), "eu-west-1");
    EXPECT_EQ(sections.at("profile a").at("role_arn"), "x=y");
    EXPECT_EQ(sections.at("profile a").at("s3.max"), "2");
    EXPECT_EQ(sections.at("profile a").at("output"), "json");
    EXPECT_EQ(sections.at("services t").at("sqs.endpoint_url"), "http://x");
}

TEST(SharedFiles, a_broken_line_is_named_by_number_and_never_quoted) {
    auto const broken = parse_shared_file("[default]\naws_secret_access_key very-secret\n");
    EXPECT_EQ(broken.error().kind, ErrorKind::invalid_input);
    EXPECT_THAT(broken.error().message, HasSubstr("line 2"));
    EXPECT_THAT(broken.error().message, Not(HasSubstr("very-secret")));
    EXPECT_FALSE(parse_shared_file("a = b\n"));
    EXPECT_FALSE(parse_shared_file("[default\n"));
}

TEST(Configuration, the_environment_wins_over_the_profile) {
    Home const home;
    home.write("config",
        "[default]\nregion = eu-north-1\nendpoint_url = https://all.example\nservices = t\n"
        "[services t]\ncloudwatch_logs =\n  endpoint_url = https://logs.example\n");
    auto const plain = *AwsConfiguration::load(home.environment());
    EXPECT_EQ(plain.region(), "eu-north-1");
    EXPECT_EQ(plain.endpoint("ECS"), "https://all.example");
    EXPECT_EQ(plain.endpoint("CLOUDWATCH_LOGS"), "https://logs.example");
    auto const set = *AwsConfiguration::load(
        home.environment({ { "AWS_REGION", "us-east-2" }, { "AWS_ENDPOINT_URL", "https://env.example" } }));
    EXPECT_EQ(set.region(), "us-east-2");
    EXPECT_EQ(set.endpoint("CLOUDWATCH_LOGS"), "https://env.example");
    auto const ignored
        = *AwsConfiguration::load(home.environment({ { "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true" } }));
    EXPECT_EQ(ignored.endpoint("ECS"), "");
}

TEST(Credentials, the_environment_comes_first) {
    Home const home;
    home.write("credentials", "[default]\naws_access_key_id = AKIAFILE\naws_secret_access_key = s\n");
    OpenBench bench;
    bench.http.script = { HttpResponse { 200, {}, "{}" } };
    ASSERT_TRUE(
        bench.call(home.environment({ { "AWS_ACCESS_KEY_ID", "AKIAENV" }, { "AWS_SECRET_ACCESS_KEY", "s" } })));
    EXPECT_THAT(bench.authorization(0), HasSubstr("Credential=AKIAENV/"));
    ASSERT_TRUE(bench.call(home.environment()));
    EXPECT_THAT(bench.authorization(1), HasSubstr("Credential=AKIAFILE/"));
}

TEST(Credentials, a_profile_assumes_its_role_with_the_keys_of_its_source) {
    Home const home;
    home.write("config",
        "[profile prod]\nrole_arn = arn:aws:iam::111122223333:role/r\nsource_profile = base\n"
        "external_id = x-1\nregion = eu-west-3\n");
    home.write("credentials", "[base]\naws_access_key_id = AKIABASE\naws_secret_access_key = s\n");
    OpenBench bench;
    bench.http.script = { assumed("ASIANEW", "2026-11-23T23:00:00Z"), HttpResponse { 200, {}, "{}" } };
    ASSERT_TRUE(bench.call(home.environment({ { "AWS_PROFILE", "prod" } }), {}));
    EXPECT_EQ(bench.http.requests.at(0).url, "https://sts.eu-west-3.amazonaws.com/");
    EXPECT_THAT(bench.http.requests.at(0).body, HasSubstr("ExternalId=x-1"));
    EXPECT_THAT(bench.http.requests.at(0).body, HasSubstr("DurationSeconds=900"));
    EXPECT_THAT(bench.authorization(0), HasSubstr("Credential=AKIABASE/"));
    EXPECT_THAT(bench.authorization(1), HasSubstr("Credential=ASIANEW/"));
}

TEST(Credentials, profiles_that_lead_in_a_circle_or_need_a_person_are_refused_with_a_reason) {
    Home const home;
    home.write("config",
        "[profile a]\nrole_arn = arn:aws:iam::111122223333:role/r\nsource_profile = b\n"
        "[profile b]\nrole_arn = arn:aws:iam::111122223333:role/r\nsource_profile = a\n"
        "[profile m]\nrole_arn = r\nmfa_serial = x\n[profile s]\nsso_session = x\n[profile e]\nregion = x\n");
    for (auto const& [profile, reason] : { std::pair { "a", "circle" }, { "m", "MFA" }, { "s", "sso_session" },
             { "e", "no credentials" }, { "missing", "not in" } }) {
        OpenBench bench;
        auto const answer = bench.call(home.environment({ { "AWS_PROFILE", profile } }));
        ASSERT_FALSE(answer);
        EXPECT_THAT(answer.error().message, HasSubstr(reason));
        EXPECT_TRUE(bench.http.requests.empty());
    }
}

TEST(Credentials, without_any_the_error_says_what_to_set) {
    Home const home;
    OpenBench bench;
    auto const answer = bench.call(home.environment());
    EXPECT_EQ(answer.error().kind, ErrorKind::access_denied);
    EXPECT_THAT(answer.error().message, HasSubstr("AWS_ACCESS_KEY_ID"));
}

TEST(Sessions, a_role_is_assumed_once_and_again_before_it_expires) {
    OpenBench bench;
    bench.clock.wall = *parse_time("2026-11-23T20:00:00Z");
    int sessions = 0;
    bench.http.answer = [&](HttpRequest const& request) -> Result<HttpResponse> {
        if (request.url.find("sts.") == std::string::npos)
            return HttpResponse { 200, {}, "{}" };
        ++sessions;
        return assumed("ASIA" + std::to_string(sessions), format_time(bench.clock.wall + Minutes { 15 }));
    };
    auto const aws = *open_aws({ .region = "eu-west-1", .role_arn = "arn:aws:iam::111122223333:role/convops" },
        { bench.http, bench.clock, bench.entropy,
            { { "AWS_ACCESS_KEY_ID", "A" }, { "AWS_SECRET_ACCESS_KEY", "s" } } });
    EXPECT_EQ(aws->account(), "111122223333");
    AwsCall const call { .service = "ecs", .operation = "ListClusters" };
    ASSERT_TRUE(aws->call(call));
    bench.clock.wall += Minutes { 12 };
    ASSERT_TRUE(aws->call(call));
    EXPECT_EQ(sessions, 1);
    bench.clock.wall += Minutes { 1 } + Seconds { 1 };
    ASSERT_TRUE(aws->call(call));
    EXPECT_EQ(sessions, 2);
    EXPECT_EQ(aws->calls_made(), 3);
}

TEST(Sessions, a_refused_role_fails_the_call_and_names_the_step) {
    OpenBench bench;
    bench.http.script = { HttpResponse { 403, {},
        "<ErrorResponse><Error><Code>AccessDenied</Code><Message>not authorized to perform: sts:AssumeRole</Message>"
        "</Error></ErrorResponse>" } };
    auto const answer = bench.call({ { "AWS_ACCESS_KEY_ID", "A" }, { "AWS_SECRET_ACCESS_KEY", "s" } },
        { .region = "eu-west-1", .role_arn = "arn:aws:iam::111122223333:role/convops" });
    EXPECT_EQ(answer.error().kind, ErrorKind::access_denied);
    EXPECT_THAT(answer.error().message, HasSubstr("sts:AssumeRole: AccessDenied"));
    EXPECT_EQ(bench.http.requests.size(), 1U);
}

TEST(Sessions, one_named_secret_is_read_through_the_role_and_the_port_can_ask_for_none) {
    OpenBench bench;
    bench.clock.wall = *parse_time("2026-11-23T20:00:00Z");
    bench.http.answer = [&](HttpRequest const& request) -> Result<HttpResponse> {
        if (request.url.find("sts.") != std::string::npos)
            return assumed("ASIA1", "2026-11-23T20:15:00Z");
        return HttpResponse { 200, {}, R"({"ARN":"x","SecretString":"ghp_hush"})" };
    };
    auto const accounts = *AwsAccounts::create({ bench.http, bench.clock, bench.entropy,
        { { "AWS_ACCESS_KEY_ID", "A" }, { "AWS_SECRET_ACCESS_KEY", "s" } } });
    AwsConnection const connection { .region = "eu-west-1", .role_arn = "arn:aws:iam::111122223333:role/convops" };
    std::string const arn = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:github-AbCdEf";
    auto const secret = accounts->read_secret(connection, arn);
    ASSERT_TRUE(secret) << secret.error().message;
    EXPECT_EQ(secret->reveal(), "ghp_hush");
    EXPECT_EQ(bench.http.requests.back().url, "https://secretsmanager.eu-central-1.amazonaws.com/");
    EXPECT_THAT(bench.http.requests.back().body, HasSubstr(arn));
    EXPECT_THAT(bench.authorization(1), HasSubstr("ASIA1"));
    auto const sent = bench.http.requests.size();
    for (auto const* bad : { "", "github", "arn:aws:iam::111122223333:role/convops", "arn:aws:secretsmanager:x" })
        EXPECT_EQ(accounts->read_secret(connection, bad).error().kind, ErrorKind::invalid_input) << bad;
    auto const aws = *accounts->open(connection);
    AwsCall call { .service = "secretsmanager", .operation = "GetSecretValue" };
    call.params = { { "SecretId", arn } };
    EXPECT_FALSE(aws->call(call));
    EXPECT_FALSE((*accounts->open_intake(connection))->call(call));
    EXPECT_EQ(bench.http.requests.size(), sent) << "refused before anything was sent";
}

TEST(Sessions, a_refused_secret_says_nothing_of_it) {
    OpenBench bench;
    bench.http.script = { HttpResponse { 200, {}, R"({"SecretBinary":"aHVzaA=="})" },
        HttpResponse { 400, {}, R"({"__type":"AccessDeniedException","Message":"no"})" } };
    auto const accounts = *AwsAccounts::create({ bench.http, bench.clock, bench.entropy,
        { { "AWS_ACCESS_KEY_ID", "A" }, { "AWS_SECRET_ACCESS_KEY", "s" } } });
    std::string const arn = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:github-AbCdEf";
    auto const binary = accounts->read_secret({ .region = "eu-west-1" }, arn);
    EXPECT_EQ(binary.error().kind, ErrorKind::invalid_input);
    EXPECT_EQ(binary.error().message.find("aHVz"), std::string::npos);
    EXPECT_EQ(accounts->read_secret({ .region = "eu-west-1" }, arn).error().kind, ErrorKind::access_denied);
}

TEST(Sessions, a_failure_to_get_credentials_stands_for_a_few_seconds) {
    convops::testing::JumpingClock clock;
    int asked = 0;
    RefreshedCredentials source(clock, [&]() -> Result<Credentials> {
        if (++asked < 3)
            return Error { ErrorKind::unavailable, "no" };
        return Credentials { "A", Secret("s"), {}, std::nullopt };
    });
    for (int i = 0; i < 60; ++i)
        EXPECT_FALSE(source.get());
    EXPECT_EQ(asked, 1);
    clock.steady += Seconds { 6 };
    EXPECT_FALSE(source.get());
    clock.steady += Seconds { 6 };
    EXPECT_TRUE(source.get());
    EXPECT_TRUE(source.get());
    EXPECT_EQ(asked, 3);
}

TEST(Sessions, credentials_that_cannot_be_renewed_serve_until_they_expire) {
    convops::testing::JumpingClock clock;
    auto const expires = clock.wall + Minutes { 15 };
    int asked = 0;
    RefreshedCredentials source(clock, [&]() -> Result<Credentials> {
        if (asked++ > 0)
            return Error { ErrorKind::unavailable, "no" };
        return Credentials { "A", Secret("s"), {}, expires };
    });
    ASSERT_TRUE(source.get());
    clock.wall += Minutes { 14 };
    EXPECT_TRUE(source.get());
    clock.wall += Minutes { 1 };
    EXPECT_FALSE(source.get());
}

TEST(Sessions, what_is_not_a_role_arn_or_has_no_region_is_refused) {
    Environment const keys { { "AWS_ACCESS_KEY_ID", "A" }, { "AWS_SECRET_ACCESS_KEY", "s" } };
    OpenBench bench;
    EXPECT_FALSE(bench.call(keys, { .region = "eu-west-1", .role_arn = "arn:aws:iam::1:user/x" }));
    EXPECT_THAT(bench.call(keys, {}).error().message, HasSubstr("no Region"));
    EXPECT_TRUE(bench.http.requests.empty());
}

TEST(OutboundHosts, are_aws_and_what_the_configuration_names) {
    auto const allowed = *aws_outbound_hosts({ { "AWS_ENDPOINT_URL_ECS", "https://Proxy.example:8443/x" },
        { "AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://127.0.0.1:99/c" } });
    for (auto const* host : { "proxy.example", "127.0.0.1", "sts.eu-west-1.amazonaws.com", "169.254.169.254" })
        EXPECT_TRUE(allowed(host)) << host;
    for (auto const* host : { "example.com", "proxy.example.com", "10.0.0.1", "" })
        EXPECT_FALSE(allowed(host)) << host;
}

TEST(Secrets, leave_nothing_behind_when_moved) {
    Secret first(std::string("short"));
    Secret const second(std::move(first));
    EXPECT_EQ(second.reveal(), "short");
    EXPECT_TRUE(first.empty()); // NOLINT: the point of the test.
    std::string bytes = "very-secret";
    auto const* where = bytes.data();
    zero(bytes);
    EXPECT_TRUE(bytes.empty());
    EXPECT_EQ(std::string_view(where, 11), std::string_view("\0\0\0\0\0\0\0\0\0\0\0", 11));
}

} // namespace convops
