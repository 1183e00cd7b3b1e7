// SNS's signing certificates by URL: fetched once, kept for a while, and never fetched twice at the same time. The
// caller has checked the URL (check_certificate_url) before it asks.
#pragma once

#include "adapters/sns/certificate.h"
#include "ports/clock.h"
#include "ports/http.h"

#include <condition_variable>
#include <map>
#include <mutex>
#include <set>

namespace convops {

struct CertificateCacheLimits {
    std::size_t certificates = 32; // SNS uses one per Region and replaces it about once a year
    Hours kept { 24 };
    Seconds failure_kept { 60 }; // one URL that failed is not asked for again within this
    int failures_per_minute = 10; // of all URLs: forged ones must not make us hammer AWS
    std::size_t response_bytes = std::size_t { 64 } * 1024;
    Milliseconds timeout { 5'000 };
};

// A certificate for local tests, from the settings: URLs that begin so are answered with this PEM, without a fetch.
struct TestCertificate {
    std::string url_prefix;
    std::string pem;
};

class CertificateCache {
public:
    CertificateCache(
        Http& http, Clock& clock, std::optional<TestCertificate> test = {}, CertificateCacheLimits limits = {});

    // Valid now. unavailable or timeout when it can not be fetched (worth another try), access_denied or corrupt when
    // it was fetched and is no good.
    Result<SnsCertificate> get(std::string const& url);
    // Whether the settings' test certificate stands for this URL: the host rule does not apply to it then.
    [[nodiscard]] bool is_test_url(std::string_view url) const;
    [[nodiscard]] int fetches() const; // since the start

private:
    struct Entry {
        Result<SnsCertificate> certificate;
        Time until;
    };
    Result<SnsCertificate> fetch(std::string const& url);
    bool too_many_failures(Time now);
    void remember(std::string const& url, Result<SnsCertificate> const& certificate, Time now);

    Http& http_;
    Clock& clock_;
    std::optional<TestCertificate> test_;
    CertificateCacheLimits limits_;
    mutable std::mutex mutex_;
    std::condition_variable fetched_;
    std::map<std::string, Entry> entries_;
    std::set<std::string> in_flight_;
    std::vector<Time> failures_; // of the last minute, bounded by failures_per_minute
    int fetches_ = 0;
};

} // namespace convops
