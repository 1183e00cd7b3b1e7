// SNS's certificates and confirmations by way of AWS_ENDPOINT_URL_SNS, when an emulator stands in for SNS: the same
// override that moves every other call. Loopback only; without it nothing is changed.
#pragma once

#include "adapters/http/curl_http.h"
#include "adapters/http/url.h"

namespace convops {

class SnsEndpointHttp final : public Http {
public:
    SnsEndpointHttp(Http& inner, std::string const& endpoint)
        : inner_(inner) {
        if (auto const parts = parse_url(endpoint); parts && is_loopback_host(parts->host))
            endpoint_ = parts->scheme + "://" + parts->authority();
    }

    Result<HttpResponse> send(HttpRequest const& request) override { return inner_.send(moved(request)); }
    std::vector<Result<HttpResponse>> send_all(std::span<HttpRequest const> requests) override {
        std::vector<HttpRequest> all;
        for (auto const& request : requests)
            all.push_back(moved(request));
        return inner_.send_all(all);
    }

private:
    [[nodiscard]] HttpRequest moved(HttpRequest request) const {
        auto const parts = parse_url(request.url);
        if (endpoint_.empty() || !parts || !parts->host.starts_with("sns.")
            || !parts->host.ends_with(".amazonaws.com"))
            return request;
        request.url = endpoint_ + parts->path + (parts->query.empty() ? "" : "?" + parts->query);
        request.headers.emplace_back("Host", parts->host); // An emulator tells services apart by it.
        return request;
    }
    Http& inner_;
    std::string endpoint_;
};

} // namespace convops
