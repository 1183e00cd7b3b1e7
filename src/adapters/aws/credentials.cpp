#include "adapters/aws/credentials.h"

#include "adapters/http/curl_http.h"
#include "adapters/http/url.h"
#include "base/json.h"
#include "base/text.h"

#include <fstream>

namespace convops {

namespace {

constexpr Milliseconds endpoint_timeout { 2'000 }; // These endpoints are on this machine or next to it.
constexpr std::size_t most_answer_bytes = 64 * 1024;
constexpr std::size_t most_token_bytes = 64 * 1024;

HttpRequest local_request(std::string method, std::string url, HttpHeaders headers) {
    HttpRequest request;
    request.method = std::move(method);
    request.url = std::move(url);
    request.headers = std::move(headers);
    request.timeout = endpoint_timeout;
    request.connect_timeout = endpoint_timeout;
    request.most_response_bytes = most_answer_bytes;
    return request;
}

Result<HttpResponse> accepted(Result<HttpResponse> response, std::string_view whose) {
    if (!response)
        return response.error().with_context(whose);
    if (response->status != 200)
        return Error { response->status >= 500 ? ErrorKind::unavailable : ErrorKind::access_denied,
            std::string(whose) + ": HTTP status " + std::to_string(response->status) };
    return response;
}

// The hosts that the SDKs accept over http:// for the container endpoint, besides loopback: ECS, and EKS Pod
// Identity.
bool is_container_host(std::string_view host) {
    return is_loopback_host(host) || host == "169.254.170.2" || host == "169.254.170.23" || host == "fd00:ec2::23";
}

Result<std::string> container_token(AwsConfiguration const& configuration) {
    auto const path = configuration.variable("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE");
    if (path.empty())
        return configuration.variable("AWS_CONTAINER_AUTHORIZATION_TOKEN");
    std::ifstream file(path, std::ios::binary);
    std::string token(most_token_bytes, '\0');
    file.read(token.data(), static_cast<std::streamsize>(token.size()));
    if (file.gcount() == 0)
        return Error { ErrorKind::invalid_input, "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: cannot be read" };
    token.resize(static_cast<std::size_t>(file.gcount()));
    return trim(token);
}

} // namespace

Result<Credentials> RefreshedCredentials::get() {
    std::scoped_lock const lock(mutex_);
    bool const is_fresh
        = held_ && (!held_->expires_at || clock_.now() + Milliseconds(refreshed_before) < *held_->expires_at);
    if (is_fresh)
        return *held_;
    if (failure_ && clock_.monotonic() < failed_at_ + failure_stands)
        return *failure_;
    auto fetched = fetch_();
    failure_.reset();
    if (!fetched) {
        // Until they really expire, the ones at hand are better than none.
        if (held_ && clock_.now() < *held_->expires_at)
            return *held_;
        failure_ = fetched.error();
        failed_at_ = clock_.monotonic();
        return fetched;
    }
    held_ = *fetched;
    return fetched;
}

void RefreshedCredentials::forget() {
    std::scoped_lock const lock(mutex_);
    held_.reset();
}

Result<Credentials> credentials_from_json(std::string_view text) {
    auto const json = parse_json(text);
    if (!json)
        return Error { ErrorKind::corrupt, "the credentials answer is not JSON" };
    Credentials credentials;
    credentials.access_key_id = text_at(*json, "AccessKeyId");
    credentials.secret_access_key = Secret(text_at(*json, "SecretAccessKey"));
    credentials.session_token = Secret(text_at(*json, "Token"));
    credentials.expires_at = time_at(*json, "Expiration");
    if (credentials.access_key_id.empty() || credentials.secret_access_key.empty())
        return Error { ErrorKind::corrupt, "the credentials answer has no keys in it" };
    return credentials;
}

Result<Credentials> fetch_container_credentials(Http& http, AwsConfiguration const& configuration) {
    constexpr std::string_view whose = "container credentials";
    auto url = configuration.variable("AWS_CONTAINER_CREDENTIALS_FULL_URI");
    if (auto const relative = configuration.variable("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"); !relative.empty())
        url = "http://169.254.170.2" + relative;
    auto const parts = TRY(parse_url(url).with_context(whose));
    if (parts.scheme == "http" && !is_container_host(parts.host))
        return Error { ErrorKind::invalid_input,
            std::string(whose) + ": http:// is allowed for loopback and the ECS and EKS agents only" };
    auto token = TRY(container_token(configuration));
    HttpHeaders headers;
    if (!token.empty())
        headers.emplace_back("Authorization", token);
    auto response = TRY(accepted(http.send(local_request("GET", url, std::move(headers))), whose));
    auto credentials = credentials_from_json(response.body).with_context(whose);
    zero(response.body);
    return credentials;
}

Result<Credentials> fetch_instance_credentials(Http& http, AwsConfiguration const& configuration) {
    constexpr std::string_view whose = "instance metadata";
    auto base = configuration.variable("AWS_EC2_METADATA_SERVICE_ENDPOINT");
    if (base.empty())
        base = "http://169.254.169.254";
    while (base.ends_with('/'))
        base.pop_back();
    auto const token = TRY(accepted(http.send(local_request("PUT", base + "/latest/api/token",
                                        { { "X-aws-ec2-metadata-token-ttl-seconds", "21600" } })),
        whose));
    HttpHeaders const headers { { "X-aws-ec2-metadata-token", trim(token.body) } };
    auto const place = base + "/latest/meta-data/iam/security-credentials/";
    auto const roles = TRY(accepted(http.send(local_request("GET", place, headers)), whose));
    auto const role = trim(roles.body.substr(0, roles.body.find('\n')));
    if (role.empty() || role.find_first_of("/?#% ") != std::string::npos)
        return Error { ErrorKind::not_found, std::string(whose) + ": this instance has no role" };
    auto response = TRY(accepted(http.send(local_request("GET", place + role, headers)), whose));
    auto credentials = credentials_from_json(response.body).with_context(whose);
    zero(response.body);
    return credentials;
}

} // namespace convops
