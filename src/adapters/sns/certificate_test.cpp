#include "adapters/sns/certificate_cache.h"

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <iostream>
#include <sstream>
#include <thread>

namespace convops {
namespace {

std::optional<std::string> sample(std::string_view name) {
    auto const* named = std::getenv("CONVOPS_SHARED_DATA");
    auto const path
        = std::filesystem::path(named != nullptr ? named : "../shared/data") / "aws-samples/sns-signed" / name;
    std::ifstream in(path, std::ios::binary);
    if (!in) {
        std::cout << "SNS samples not found (CONVOPS_SHARED_DATA): nothing checked\n";
        return std::nullopt;
    }
    std::ostringstream text;
    text << in.rdbuf();
    return std::move(text).str();
}

constexpr std::string_view genuine = "SimpleNotificationService-7506a1e35b36ef5a444dd1a8e7cc3ed8.pem";
std::string const url = "https://sns.us-west-2.amazonaws.com/SimpleNotificationService-1.pem";

class FixedClock : public Clock {
public:
    Time at = *parse_time("2026-03-06T20:00:00Z");
    [[nodiscard]] Time now() const override { return at; }
    [[nodiscard]] std::chrono::nanoseconds monotonic() const override { return at.time_since_epoch(); }
    void wait(Milliseconds duration) override { at += duration; }
};

class FakeHttp : public Http {
public:
    Result<HttpResponse> answer = Error { ErrorKind::unavailable, "no answer set" };
    std::function<void()> before = [] { };
    std::atomic<int> sent { 0 };
    Result<HttpResponse> send(HttpRequest const&) override {
        ++sent;
        before();
        return answer;
    }
    std::vector<Result<HttpResponse>> send_all(std::span<HttpRequest const> requests) override {
        std::vector<Result<HttpResponse>> answers;
        for (auto const& request : requests)
            answers.push_back(send(request));
        return answers;
    }
};

HttpResponse ok(std::string body) {
    HttpResponse response;
    response.status = 200;
    response.body = std::move(body);
    return response;
}

TEST(SnsCertificate, the_genuine_one_is_read_and_dated) {
    auto const pem = sample(genuine);
    if (!pem)
        return;
    auto const certificate = SnsCertificate::read(*pem, CertificateOwner::sns);
    ASSERT_TRUE(certificate) << certificate.error().message;
    EXPECT_TRUE(certificate->check_dates(*parse_time("2026-03-06T20:00:00Z")));
    EXPECT_TRUE(certificate->check_dates(*parse_time("2025-11-10T00:00:00Z")));
    EXPECT_FALSE(certificate->check_dates(*parse_time("2025-11-09T23:59:59Z")));
    EXPECT_FALSE(certificate->check_dates(*parse_time("2026-10-15T00:00:00Z")));
}

TEST(SnsCertificate, an_expired_one_of_another_name_is_refused_for_both_reasons) {
    auto const pem = sample("expired-cert.pem");
    if (!pem)
        return;
    auto const refused = SnsCertificate::read(*pem, CertificateOwner::sns);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind, ErrorKind::access_denied);
    auto const certificate = SnsCertificate::read(*pem, CertificateOwner::anyone);
    ASSERT_TRUE(certificate);
    for (auto const* when : { "2025-03-01T00:00:00Z", "2026-03-06T20:00:00Z", "2026-03-13T00:00:00Z" })
        EXPECT_FALSE(certificate->check_dates(*parse_time(when))) << when; // it ends before it begins
}

TEST(SnsCertificate, what_is_no_certificate_is_corrupt) {
    for (std::string const& pem : { std::string(), std::string("hello"), std::string(70'000, 'x'),
             std::string("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n") }) {
        auto const read = SnsCertificate::read(pem, CertificateOwner::sns);
        ASSERT_FALSE(read);
        EXPECT_EQ(read.error().kind, ErrorKind::corrupt);
    }
}

TEST(SnsCertificate, only_names_of_sns_are_its_names) {
    for (auto const* name : { "sns.amazonaws.com", "sns.eu-south-1.amazonaws.com", "sns-us-gov-west-1.amazonaws.com",
             "sns.cn-north-1.amazonaws.com.cn" })
        EXPECT_TRUE(is_sns_name(name)) << name;
    for (auto const* name :
        { "", "amazonaws.com", "my-test-service.amazonaws.com", "sns.amazonaws.com.evil.com", "xsns.amazonaws.com",
            "sns.a.b.amazonaws.com", "*.amazonaws.com", "sns..amazonaws.com", "snsx.amazonaws.com" })
        EXPECT_FALSE(is_sns_name(name)) << name;
}

TEST(CertificateCache, one_is_fetched_once_until_it_gets_old) {
    auto const pem = sample(genuine);
    if (!pem)
        return;
    FakeHttp http;
    FixedClock clock;
    http.answer = ok(*pem);
    CertificateCache cache(http, clock);
    EXPECT_TRUE(cache.get(url));
    EXPECT_TRUE(cache.get(url));
    EXPECT_EQ(http.sent, 1);
    clock.at += Hours { 25 };
    EXPECT_TRUE(cache.get(url));
    EXPECT_EQ(http.sent, 2);
}

TEST(CertificateCache, one_that_expires_while_it_is_kept_is_refused) {
    auto const pem = sample(genuine);
    if (!pem)
        return;
    FakeHttp http;
    FixedClock clock;
    clock.at = *parse_time("2026-10-14T23:00:00Z");
    http.answer = ok(*pem);
    CertificateCache cache(http, clock);
    EXPECT_TRUE(cache.get(url));
    clock.at += Hours { 2 };
    auto const refused = cache.get(url);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind, ErrorKind::access_denied);
}

TEST(CertificateCache, a_failure_is_remembered_briefly_and_failures_are_limited) {
    FakeHttp http;
    FixedClock clock;
    CertificateCache cache(http, clock);
    EXPECT_FALSE(cache.get(url));
    EXPECT_FALSE(cache.get(url));
    EXPECT_EQ(http.sent, 1);
    for (int i = 0; i < 100; ++i)
        EXPECT_EQ(cache.get(url + std::to_string(i)).error().kind, ErrorKind::unavailable);
    EXPECT_EQ(http.sent, 10);
    clock.at += Seconds { 61 };
    EXPECT_FALSE(cache.get(url));
    EXPECT_EQ(http.sent, 11);
}

TEST(CertificateCache, a_redirect_or_an_error_page_is_no_certificate) {
    FakeHttp http;
    FixedClock clock;
    for (int const status : { 301, 302, 403, 404, 500 }) {
        CertificateCache cache(http, clock);
        auto response = ok("x");
        response.status = status;
        http.answer = response;
        EXPECT_EQ(cache.get(url).error().kind, ErrorKind::unavailable) << status;
    }
}

TEST(CertificateCache, many_askers_at_once_share_one_fetch) {
    auto const pem = sample(genuine);
    if (!pem)
        return;
    FakeHttp http;
    FixedClock clock;
    http.answer = ok(*pem);
    http.before = [] { std::this_thread::yield(); };
    CertificateCache cache(http, clock);
    std::atomic<int> good { 0 };
    std::vector<std::thread> askers;
    for (int i = 0; i < 8; ++i)
        askers.emplace_back([&] { good += cache.get(url) ? 1 : 0; });
    for (auto& asker : askers)
        asker.join();
    EXPECT_EQ(good, 8);
    EXPECT_EQ(http.sent, 1);
}

TEST(CertificateCache, forged_urls_do_not_push_out_a_certificate_in_use) {
    auto const pem = sample(genuine);
    if (!pem)
        return;
    FakeHttp http;
    FixedClock clock;
    http.answer = ok(*pem);
    CertificateCache cache(http, clock, {}, { .certificates = 2, .failures_per_minute = 100 });
    EXPECT_TRUE(cache.get(url));
    http.answer = Error { ErrorKind::unavailable, "gone" };
    for (int i = 0; i < 20; ++i)
        EXPECT_FALSE(cache.get(url + std::to_string(i)));
    auto const sent = http.sent.load();
    EXPECT_TRUE(cache.get(url));
    EXPECT_EQ(http.sent, sent);
}

TEST(CertificateCache, a_test_certificate_stands_only_for_its_own_prefix) {
    auto const pem = sample(genuine);
    if (!pem)
        return;
    FakeHttp http;
    FixedClock clock;
    CertificateCache cache(http, clock, TestCertificate { "http://127.0.0.1:9/", *pem });
    EXPECT_TRUE(cache.is_test_url("http://127.0.0.1:9/cert.pem"));
    EXPECT_FALSE(cache.is_test_url("http://127.0.0.1:90/cert.pem"));
    EXPECT_TRUE(cache.get("http://127.0.0.1:9/cert.pem"));
    EXPECT_EQ(http.sent, 0);
    EXPECT_FALSE(CertificateCache(http, clock).is_test_url(""));
}

} // namespace
} // namespace convops
