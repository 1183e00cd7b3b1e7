#include "app/public_audit_routes.h"

#include "adapters/files/files.h"
#include "adapters/files/folder.h"
#include "adapters/memory/memory_store.h"
#include "adapters/memory/simulated_clock.h"
#include "ports/fake_aws.h"

#include <gmock/gmock.h>
#include <unistd.h>

namespace convops {
namespace {

using testing::HasSubstr;
using testing::Not;

// Keeps what was sent; answers as it is told.
class FakeResend final : public Http {
public:
    int status = 200;
    std::vector<HttpRequest> requests;
    Result<HttpResponse> send(HttpRequest const& request) override {
        requests.push_back(request);
        HttpResponse response;
        response.status = status;
        return response;
    }
    std::vector<Result<HttpResponse>> send_all(std::span<HttpRequest const> all) override {
        std::vector<Result<HttpResponse>> answers;
        for (auto const& one : all)
            answers.push_back(send(one));
        return answers;
    }
    [[nodiscard]] std::string last_text() const { return text_at(*parse_json(requests.back().body), "text"); }
};

struct World {
    MemoryStore store;
    SimulatedClock clock { *parse_time("2026-11-23T10:00:00Z") };
    SeededEntropy entropy { 7 };
    FakeResend resend;
    Mailer mailer { { "ConvOps <audit@ops.example>", "re_key", "https://resend.example", "" }, resend };
    std::string demands = "?"; // external ID that the role asks for; "": none; "?": the one that was issued
    std::string issued;
    std::string denied_operation;
    PublicAudits audits { { store, clock, entropy, mailer, WorkspaceId { "default" }, "https://ops.example",
        "arn:aws:iam::999999999999:role/convops",
        [this](AuditRole const& role) -> Result<> {
            auto const wanted = demands == "?" ? issued : demands;
            if (wanted.empty() || role.external_id == wanted || (wanted == "any" && !role.external_id.empty()))
                return {};
            return Error { ErrorKind::access_denied, "not authorized to perform: sts:AssumeRole" };
        },
        [this](AuditRole const&) -> Result<std::unique_ptr<Aws>> {
            auto aws = std::make_unique<FakeAws>();
            aws->on("monitoring:DescribeAlarms",
                R"({"MetricAlarms": [{"AlarmName": "<b>cpu</b>", "StateValue": "OK", "AlarmActions": []}]})");
            if (!denied_operation.empty())
                aws->fail(denied_operation, ErrorKind::access_denied, "no");
            return aws;
        },
        {} } };

    std::string token_from_mail() {
        auto const text = resend.last_text();
        auto const at = text.find("token=") + 6;
        return text.substr(at, 64);
    }
    PublicAuditRequest registered(std::string mail = "ada@example.com") {
        EXPECT_TRUE(audits.register_mail(mail, "192.0.2.1"));
        auto const token = token_from_mail();
        issued = *audits.external_id_of(token);
        return { mail, token, "arn:aws:iam::111122223333:role/convops-audit", issued, { "eu-west-1" } };
    }
};

TEST(PublicAudit, FromTheAddressToTheReportInTheMail) {
    World world;
    auto const id = world.audits.request(world.registered());
    ASSERT_TRUE(id) << id.error().message;
    EXPECT_EQ(world.audits.state(*id)->stage, PublicAuditState::Stage::waiting);
    EXPECT_TRUE(world.audits.run_next());
    EXPECT_FALSE(world.audits.run_next());
    EXPECT_EQ(world.audits.state(*id)->stage, PublicAuditState::Stage::done);
    EXPECT_THAT(world.resend.last_text(), HasSubstr("https://ops.example/audits/" + *id));
    EXPECT_THAT(*world.audits.report(*id, PublicAudits::Form::html), HasSubstr("&lt;b&gt;cpu&lt;/b&gt;"));
    EXPECT_EQ(text_at(*parse_json(*world.audits.report(*id, PublicAudits::Form::json)), "account"), "111122223333");
}

TEST(PublicAudit, ATokenWorksOnceAndForADay) {
    World world;
    auto const request = world.registered();
    ASSERT_TRUE(world.audits.request(request));
    EXPECT_EQ(world.audits.request(request).error().kind, ErrorKind::not_found);
    auto const late = world.registered("bob@example.com");
    world.clock.wait(Hours { 25 });
    EXPECT_EQ(world.audits.request(late).error().kind, ErrorKind::not_found);
}

TEST(PublicAudit, ARoleThatAsksForNoExternalIdIsRefusedAndTheTokenStays) {
    World world;
    auto const request = world.registered();
    world.demands = "";
    auto const refused = world.audits.request(request);
    ASSERT_FALSE(refused);
    EXPECT_THAT(refused.error().message, HasSubstr("sts:ExternalId"));
    world.demands = "?";
    EXPECT_TRUE(world.audits.request(request)) << "the person may mend the role and try again";
}

TEST(PublicAudit, ARoleThatAcceptsAnyExternalIdIsRefused) {
    World world;
    auto const request = world.registered();
    world.demands = "any";
    auto const refused = world.audits.request(request);
    ASSERT_FALSE(refused);
    EXPECT_THAT(refused.error().message, HasSubstr("with any external ID"));
}

TEST(PublicAudit, ATokenAsksAboutRolesTwentyTimes) {
    World world;
    auto const request = world.registered();
    world.demands = "";
    for (int i = 0; i < 20; ++i)
        EXPECT_EQ(world.audits.request(request).error().kind, ErrorKind::invalid_input);
    EXPECT_EQ(world.audits.request(request).error().kind, ErrorKind::throttled);
    EXPECT_TRUE(world.audits.request(world.registered("bob@example.com")).error().kind == ErrorKind::invalid_input);
}

TEST(PublicAudit, SomebodyElsesExternalIdOrAddressIsRefused) {
    World world;
    auto request = world.registered();
    auto other = request;
    other.external_id = "chosen-by-me";
    EXPECT_EQ(world.audits.request(other).error().kind, ErrorKind::invalid_input);
    other = request;
    other.mail = "mallory@example.com";
    EXPECT_EQ(world.audits.request(other).error().kind, ErrorKind::invalid_input);
    other = request;
    other.role_arn = "arn:aws:iam::111122223333:user/x";
    EXPECT_EQ(world.audits.request(other).error().kind, ErrorKind::invalid_input);
    other = request;
    other.regions = { "../../etc" };
    EXPECT_EQ(world.audits.request(other).error().kind, ErrorKind::invalid_input);
}

TEST(PublicAudit, AMailboxGetsThreeLinksADayAndAnAddressTwenty) {
    World world;
    for (int i = 0; i < 3; ++i)
        EXPECT_TRUE(world.audits.register_mail("Ada@example.com", "192.0.2.1"));
    EXPECT_EQ(world.audits.register_mail("ada@example.com", "192.0.2.2").error().kind, ErrorKind::throttled);
    for (int i = 0; i < 17; ++i)
        EXPECT_TRUE(world.audits.register_mail("user" + std::to_string(i) + "@example.com", "192.0.2.1"));
    EXPECT_EQ(world.audits.register_mail("one-more@example.com", "192.0.2.1").error().kind, ErrorKind::throttled);
    world.clock.wait(Hours { 25 });
    EXPECT_TRUE(world.audits.register_mail("ada@example.com", "192.0.2.1"));
}

TEST(PublicAudit, AnIpv6NetworkCountsAsOneAddressAndADayHasAnEnd) {
    World world;
    for (int i = 0; i < 20; ++i)
        EXPECT_TRUE(world.audits.register_mail(
            "user" + std::to_string(i) + "@example.com", "2001:db8:1:2::" + std::to_string(i + 1)));
    EXPECT_EQ(
        world.audits.register_mail("more@example.com", "2001:db8:1:2:ffff::1").error().kind, ErrorKind::throttled);
    EXPECT_TRUE(world.audits.register_mail("more@example.com", "2001:db8:1:3::1"));
    auto limited = world.audits.world();
    limited.limits.registrations_a_day = 22;
    PublicAudits few(limited);
    EXPECT_TRUE(few.register_mail("a@example.com", "192.0.2.1"));
    EXPECT_EQ(few.register_mail("b@example.com", "192.0.2.2").error().kind, ErrorKind::throttled);
}

TEST(PublicAudit, WhatIsNoAddressGetsNoMail) {
    World world;
    for (auto const* text : { "", "ada", "ada@", "@example.com", "a@b@c.de", "ada@example", "a b@example.com",
             "ada@example.com\r\nBcc: all@example.com", "ada@exa mple.com", "ada@-.", "<ada@example.com>" })
        EXPECT_FALSE(world.audits.register_mail(text, "192.0.2.1")) << text;
    EXPECT_TRUE(world.resend.requests.empty());
}

TEST(PublicAudit, DeletedIsDeletedAlsoBeforeItRan) {
    World world;
    auto const id = *world.audits.request(world.registered());
    ASSERT_TRUE(world.audits.remove(id));
    EXPECT_FALSE(world.audits.run_next());
    EXPECT_FALSE(world.audits.state(id));

    auto const other = *world.audits.request(world.registered("bob@example.com"));
    EXPECT_TRUE(world.audits.run_next());
    ASSERT_TRUE(world.audits.remove(other));
    EXPECT_FALSE(world.audits.report(other, PublicAudits::Form::html));
    EXPECT_FALSE(world.audits.report(other, PublicAudits::Form::json));
}

TEST(PublicAudit, AReportIsGoneAfterThirtyDays) {
    World world;
    auto const id = *world.audits.request(world.registered());
    world.audits.run_next();
    world.clock.wait(Hours { 24 * 30 + 1 });
    EXPECT_FALSE(world.audits.state(id));
    EXPECT_FALSE(world.audits.report(id, PublicAudits::Form::html));
}

TEST(PublicAudit, TheStoreHoldsNoLinkAndNoTokenAfterTheMail) {
    World world;
    auto const request = world.registered();
    auto const id = *world.audits.request(request);
    world.audits.run_next();
    auto const now = world.clock.now();
    for (auto const* partition : { "public-audit", "public-audit-token", "public-audit-queue", "public-audit-count" })
        for (auto const& item : *world.store.query(WorkspaceId { "default" }, partition, SortRange {}, 100, now)) {
            EXPECT_THAT(item.key.sort + item.body, Not(HasSubstr(id)));
            EXPECT_THAT(item.key.sort + item.body, Not(HasSubstr(request.token)));
        }
}

TEST(Mail, ARefusalOfResendNamesNoAddressAndNoKey) {
    World world;
    world.resend.status = 401;
    auto const refused = world.audits.register_mail("ada@example.com", "192.0.2.1");
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind, ErrorKind::access_denied);
    EXPECT_THAT(refused.error().message, Not(HasSubstr("ada@")));
    EXPECT_THAT(refused.error().message, Not(HasSubstr("re_key")));
}

TEST(Mail, WithoutAKeyAMailIsAFileInTheOutbox) {
    FakeResend unused;
    auto const folder = std::filesystem::temp_directory_path() / ("convops-outbox-" + std::to_string(::getpid()));
    Mailer mailer({ "ConvOps <audit@ops.example>", "", "https://resend.example", folder }, unused);
    ASSERT_TRUE(mailer.send({ "ada@example.com", "Hello", "one\ntwo\n", "../../key" }));
    EXPECT_TRUE(unused.requests.empty());
    auto const text = *read_file(folder / "------key.eml", 10'000);
    EXPECT_THAT(text, HasSubstr("To: ada@example.com\r\nSubject: Hello\r\n"));
    EXPECT_THAT(text, HasSubstr("one\r\ntwo\r\n"));
    std::filesystem::remove_all(folder);
}

TEST(Mail, AMailInTheOutboxIsGoneWhenItsTimeIsOverAndNothingElseIs) {
    FakeResend unused;
    auto const folder = std::filesystem::temp_directory_path() / ("convops-old-mails-" + std::to_string(::getpid()));
    Mailer mailer({ "ConvOps <audit@ops.example>", "", "https://resend.example", folder }, unused);
    ASSERT_TRUE(mailer.send({ "ada@example.com", "Hello", "one\n", "key" }));
    ASSERT_TRUE(write_file(folder / "notes.txt", "mine"));
    auto const written = std::chrono::file_clock::to_sys(std::filesystem::last_write_time(folder / "key.eml"));
    auto const after = std::chrono::ceil<Milliseconds>(written) + Seconds { 1 };
    remove_files_older_than(folder, ".eml", after - Days { 1 });
    EXPECT_TRUE(std::filesystem::exists(folder / "key.eml"));
    remove_files_older_than(folder, ".eml", after);
    EXPECT_FALSE(std::filesystem::exists(folder / "key.eml"));
    EXPECT_TRUE(std::filesystem::exists(folder / "notes.txt"));
    std::filesystem::remove_all(folder);
}

TEST(PublicAudit, AnAuditThatACrashInterruptedRunsAgain) {
    World world;
    auto const id = *world.audits.request(world.registered());
    // Another process on the same store: the first one died before it ran.
    PublicAudits next(world.audits.world());
    EXPECT_TRUE(next.run_next());
    EXPECT_EQ(next.state(id)->stage, PublicAuditState::Stage::done);
}

// Stands for the end of the process: everything that the run did until then is in the store.
struct Crash { };

TEST(PublicAudit, AnAuditThatEndsTheProcessIsGivenUpAfterTwoRuns) {
    World world;
    auto const id = *world.audits.request(world.registered());
    auto dying = world.audits.world();
    dying.open_role = [](AuditRole const&) -> Result<std::unique_ptr<Aws>> { throw Crash {}; };
    for (int i = 0; i < 2; ++i) {
        PublicAudits process(dying);
        EXPECT_THROW(process.run_next(), Crash);
    }
    PublicAudits process(dying);
    EXPECT_TRUE(process.run_next()) << "it left the queue";
    EXPECT_EQ(process.state(id)->stage, PublicAuditState::Stage::failed);
    EXPECT_FALSE(process.run_next());
}

struct Site {
    World world;
    int woken = 0;
    std::vector<HttpRoute> routes = public_audit_routes(world.audits, [this] { ++woken; });
    HttpReply ask(
        std::string method, std::string path, std::string body = "", std::string type = "application/json") {
        ServerRequest request;
        request.method = std::move(method);
        auto const mark = path.find('?');
        request.query = mark == std::string::npos ? "" : path.substr(mark + 1);
        request.path = path.substr(0, mark);
        request.body = std::move(body);
        request.headers = { { "content-type", std::move(type) } };
        request.peer = "192.0.2.1";
        return answer(routes, request);
    }
};

TEST(PublicAuditRoutes, TheWholeWayByJson) {
    Site site;
    EXPECT_EQ(site.ask("POST", "/api/registrations", R"({"email": "ada@example.com"})").status, 202);
    auto const token = site.world.token_from_mail();
    site.world.issued = *site.world.audits.external_id_of(token);
    auto const reply = site.ask("POST", "/api/audits",
        to_text(JsonObject { { "email", "ada@example.com" }, { "token", token },
            { "role_arn", "arn:aws:iam::111122223333:role/r" }, { "external_id", site.world.issued },
            { "regions", JsonArray { "eu-west-1" } } }));
    ASSERT_EQ(reply.status, 202) << reply.body;
    EXPECT_EQ(site.woken, 1);
    auto const id = text_at(*parse_json(reply.body), "id");
    EXPECT_THAT(site.ask("GET", "/audits/" + id + ".json").body, HasSubstr("\"waiting\""));
    EXPECT_THAT(site.ask("GET", "/audits/" + id).body, HasSubstr("Waiting for its turn"));
    site.world.audits.run_next();
    EXPECT_THAT(site.ask("GET", "/audits/" + id).body, HasSubstr("Observability audit of account 111122223333"));
    EXPECT_EQ(site.ask("DELETE", "/api/audits/" + id).status, 200);
    EXPECT_EQ(site.ask("GET", "/audits/" + id).status, 404);
}

TEST(PublicAuditRoutes, TheWholeWayByFormsWithoutScript) {
    Site site;
    auto const form = "application/x-www-form-urlencoded";
    EXPECT_THAT(site.ask("GET", "/audit").body, HasSubstr("action=\"/api/registrations\""));
    EXPECT_EQ(site.ask("POST", "/api/registrations", "email=ada%40example.com", form).status, 202);
    auto const token = site.world.token_from_mail();
    auto const start = site.ask("GET", "/audit-start?token=" + token);
    site.world.issued = *site.world.audits.external_id_of(token);
    EXPECT_THAT(start.body, HasSubstr(site.world.issued));
    EXPECT_THAT(start.body, HasSubstr("arn:aws:iam::999999999999:role/convops"));
    auto const fields = "email=ada%40example.com&token=" + token + "&external_id=" + site.world.issued
        + "&regions=eu-west-1&role_arn=";
    auto const mistaken = site.ask("POST", "/api/audits", fields + "%3Cscript%3E", form);
    EXPECT_EQ(mistaken.status, 400);
    EXPECT_THAT(mistaken.body, HasSubstr("&lt;script&gt;"));
    EXPECT_THAT(mistaken.body, Not(HasSubstr("<script>")));
    auto const taken = site.ask("POST", "/api/audits", fields + "arn%3Aaws%3Aiam%3A%3A111122223333%3Arole%2Fr", form);
    EXPECT_EQ(taken.status, 303) << taken.body;
}

TEST(PublicAuditRoutes, GarbageIsRefusedInOneLine) {
    Site site;
    for (auto const* body : { "", "[]", "{", R"({"email": 5})", R"({"email": {"a": 1}})" })
        EXPECT_EQ(site.ask("POST", "/api/registrations", body).status, 400) << body;
    EXPECT_EQ(site.ask("POST", "/api/registrations", std::string(20'000, 'a')).status, 400);
    EXPECT_EQ(site.ask("GET", "/audits/" + std::string(64, 'a')).status, 404);
    EXPECT_EQ(site.ask("GET", "/audits/short").status, 404);
    EXPECT_EQ(site.ask("GET", "/audit-start?token=x").status, 404);
}

} // namespace
} // namespace convops
