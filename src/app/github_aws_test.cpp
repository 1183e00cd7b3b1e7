// The decorator against a server that speaks GitHub's REST protocol on loopback, faults included; and that the token
// is nowhere but in the Authorization header.
#include "app/github_aws.h"

#include "adapters/clock/system_clock.h"
#include "adapters/http/curl_http.h"
#include "adapters/server/server.h"
#include "app/capsule.h"
#include "base/text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace convops {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr std::string_view the_token = "github_pat_11AAAAAAA0abcdefghijklmnopqrstuvwxyz";

HttpReply reply_with(int status, std::string body, HttpHeaders headers = {}) {
    HttpReply reply;
    reply.status = status;
    reply.body = std::move(body);
    reply.headers = std::move(headers);
    return reply;
}

// A little GitHub: paths to replies; remembers what it was asked.
class Github {
public:
    Github() {
        auto started = HttpServer::start(*parse_listen_address("127.0.0.1:0"), {},
            [this](ServerRequest const& request) { return answer(request); });
        server_ = *std::move(started);
    }
    [[nodiscard]] std::string url() const { return "http://127.0.0.1:" + std::to_string(server_->port()); }

    void answers(std::string path, std::function<HttpReply(int times_asked)> reply) {
        std::lock_guard const lock(mutex_);
        replies_[std::move(path)] = std::move(reply);
    }
    void on(std::string path, std::string body) {
        answers(std::move(path), [body](int) { return reply_with(200, body); });
    }
    [[nodiscard]] std::vector<std::string> asked() const {
        std::lock_guard const lock(mutex_);
        return asked_;
    }
    std::atomic<bool> authorised = true; // every request so far had the token and named its version

private:
    HttpReply answer(ServerRequest const& request) {
        std::lock_guard const lock(mutex_);
        auto const target = request.path + (request.query.empty() ? "" : "?" + request.query);
        asked_.push_back(target);
        if (request.header("authorization") != "Bearer " + std::string(the_token)
            || request.header("x-github-api-version") != "2022-11-28" || request.header("user-agent").empty())
            authorised = false;
        for (auto const& [path, reply] : replies_)
            if (target.starts_with(path))
                return reply(++times_[path]);
        return reply_with(404, R"({"message":"Not Found"})");
    }
    mutable std::mutex mutex_;
    std::map<std::string, std::function<HttpReply(int)>, std::greater<>> replies_; // the longer path first
    std::map<std::string, int> times_;
    std::vector<std::string> asked_;
    std::unique_ptr<HttpServer> server_;
};

// AWS beside it, which has nothing.
class EmptyAws final : public Aws {
public:
    Result<Json> call(AwsCall const&) override { return Json(JsonObject {}); }
    std::vector<Result<Json>> call_all(std::span<AwsCall const> calls) override {
        return std::vector<Result<Json>>(calls.size(), Result<Json>(Json(JsonObject {})));
    }
    [[nodiscard]] int calls_made() const override { return 0; }
    [[nodiscard]] std::string account() const override { return "111122223333"; }
    [[nodiscard]] std::string region() const override { return "eu-west-1"; }
};

// A clock that stands still while it is waited on.
class StillClock final : public Clock {
public:
    [[nodiscard]] Time now() const override { return *parse_time("2026-11-23T20:16:00Z"); }
    [[nodiscard]] std::chrono::nanoseconds monotonic() const override { return waited; }
    void wait(Milliseconds duration) override { waited += duration; }
    std::chrono::nanoseconds waited { 0 };
};

struct World {
    Github github;
    CurlHttp http { CurlHttpOptions { .host_allowed = [](std::string_view host) { return host == "127.0.0.1"; } } };
    StillClock clock;
    int token_reads = 0;
    std::string secret { the_token };

    std::unique_ptr<GithubAws> open(
        std::map<std::string, std::string> repositories = { { "acme/shop", "checkout" } }) {
        GithubAccess access { github.url(), std::move(repositories), [this]() -> Result<Secret> {
                                 ++token_reads;
                                 return github_token_in(secret);
                             } };
        return std::make_unique<GithubAws>(std::make_unique<EmptyAws>(), std::move(access), http, clock);
    }
};

AwsCall asking(std::string operation, JsonObject params = { { "repository", "acme/shop" } }) {
    return { "github", std::move(operation), std::move(params), "", Seconds { 10 } };
}

constexpr std::string_view a_deployment
    = R"([{"id":42,"sha":"a84d88e7554fc1fa21bcbc4efae3c782a70d2b9d","ref":"main","task":"deploy",
    "environment":"production","description":"Deploy","created_at":"2026-11-23T20:02:00Z",
    "creator":{"login":"octocat","email":"octocat@example.com","avatar_url":"https://x"},"payload":{"key":"private"}}])";

TEST(GithubAws, asks_with_the_token_and_keeps_only_what_a_source_reads) {
    World world;
    world.github.on("/repos/acme/shop/deployments?per_page=100", std::string(a_deployment));
    auto const aws = world.open();
    auto const answer = aws->call(asking("ListDeployments"));
    ASSERT_TRUE(answer) << answer.error().message;
    EXPECT_EQ(text_at(*answer, "deployments.0.creator", ""), "");
    auto const text = to_text(*answer);
    EXPECT_THAT(text, HasSubstr("\"creator\":\"octocat\""));
    EXPECT_THAT(text, Not(HasSubstr("example.com")));
    EXPECT_THAT(text, Not(HasSubstr("private")));
    EXPECT_TRUE(world.github.authorised);
    EXPECT_EQ(aws->calls_made(), 1) << "reading the token is the one AWS call";
}

TEST(GithubAws, without_repositories_nothing_is_asked_and_the_token_is_not_read) {
    World world;
    auto const aws = world.open({});
    auto const answer = aws->call(asking("ListRepositories", {}));
    ASSERT_TRUE(answer);
    EXPECT_TRUE(list_at(*answer, "repositories").empty());
    EXPECT_EQ(world.token_reads, 0);
    EXPECT_TRUE(world.github.asked().empty());
}

TEST(GithubAws, the_next_page_is_the_one_that_the_link_header_names) {
    World world;
    world.github.answers("/repos/acme/shop/pulls", [&](int) {
        return reply_with(200, "[]",
            { { "link",
                "<https://api.github.com/repositories/1/pulls?per_page=100&page=2>; rel=\"next\", "
                "<https://api.github.com/repositories/1/pulls?per_page=100&page=9>; rel=\"last\"" } });
    });
    auto const aws = world.open();
    auto const answer = aws->call(asking("ListPullRequests"));
    ASSERT_TRUE(answer);
    EXPECT_EQ(text_at(*answer, "nextPage"), "2");
    auto next = asking("ListPullRequests");
    next.params["page"] = "2";
    (void)aws->call(next);
    EXPECT_THAT(world.github.asked().back(), HasSubstr("state=closed&sort=updated&direction=desc&page=2"));
    EXPECT_EQ(world.token_reads, 1);
}

TEST(GithubAws, each_refusal_has_its_kind_and_words_of_our_own) {
    struct Row {
        int status;
        HttpHeaders headers;
        ErrorKind kind;
        std::string words;
    };
    std::vector<Row> const rows { { 401, {}, ErrorKind::access_denied, "does not accept the token" },
        { 403, {}, ErrorKind::access_denied, "may not read" },
        { 404, {}, ErrorKind::access_denied, "may not see it" },
        { 403, { { "x-ratelimit-remaining", "0" }, { "x-ratelimit-reset", "1795466160" } }, ErrorKind::throttled,
            "rate limit" },
        { 403, { { "retry-after", "600" } }, ErrorKind::throttled, "10 min" },
        { 429, {}, ErrorKind::throttled, "rate limit" }, { 301, {}, ErrorKind::invalid_input, "renamed" },
        { 502, {}, ErrorKind::unavailable, "502" } };
    for (auto const& row : rows) {
        World world;
        world.github.answers("/repos/acme/shop/deployments",
            [&](int) { return reply_with(row.status, R"({"message":"Bearer hostile words"})", row.headers); });
        auto const answer = world.open()->call(asking("ListDeployments"));
        ASSERT_FALSE(answer) << row.status;
        EXPECT_EQ(answer.error().kind, row.kind) << row.status << " " << answer.error().message;
        EXPECT_THAT(answer.error().message, HasSubstr(row.words));
        EXPECT_THAT(answer.error().message, Not(HasSubstr("hostile")));
        EXPECT_THAT(answer.error().message, Not(HasSubstr(std::string(the_token))));
    }
}

TEST(GithubAws, a_short_wait_is_waited_and_a_server_error_is_asked_again) {
    World world;
    world.github.answers("/repos/acme/shop/deployments", [&](int times) {
        return times == 1 ? reply_with(429, "{}", { { "retry-after", "2" } }) : reply_with(200, "[]");
    });
    world.github.answers("/repos/acme/shop/commits",
        [&](int times) { return times == 1 ? reply_with(503, "") : reply_with(200, "[]"); });
    auto const aws = world.open();
    EXPECT_TRUE(aws->call(asking("ListDeployments")));
    EXPECT_EQ(world.clock.waited, Seconds { 2 });
    EXPECT_TRUE(aws->call(asking("ListCommits")));
}

TEST(GithubAws, answers_that_are_no_list_are_corrupt) {
    for (auto const* body : { "", "{}", "[", "<html>", "null" }) {
        World world;
        world.github.on("/repos/acme/shop/deployments", std::string(body));
        auto const answer = world.open()->call(asking("ListDeployments"));
        ASSERT_FALSE(answer) << body;
        EXPECT_EQ(answer.error().kind, ErrorKind::corrupt) << body;
    }
}

TEST(GithubAws, nothing_but_the_configured_reads_of_the_configured_repositories_is_asked) {
    World world;
    auto const aws = world.open();
    EXPECT_FALSE(aws->call(asking("ListDeployments", { { "repository", "acme/other" } })));
    EXPECT_FALSE(aws->call(asking("ListDeployments", { { "repository", "acme/shop/../../user" } })));
    EXPECT_FALSE(aws->call(asking("DeleteRepository")));
    EXPECT_FALSE(aws->call(
        asking("ListDeploymentStatuses", { { "repository", "acme/shop" }, { "deployment", "1/../../x" } })));
    EXPECT_TRUE(world.github.asked().empty());
    EXPECT_EQ(world.token_reads, 0);
}

TEST(GithubAws, a_token_is_plain_text_or_a_member_of_a_json_object_and_nothing_else) {
    EXPECT_EQ(github_token_in("  ghp_abc\n")->reveal(), "ghp_abc");
    EXPECT_EQ(github_token_in(R"({"token":"ghp_abc"})")->reveal(), "ghp_abc");
    EXPECT_EQ(github_token_in(R"({"github_token":"ghp_abc"})")->reveal(), "ghp_abc");
    for (auto const* bad : { "", "two words", "a\r\nX-Evil: 1", R"({"password":"hush"})" }) {
        auto const token = github_token_in(bad);
        ASSERT_FALSE(token) << bad;
        EXPECT_THAT(token.error().message, Not(HasSubstr("hush")));
    }
}

TEST(GithubAws, a_refused_secret_is_asked_for_once) {
    World world;
    world.secret = "not a token";
    auto const aws = world.open();
    for (int i = 0; i < 3; ++i) {
        auto const answer = aws->call(asking("ListDeployments"));
        ASSERT_FALSE(answer);
        EXPECT_THAT(answer.error().message, HasSubstr("GetSecretValue"));
    }
    EXPECT_EQ(world.token_reads, 1);
}

TEST(GithubAws, a_capsule_holds_what_github_said_and_not_the_token) {
    World world;
    world.github.on("/repos/acme/shop/deployments?per_page=100", std::string(a_deployment));
    world.github.on("/repos/acme/shop/deployments/42/statuses",
        R"([{"state":"success","created_at":"2026-11-23T20:04:00Z","description":"done"}])");
    world.github.on("/repos/acme/shop/pulls",
        R"([{"number":7,"title":"Smaller pool","user":{"login":"octocat"},"merged_at":"2026-11-23T19:58:00Z",
            "updated_at":"2026-11-23T19:58:00Z","merge_commit_sha":"a84d88e7554fc1fa21bcbc4efae3c782a70d2b9d"}])");
    world.github.on("/repos/acme/shop/commits", std::string("[]"));
    Alarm alarm;
    alarm.name = "checkout-5xx";
    alarm.account = "111122223333";
    alarm.region = "eu-west-1";
    alarm.state = AlarmState::alarm;
    alarm.changed_at = *parse_time("2026-11-23T20:15:00Z");
    AlarmMetric main;
    main.metric
        = MetricId { "AWS/ECS", "CPUUtilization", { { "ClusterName", "shop" }, { "ServiceName", "checkout" } } };
    main.statistic = "Average";
    main.period = Seconds { 60 };
    alarm.metrics = { main };
    auto const aws = world.open();
    auto const [investigation, capsule] = investigate_and_record(incident_of(alarm), *aws, world.clock, {});
    auto const bytes = capsule_bytes(capsule);
    EXPECT_THAT(bytes, HasSubstr("Smaller pool"));
    EXPECT_THAT(bytes, Not(HasSubstr(std::string(the_token))));
    EXPECT_THAT(bytes, Not(HasSubstr("github_pat")));
    int changes = 0;
    for (auto const& fact : investigation.evidence.facts) {
        EXPECT_THAT(fact.statement + fact.cli + to_text(fact.value), Not(HasSubstr("github_pat")));
        changes += fact.source == "github_changes" ? 1 : 0;
    }
    EXPECT_EQ(changes, 2);
    auto const again = replay(capsule);
    ASSERT_TRUE(again);
    EXPECT_EQ(again->evidence.facts.size(), investigation.evidence.facts.size());
}

TEST(GithubAws, the_pages_of_an_enterprise_server_are_beside_its_api) {
    EXPECT_EQ(github_pages_of("https://api.github.com"), "https://github.com");
    EXPECT_EQ(github_pages_of("https://git.example.com/api/v3"), "https://git.example.com");
}

} // namespace
} // namespace convops
