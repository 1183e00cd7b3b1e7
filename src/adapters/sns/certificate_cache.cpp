#include "adapters/sns/certificate_cache.h"

namespace convops {

CertificateCache::CertificateCache(
    Http& http, Clock& clock, std::optional<TestCertificate> test, CertificateCacheLimits limits)
    : http_(http)
    , clock_(clock)
    , test_(std::move(test))
    , limits_(limits) { }

bool CertificateCache::is_test_url(std::string_view url) const {
    return test_ && !test_->url_prefix.empty() && url.starts_with(test_->url_prefix);
}

int CertificateCache::fetches() const {
    std::lock_guard const lock(mutex_);
    return fetches_;
}

Result<SnsCertificate> CertificateCache::get(std::string const& url) {
    if (is_test_url(url)) {
        auto certificate = TRY(SnsCertificate::read(test_->pem, CertificateOwner::anyone));
        TRY(certificate.check_dates(clock_.now()));
        return certificate;
    }
    {
        std::unique_lock lock(mutex_);
        fetched_.wait(lock, [&] { return !in_flight_.contains(url); }); // A fetch ends by its own time-out.
        auto const now = clock_.now();
        auto const known = entries_.find(url);
        if (known != entries_.end() && now < known->second.until) {
            if (!known->second.certificate)
                return known->second.certificate;
            TRY(known->second.certificate->check_dates(now)); // It may have expired while kept.
            return known->second.certificate;
        }
        if (too_many_failures(now))
            return Error { ErrorKind::unavailable, "too many SNS certificates could not be fetched: trying later" };
        in_flight_.insert(url);
        ++fetches_;
    }
    auto certificate = fetch(url);
    std::lock_guard const lock(mutex_);
    auto const now = clock_.now();
    if (certificate)
        if (auto const dates = certificate->check_dates(now); !dates)
            certificate = dates.error();
    remember(url, certificate, now);
    in_flight_.erase(url);
    fetched_.notify_all();
    return certificate;
}

Result<SnsCertificate> CertificateCache::fetch(std::string const& url) {
    HttpRequest request;
    request.url = url;
    request.timeout = limits_.timeout;
    request.most_response_bytes = limits_.response_bytes;
    auto const response = TRY(http_.send(request).with_context("fetching the SNS signing certificate"));
    // Redirects are not followed: they could lead anywhere.
    if (response.status != 200)
        return Error { ErrorKind::unavailable,
            "fetching the SNS signing certificate: status " + std::to_string(response.status) };
    return SnsCertificate::read(response.body, CertificateOwner::sns);
}

bool CertificateCache::too_many_failures(Time now) {
    std::erase_if(failures_, [&](Time at) { return at + Minutes { 1 } <= now || at > now; });
    return failures_.size() >= static_cast<std::size_t>(limits_.failures_per_minute);
}

void CertificateCache::remember(std::string const& url, Result<SnsCertificate> const& certificate, Time now) {
    if (!certificate)
        failures_.push_back(now);
    while (entries_.size() >= limits_.certificates && !entries_.contains(url)) {
        // Failures go first, so that forged URLs can not push out certificates in use.
        auto victim = std::min_element(entries_.begin(), entries_.end(), [](auto const& a, auto const& b) {
            return std::pair(a.second.certificate.has_value(), a.second.until)
                < std::pair(b.second.certificate.has_value(), b.second.until);
        });
        entries_.erase(victim);
    }
    auto const until
        = certificate ? now + Milliseconds { limits_.kept } : now + Milliseconds { limits_.failure_kept };
    entries_.insert_or_assign(url, Entry { certificate, until });
}

} // namespace convops
