#include "adapters/aws/sigv4.h"

#include "adapters/crypto/keyed_digest.h"
#include "base/check.h"
#include "base/text.h"

#include <openssl/evp.h>

#include <array>

namespace convops::sigv4 {

namespace {

constexpr std::string_view algorithm = "AWS4-HMAC-SHA256";

// Fetched once: OpenSSL 3 searches its providers on every implicit fetch.
EVP_MD const* sha256() {
    static EVP_MD const* const fetched = EVP_MD_fetch(nullptr, "SHA256", nullptr);
    CHECK(fetched != nullptr);
    return fetched;
}

std::string amz_date(Time at) {
    // "2015-08-30T12:36:00Z" -> "20150830T123600Z"; SigV4 has no fractions of a second.
    auto text = format_time(std::chrono::floor<Seconds>(at));
    std::erase_if(text, [](char c) { return c == '-' || c == ':'; });
    return text;
}

int hex_digit(char c) {
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

std::string uri_decode(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '%' && i + 2 < text.size() && hex_digit(text[i + 1]) >= 0 && hex_digit(text[i + 2]) >= 0) {
            out += static_cast<char>(hex_digit(text[i + 1]) * 16 + hex_digit(text[i + 2]));
            i += 2;
        } else {
            out += text[i];
        }
    }
    return out;
}

// RFC 3986, 5.2.4, and runs of slashes become one.
std::string without_dot_segments(std::string_view path) {
    std::vector<std::string> kept;
    for (auto const& segment : split(path, '/')) {
        if (segment.empty() || segment == ".")
            continue;
        if (segment != "..")
            kept.push_back(segment);
        else if (!kept.empty())
            kept.pop_back();
    }
    auto out = std::string("/").append(join(kept, "/"));
    if (out.size() > 1 && path.ends_with('/'))
        out += '/';
    return out;
}

std::string canonical_path(std::string const& path, Options const& options) {
    if (options.path_as_sent)
        return path.empty() ? "/" : path;
    auto const normal = options.keep_dot_segments ? path : without_dot_segments(path);
    return uri_encode(normal.empty() ? "/" : normal, true);
}

using Parameters = std::vector<std::pair<std::string, std::string>>; // encoded

Parameters parameters_of(std::string_view query) {
    Parameters parameters;
    if (query.empty())
        return parameters;
    for (auto const& piece : split(query, '&')) {
        auto const equals = piece.find('=');
        auto const name = piece.substr(0, equals);
        auto const value = equals == std::string::npos ? std::string {} : piece.substr(equals + 1);
        parameters.emplace_back(uri_encode(uri_decode(name)), uri_encode(uri_decode(value)));
    }
    return parameters;
}

std::string query_text(Parameters const& parameters) {
    std::string out;
    for (auto const& [name, value] : parameters) {
        if (!out.empty())
            out += '&';
        out += name + "=" + value;
    }
    return out;
}

std::string canonical_query(Parameters parameters) {
    std::ranges::sort(parameters);
    return query_text(parameters);
}

// Trimmed, and each run of spaces (line breaks of folded headers too) becomes one space.
std::string canonical_value(std::string_view value) {
    std::string out;
    bool gap = false;
    for (char const c : value) {
        if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
            gap = true;
            continue;
        }
        if (gap && !out.empty())
            out += ' ';
        gap = false;
        out += c;
    }
    return out;
}

// These change on the way, or belong to the signature itself.
bool is_signed_header(std::string_view name) {
    return name != "authorization" && name != "user-agent" && name != "expect" && name != "connection"
        && name != "transfer-encoding" && name != "x-amzn-trace-id";
}

struct CanonicalHeaders {
    std::string lines;
    std::string names;
};

CanonicalHeaders canonical_headers(HttpHeaders const& headers) {
    std::map<std::string, std::string> sorted;
    for (auto const& [name, value] : headers) {
        auto const lower = to_lower(name);
        if (!is_signed_header(lower))
            continue;
        auto const [at, is_new] = sorted.try_emplace(lower, canonical_value(value));
        if (!is_new)
            at->second.append(",").append(canonical_value(value));
    }
    CanonicalHeaders out;
    for (auto const& [name, value] : sorted) {
        out.lines += name + ":" + value + "\n";
        out.names += (out.names.empty() ? "" : ";") + name;
    }
    return out;
}

std::string scope_of(Options const& options) {
    return amz_date(options.at).substr(0, 8) + "/" + options.region + "/" + options.service + "/aws4_request";
}

std::string signature_of(std::string_view string_to_sign, Credentials const& credentials, Options const& options) {
    auto start = "AWS4" + credentials.secret_access_key.reveal();
    auto key = hmac_sha256(start, amz_date(options.at).substr(0, 8));
    zero(start);
    for (std::string_view const step :
        { std::string_view(options.region), std::string_view(options.service), std::string_view("aws4_request") }) {
        auto next = hmac_sha256(key, step);
        zero(key);
        key = std::move(next);
    }
    auto out = to_hex(hmac_sha256(key, string_to_sign));
    zero(key);
    return out;
}

void complete(Signature& result, Credentials const& credentials, Options const& options) {
    std::vector<std::string> const lines { std::string(algorithm), amz_date(options.at), scope_of(options),
        sha256_hex(result.canonical_request) };
    result.string_to_sign = join(lines, "\n");
    result.signature = signature_of(result.string_to_sign, credentials, options);
}

} // namespace

std::string uri_encode(std::string_view text, bool keep_slash) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string out;
    out.reserve(text.size());
    for (char const c : text) {
        bool const unreserved = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-'
            || c == '_' || c == '.' || c == '~';
        if (unreserved || (keep_slash && c == '/')) {
            out += c;
            continue;
        }
        auto const byte = static_cast<unsigned char>(c);
        out += '%';
        out += digits[byte >> 4];
        out += digits[byte & 15];
    }
    return out;
}

std::string sha256_hex(std::string_view bytes) {
    std::string digest(32, '\0');
    CHECK(EVP_Digest(
              bytes.data(), bytes.size(), reinterpret_cast<unsigned char*>(digest.data()), nullptr, sha256(), nullptr)
        == 1);
    return to_hex(digest);
}

Signature sign(Request const& request, Credentials const& credentials, Options const& options) {
    Signature result;
    auto headers = request.headers;
    auto const add = [&](std::string name, std::string value, bool is_signed) {
        result.headers.emplace_back(name, value);
        if (is_signed)
            headers.emplace_back(std::move(name), std::move(value));
    };
    auto const content_hash = sha256_hex(request.body);
    add("X-Amz-Date", amz_date(options.at), true);
    if (!credentials.session_token.empty())
        add("X-Amz-Security-Token", credentials.session_token.reveal(), !options.token_unsigned);
    if (options.content_hash_header)
        add("x-amz-content-sha256", content_hash, true);
    auto const canonical = canonical_headers(headers);
    result.canonical_request = request.method + "\n" + canonical_path(request.path, options) + "\n"
        + canonical_query(parameters_of(request.query)) + "\n" + canonical.lines + "\n" + canonical.names + "\n"
        + content_hash;
    complete(result, credentials, options);
    result.headers.emplace_back("Authorization",
        std::string(algorithm) + " Credential=" + credentials.access_key_id + "/" + scope_of(options)
            + ", SignedHeaders=" + canonical.names + ", Signature=" + result.signature);
    return result;
}

Signature presign(Request const& request, Credentials const& credentials, Options const& options, Seconds valid_for) {
    Signature result;
    auto const canonical = canonical_headers(request.headers);
    auto parameters = parameters_of(request.query);
    parameters.emplace_back("X-Amz-Algorithm", algorithm);
    parameters.emplace_back("X-Amz-Credential", uri_encode(credentials.access_key_id + "/" + scope_of(options)));
    parameters.emplace_back("X-Amz-Date", amz_date(options.at));
    parameters.emplace_back("X-Amz-SignedHeaders", uri_encode(canonical.names));
    parameters.emplace_back("X-Amz-Expires", std::to_string(valid_for.count()));
    std::pair<std::string, std::string> const token { "X-Amz-Security-Token",
        uri_encode(credentials.session_token.reveal()) };
    if (!credentials.session_token.empty() && !options.token_unsigned)
        parameters.push_back(token);
    result.canonical_request = request.method + "\n" + canonical_path(request.path, options) + "\n"
        + canonical_query(parameters) + "\n" + canonical.lines + "\n" + canonical.names + "\n"
        + (options.content_hash_header ? "UNSIGNED-PAYLOAD" : sha256_hex(request.body));
    complete(result, credentials, options);
    if (!credentials.session_token.empty() && options.token_unsigned)
        parameters.push_back(token);
    parameters.emplace_back("X-Amz-Signature", result.signature);
    result.query = query_text(parameters);
    return result;
}

} // namespace convops::sigv4
