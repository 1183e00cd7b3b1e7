// AWS Signature Version 4.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
#pragma once

#include "adapters/aws/secret.h"
#include "base/time.h"
#include "ports/http.h"

namespace convops::sigv4 {

struct Request {
    std::string method = "GET";
    std::string path = "/"; // as it goes over the wire
    std::string query; // as it goes over the wire, without "?"
    HttpHeaders headers; // with Host
    std::string body;
};

struct Options {
    std::string region;
    std::string service; // signing name
    Time at {};
    // S3 signs the path as sent; every other service encodes it a second time and removes dot segments first.
    bool path_as_sent = false;
    bool keep_dot_segments = false;
    bool content_hash_header = false; // x-amz-content-sha256, which S3 wants
    bool token_unsigned = false; // the session token is added after signing (some IoT endpoints)
};

struct Signature {
    std::string canonical_request;
    std::string string_to_sign;
    std::string signature; // hex
    // For `sign`: x-amz-date, x-amz-security-token, x-amz-content-sha256 and Authorization, to add to the request.
    HttpHeaders headers;
    // For `presign`: the whole query to use instead of the request's own.
    std::string query;
};

Signature sign(Request const& request, Credentials const& credentials, Options const& options);
Signature presign(Request const& request, Credentials const& credentials, Options const& options, Seconds valid_for);

// RFC 3986 with AWS's choice of unreserved characters: A-Z a-z 0-9 - _ . ~; "/" only when asked.
std::string uri_encode(std::string_view text, bool keep_slash = false);
std::string sha256_hex(std::string_view bytes);

} // namespace convops::sigv4
