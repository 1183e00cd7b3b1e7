// The HTTP client behind port Http: libcurl's multi interface on one thread. Callers block; the thread serves them
// all, keeps connections alive and bounds them.
//
// HTTP/1.1 only: libcurl 7.88.1 re-sends POSTs over HTTP/2. No redirect is followed (a redirect would carry signed
// headers to a host nobody allowed), no proxy is taken from the environment, TLS is verified and at least 1.2.
#pragma once

#include "ports/http.h"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace convops {

struct CurlHttpOptions {
    // Asked with the lower-case host of every URL before anything is resolved. Empty: every host is allowed.
    std::function<bool(std::string_view host)> host_allowed;
    bool plain_http_beyond_loopback = false; // http:// is for loopback alone unless this is set
    std::vector<std::string> plain_http_hosts; // or for these: the instance metadata service, for example
    std::string proxy; // "http://proxy:3128"; empty: none, whatever the environment says
    std::string certificate_file; // empty: the system's certificate authorities
    long most_connections = 64; // in total; an investigation has about 60 calls
    long most_connections_per_host = 16;
    std::size_t most_request_bytes = std::size_t { 16 } << 20;
};

class CurlHttp : public Http {
public:
    explicit CurlHttp(CurlHttpOptions options = {});
    ~CurlHttp() override; // ends requests in flight with `unavailable`
    CurlHttp(CurlHttp const&) = delete;
    CurlHttp& operator=(CurlHttp const&) = delete;

    Result<HttpResponse> send(HttpRequest const& request) override;
    std::vector<Result<HttpResponse>> send_all(std::span<HttpRequest const> requests) override;

private:
    class Loop;
    std::unique_ptr<Loop> loop_;
};

// "localhost", 127.0.0.0/8 and ::1, with or without brackets. Names that merely start alike are not loopback.
bool is_loopback_host(std::string_view host);

} // namespace convops
