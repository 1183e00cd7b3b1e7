#include "app/settings.h"

#include "base/text.h"

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>

namespace convops {
namespace {

std::string const good = R"toml(
[server]
listen = "127.0.0.1:0"
public_url = "https://convops.example.com"

[workspace]
name = "shop"
time_zone = "Europe/Berlin"

[[connection]]
id = "main"
account = "111122223333"
region = "eu-west-1"
role_arn = "arn:aws:iam::111122223333:role/ConvOps"
external_id = "x-1"
topic_arn = "arn:aws:sns:eu-west-1:111122223333:alarms"
endpoints = { monitoring = "http://127.0.0.1:4566" }

[[connection]]
id = "us"
region = "us-east-1"

[[route]]
channel = "slack"
address = "C0123456"

[slack]
bot_token_env = "SLACK_BOT_TOKEN"

[eventbridge]
secret_env = "CONVOPS_EVENTBRIDGE_SECRET"

[[sqs]]
queue_url = "https://sqs.eu-west-1.amazonaws.com/111122223333/alarms"
connection = "main"

[limits]
workers = 8
)toml";

TEST(Settings, a_full_file_is_read) {
    auto const reading = read_settings(good);
    EXPECT_TRUE(reading.problems.empty()) << join(reading.problems, "\n");
    auto const& settings = reading.settings;
    EXPECT_EQ(settings.server.listen, "127.0.0.1:0");
    EXPECT_EQ(settings.workspace.language, "en"); // a default
    ASSERT_EQ(settings.connections.size(), 2U);
    EXPECT_EQ(settings.connection("main")->endpoints.at("monitoring"), "http://127.0.0.1:4566");
    EXPECT_EQ(settings.connection("nobody"), nullptr);
    EXPECT_EQ(settings.sqs.at(0).connection, "main");
    EXPECT_EQ(settings.limits.workers, 8);
    EXPECT_TRUE(read_settings("").problems.empty()); // everything has a default
}

TEST(Settings, a_route_may_have_its_own_language_and_time_zone) {
    auto const reading = read_settings("[[route]]\nchannel = \"slack_webhook\"\naddress = \"x\"\nlanguage = \"hi\"\n"
                                       "time_zone = \"Asia/Kolkata\"\n[slack]\nwebhook_url_env = \"W\"\n");
    EXPECT_TRUE(reading.problems.empty()) << join(reading.problems, "\n");
    EXPECT_EQ(reading.settings.routes.at(0).language, "hi");
    EXPECT_EQ(reading.settings.routes.at(0).time_zone, "Asia/Kolkata");
}

TEST(Settings, each_mistake_is_named_with_its_line_and_the_nearest_key) {
    struct Row {
        std::string_view toml, says;
    };
    Row const rows[] = {
        { "[server]\nlisten_on = \"127.0.0.1:80\"",
            "line 2: [server] has no key \"listen_on\", did you mean \"listen\"?" },
        { "[sever]\nlisten = \"127.0.0.1:80\"", "line 1: [sever] is no section, did you mean [server]?" },
        { "[zzzzzz]", "line 1: [zzzzzz] is no section" },
        { "[workspace]\nlanguage = \"fr\"", "line 2: [workspace] language is none of de, en, es, hi" },
        { "[workspace]\ntime_zone = \"Europe/Berlim\"",
            "line 2: [workspace] time_zone is not a time zone of this system, like Europe/Berlin" },
        { "top = 1", "line 1: [top] is no section" },
        { "[server]\nlisten = 8080", "line 2: [server] listen must be a text in quotes" },
        { "[server]\nlisten = \"localhost:80\"", "line 2: [server] listen is not an address and a port" },
        { "[server]\npublic_url = \"http://convops.example.com\"", "public_url must be https" },
        { "[server]\npublic_url = \"https://u@h/\"", "public_url is not a plain URL" },
        { "[limits]\nworkers = \"4\"", "line 2: [limits] workers must be a whole number from 1 to 256" },
        { "[limits]\nworkers = 0", "must be a whole number from 1 to 256" },
        { "[limits]\nworkers = 4.0", "must be a whole number" },
        { "[connection]\nid = \"a\"", "line 1: [[connection]] is a list: write [[connection]]" },
        { "connection = [1]", "[[connection]] is a list of sections" },
        { "server = 3", "[server] must be one section" },
        { "[[server]]\nlisten = \"127.0.0.1:80\"", "[server] must be one section" },
        { "[[connection]]\nregion = \"eu-west-1\"", "line 1: [[connection]] id is missing" },
        { "[[connection]]\nid = \"a b\"\nregion = \"eu-west-1\"", "line 2: [[connection]] id may hold only" },
        { "[[connection]]\nid = \"a\"\nregion = \"Ireland\"", "line 3: [[connection]] region is not an AWS Region" },
        { "[[connection]]\nid = \"a\"\nregion = \"eu-west-1\"\naccount = \"123\"",
            "account is not an AWS account id" },
        { "[[connection]]\nid = \"a\"\nregion = \"eu-west-1\"\naccount = 111122223333", "account must be a text" },
        { "[[connection]]\nid = \"a\"\nregion = \"eu-west-1\"\nrole_arn = \"role/x\"", "role_arn is not an ARN" },
        { "[[connection]]\nid = \"a\"\nregion = \"eu-west-1\"\nrole_arn = \"arn:aws:iam::111122223333:role/x\"",
            "has a role_arn but no external_id" },
        { "[[connection]]\nid = \"a\"\nregion = \"eu-west-1\"\ntopic_arn = \"arn:aws:sqs:eu-west-1:111122223333:x\"",
            "topic_arn is not an ARN" },
        { "[[connection]]\nid = \"a\"\nregion = \"eu-west-1\"\nendpoints = { sqs = \"http://example.com\" }",
            "endpoints sqs must be https" },
        { "[[connection]]\nid = \"a\"\nregion = \"eu-west-1\"\nendpoints = 1", "endpoints must be a table" },
        { "[[connection]]\nid = \"a\"\nregion = \"eu-west-1\"\n[[connection]]\nid = \"a\"\nregion = \"eu-west-1\"",
            "id \"a\" occurs twice" },
        { "[[route]]\nchannel = \"slak\"\naddress = \"C1\"", "channel is none of slack, slack_webhook, whatsapp" },
        { "[[route]]\nchannel = \"slack\"", "address is missing" },
        { "[[route]]\nchannel = \"slack\"\naddress = \"C\"\nconnection = \"mian\"\n[[connection]]\nid = \"main\"\n"
          "region = \"eu-west-1\"",
            "[[route]] connection \"mian\" does not exist, did you mean \"main\"?" },
        { "[[sqs]]\nqueue_url = \"queue\"\nconnection = \"x\"", "queue_url is not a queue URL" },
        { "[slack]\nbot_token = \"xoxb-1-2-3\"",
            "bot_token must not be in this file: name its variable with bot_token_env, or its file with "
            "bot_token_file" },
        { "[slack]\nbot_token_env = \"xoxb-1234-secret\"", "is not the name of an environment variable" },
        { "[sns]\ntest_certificate = \"a.pem\"", "test_certificate and test_certificate_url belong together" },
        { "[server]\nlisten = \"0.0.0.0:80\"\n[sns]\ntest_certificate = \"a.pem\"\ntest_certificate_url = "
          "\"http://127.0.0.1:9/\"",
            "test_certificate is only for a server that listens on loopback" },
        { "[server\nlisten = 1", "line 1:" },
        { "a = \"\\u0000\"", "line 1:" },
        { "[server]\nlisten = \"127.0.0.1:1\"\nlisten = \"127.0.0.1:2\"", "line 3:" },
    };
    for (auto const& row : rows) {
        auto const all = join(read_settings(row.toml).problems, "\n");
        EXPECT_NE(all.find(row.says), std::string::npos) << row.toml << "\ngave: " << all;
    }
}

TEST(Settings, all_problems_are_listed_and_no_secret_is_repeated) {
    auto const reading = read_settings("[server]\nlisen = \"x\"\n[limits]\nworkers = -1\nidle = 3\n"
                                       "[slack]\nbot_token_env = \"xoxb-1234-secret\"\nbot_token = \"xoxb-9\"\n");
    EXPECT_EQ(reading.problems.size(), 5U) << join(reading.problems, "\n");
    EXPECT_EQ(join(reading.problems, "\n").find("xoxb"), std::string::npos);
    std::string many;
    for (int i = 0; i < 200; ++i)
        many += "k" + std::to_string(i) + " = 1\n";
    EXPECT_EQ(read_settings(many).problems.size(), 51U);
}

TEST(Settings, a_model_has_what_its_provider_needs_and_is_asked_in_a_safe_way) {
    auto const problems
        = [](std::string const& model) { return join(read_settings("[model]\n" + model).problems, "; "); };
    EXPECT_EQ(problems(R"(provider = "anthropic"
api_key_env = "KEY"
usd_per_day = 2.5
usd_per_month = 30)"),
        "");
    EXPECT_EQ(problems(R"(provider = "openai_compatible"
model = "Qwen/Qwen3-8B:fast"
base_url = "http://127.0.0.1:11434/v1")"),
        "");
    EXPECT_EQ(problems(R"(provider = "openai_compatible"
model = "m"
base_url = "http://gpu.internal:8000/v1"
plain_http_host = "gpu.internal")"),
        "");
    struct Case {
        std::string model, says;
    };
    for (auto const& [model, says] :
        std::vector<Case> { { "provider = \"openai\"", "is not anthropic or openai_compatible" },
            { "provider = \"anthropic\"", "needs a key" },
            { "provider = \"openai_compatible\"", "needs model and base_url" },
            { "api_key_env = \"KEY\"", "has no provider" },
            { "provider = \"openai_compatible\"\nmodel = \"m\"\nbase_url = \"http://gpu.internal/v1\"",
                "must be https, or its host be named by plain_http_host" },
            { "provider = \"openai_compatible\"\nmodel = \"m\"\nbase_url = \"http://evil@gpu/v1\"",
                "is not a plain URL" },
            { "model = \"a b\"", "is not the name of a model" }, { "api_key = \"sk-ant-hunter2\"", "api_key_env" },
            { "usd_per_day = -1", "must be a number from 0" }, { "usd_per_day = \"5\"", "must be a number" },
            { "usd_per_day = nan", "must be a number" } }) {
        EXPECT_NE(problems(model).find(says), std::string::npos) << model << ": " << problems(model);
        EXPECT_EQ(problems(model).find("hunter2"), std::string::npos);
    }
}

TEST(Settings, a_mute_has_an_end_and_names_something) {
    auto const problems = [](std::string const& mute) {
        return join(read_settings(good + "[[mute]]\nname = \"m\"\n" + mute).problems, "; ");
    };
    EXPECT_EQ(
        problems("resource = \"orders-db\"\nfrom = \"2026-12-01T22:00:00Z\"\nto = \"2026-12-02T02:00:00Z\"\n"), "");
    EXPECT_EQ(
        problems("tag = \"Environment=staging\"\ndays = \"sat, sun\"\nstart = \"02:00\"\nuntil = \"2027-06-30\"\n"),
        "");
    EXPECT_NE(problems("resource = \"orders-db\"\nfrom = \"2026-12-01T22:00:00Z\"\n"), "");
    EXPECT_NE(problems("resource = \"orders-db\"\ndays = \"daily\"\n"), "") << "recurs without an end";
    EXPECT_NE(problems("days = \"daily\"\nuntil = \"2027-06-30\"\n"), "") << "everything";
    EXPECT_NE(problems("resource = \"a\"\ndays = \"someday\"\nuntil = \"2027-06-30\"\n"), "");
    EXPECT_NE(problems("resource = \"a\"\ndays = \"mon\"\nstart = \"25:00\"\nuntil = \"2027-06-30\"\n"), "");
    EXPECT_NE(problems("resource = \"a\"\nfrom = \"2026-12-01T00:00:00Z\"\nto = \"2027-03-01T00:00:00Z\"\n"), "");
}

TEST(Settings, the_reference_is_itself_a_file_that_reads_without_problems) {
    auto reference = settings_reference();
    for (auto const* key : { "listen", "role_arn", "bot_token_env", "queue_url", "secret_env", "oldest_minutes" })
        EXPECT_NE(reference.find("#" + std::string(key) + " = "), std::string::npos) << key;
    EXPECT_TRUE(read_settings(reference).problems.empty());
    // Uncommented, only the keys that have no default may be wrong: those of the lists.
    std::string uncommented;
    bool in_list = false;
    for (auto const& line : split(reference, '\n')) {
        in_list = line.starts_with("#[[") || (in_list && !line.starts_with("#["));
        if (!in_list && line.starts_with("#") && !line.starts_with("# "))
            uncommented += line.substr(1) + "\n";
    }
    EXPECT_TRUE(read_settings(uncommented).problems.empty()) << join(read_settings(uncommented).problems, "\n");
}

TEST(Settings, a_file_is_checked_where_it_lies) {
    auto const path = (std::filesystem::temp_directory_path() / "convops_settings_test.toml").string();
    std::ofstream(path) << good;
    EXPECT_TRUE(check_settings(path));
    std::ofstream(path) << "[server]\nlisen = \"x\"\n[limits]\nworkers = -1\n";
    auto const checked = check_settings(path);
    ASSERT_FALSE(checked);
    EXPECT_EQ(checked.error().kind, ErrorKind::invalid_input);
    EXPECT_EQ(checked.error().message.find('\n'), std::string::npos);
    EXPECT_NE(checked.error().message.find("line 4"), std::string::npos) << checked.error().message;
    std::filesystem::remove(path);
    EXPECT_EQ(check_settings(path).error().kind, ErrorKind::not_found);
}

TEST(Settings, github_needs_a_secret_and_names_repositories) {
    auto const problems_of = [](std::string const& lines) {
        return read_settings("[[connection]]\nid = \"main\"\nregion = \"eu-west-1\"\n" + lines).problems;
    };
    std::string const secret
        = "github_token_secret_arn = \"arn:aws:secretsmanager:eu-west-1:111122223333:secret:github-AbCdEf\"\n";
    EXPECT_TRUE(problems_of(secret + "github_repositories = { \"acme/shop\" = \"checkout, mailer\" }\n").empty());
    for (auto const* bad : { "github_repositories = { \"acme/shop\" = \"checkout\" }\n",
             "github_token_secret_arn = \"ghp_abc\"\ngithub_repositories = { \"acme/shop\" = \"\" }\n" })
        EXPECT_FALSE(problems_of(bad).empty()) << bad;
    for (auto const* name : { "shop", "acme/shop/pulls", "acme/..", "acme/s?x", "/shop" })
        EXPECT_FALSE(problems_of(secret + "github_repositories = { \"" + name + "\" = \"\" }\n").empty()) << name;
}

TEST(Settings, secrets_come_from_the_named_variable_or_file) {
    EnvironmentLookup const environment = [](std::string const& name) -> std::optional<std::string> {
        return name == "TOKEN" ? std::optional<std::string>(" t0ken\n") : std::nullopt;
    };
    EXPECT_EQ(*read_secret("TOKEN", "", environment), "t0ken");
    EXPECT_EQ(*read_secret("", "", environment), "");
    EXPECT_EQ(read_secret("OTHER", "", environment).error().kind, ErrorKind::not_found);
    EXPECT_EQ(read_secret("", "/does/not/exist", environment).error().kind, ErrorKind::not_found);
}

} // namespace
} // namespace convops
