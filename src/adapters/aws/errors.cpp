#include "adapters/aws/errors.h"

#include "adapters/aws/xml.h"
#include "base/json.h"
#include "base/text.h"

#include <array>

namespace convops {

namespace {

constexpr std::size_t longest_message = 600;
constexpr std::size_t longest_code = 100;

struct Said {
    std::string code;
    std::string message;
};

// "com.amazonaws.ecs#ClusterNotFoundException:http://..." -> "ClusterNotFoundException"
std::string plain_code(std::string code) {
    code = code.substr(code.rfind('#') == std::string::npos ? 0 : code.rfind('#') + 1);
    code = code.substr(0, code.find(':'));
    std::erase_if(code, [](char c) {
        return !((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_'
            || c == '-');
    });
    return code.substr(0, longest_code);
}

std::string first_text(Json const& json, std::initializer_list<std::string_view> paths) {
    for (auto const path : paths)
        if (auto text = text_at(json, path); !text.empty())
            return text;
    return {};
}

// <ErrorResponse><Error>, <Response><Errors><Error> (EC2) and a bare <Error> (S3), with the root already removed.
Said said_in_xml(Json const& json) {
    for (auto const* place : { "Error.", "Errors.Error.", "" }) {
        std::string const prefix = place;
        Said said { text_at(json, prefix + "Code"), text_at(json, prefix + "Message") };
        if (!said.code.empty())
            return said;
    }
    return {};
}

Said said_in(HttpResponse const& response) {
    Said said;
    auto const first = response.body.find_first_not_of(" \t\r\n");
    if (first != std::string::npos && response.body[first] == '<') {
        if (auto const json = xml_to_json(response.body, {}, XmlLimits {}))
            said = said_in_xml(*json);
    } else if (auto const json = parse_json(response.body)) {
        said.code = first_text(*json, { "__type", "code", "Code", "Error.Code", "error" });
        said.message = first_text(*json, { "message", "Message", "errorMessage", "Error.Message" });
    }
    // REST-JSON says the code in a header, https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html
    if (auto const header = response.header("x-amzn-errortype"); !header.empty())
        said.code = header;
    said.code = plain_code(said.code);
    return said;
}

bool starts_with_any(std::string_view code, std::initializer_list<std::string_view> starts) {
    return std::ranges::any_of(starts, [&](std::string_view start) { return code.starts_with(start); });
}

bool has_any(std::string_view code, std::initializer_list<std::string_view> parts) {
    return std::ranges::any_of(
        parts, [&](std::string_view part) { return code.find(part) != std::string_view::npos; });
}

bool ends_session(std::string_view code) {
    return starts_with_any(code, { "ExpiredToken", "TokenRefreshRequired" });
}

bool is_about_time(std::string_view code, std::string_view message) {
    if (starts_with_any(code, { "RequestTimeTooSkewed", "RequestExpired", "RequestInTheFuture" }))
        return true;
    return starts_with_any(code, { "SignatureDoesNotMatch", "InvalidSignature", "AuthFailure" })
        && has_any(message, { "Signature expired", "Signature not yet current" });
}

// AWS explains a wrong signature by echoing the request that it saw, session token included. So these have our words.
std::string_view own_words(std::string_view code) {
    if (ends_session(code))
        return "the session has expired; get fresh credentials";
    if (starts_with_any(code, { "InvalidClientTokenId", "UnrecognizedClient", "InvalidAccessKeyId" }))
        return "AWS does not know these credentials; check the access key, or whether this Region is enabled";
    if (starts_with_any(code, { "SignatureDoesNotMatch", "InvalidSignature", "IncompleteSignature", "AuthFailure" }))
        return "AWS refused the signature; check the secret access key and this machine's clock";
    if (starts_with_any(code, { "RequestTimeTooSkewed", "RequestExpired", "RequestInTheFuture" }))
        return "this machine's clock is too far from AWS's";
    if (starts_with_any(code, { "MissingAuthenticationToken" }))
        return "the request arrived without a signature; check the endpoint URL";
    return {};
}

} // namespace

ErrorKind kind_of_refusal(std::string_view code, int status) {
    if (has_any(code,
            { "Throttl", "TooManyRequests", "RequestLimitExceeded", "ThroughputExceeded", "SlowDown",
                "BandwidthLimitExceeded", "LimitExceededException", "PriorRequestNotComplete" })
        || status == 429)
        return ErrorKind::throttled;
    if (starts_with_any(code, { "RequestTimeout" }) || status == 408)
        return ErrorKind::timeout;
    if (status >= 500)
        return ErrorKind::unavailable;
    if (has_any(code, { "AccessDenied", "Unauthorized", "NotAuthorized", "Forbidden" })
        || starts_with_any(code,
            { "AuthorizationError", "SubscriptionRequired", "OptInRequired", "InvalidClientTokenId",
                "MissingAuthenticationToken", "InvalidToken" })
        || ends_session(code) || !own_words(code).empty())
        return ErrorKind::access_denied;
    if (has_any(code, { "NotFound", "NoSuch", "DoesNotExist", "NonExistent" }))
        return ErrorKind::not_found;
    if (starts_with_any(code, { "Validation", "Invalid", "Malformed", "Missing", "Serialization", "BadRequest" }))
        return ErrorKind::invalid_input;
    if (status == 401 || status == 403)
        return ErrorKind::access_denied;
    if (status == 404)
        return ErrorKind::not_found;
    if (status >= 400)
        return ErrorKind::invalid_input;
    return ErrorKind::unavailable; // A redirect, which is never followed.
}

AwsRefusal read_refusal(HttpResponse const& response) {
    auto const said = said_in(response);
    AwsRefusal refusal;
    refusal.code = said.code;
    refusal.clock_is_off = is_about_time(said.code, said.message);
    refusal.session_ended = ends_session(said.code);
    refusal.error.kind = kind_of_refusal(said.code, response.status);
    auto words = std::string(own_words(said.code));
    if (words.empty())
        words = said.message;
    words = replace_all(replace_all(clean_utf8(words), "\n", " "), "\t", " ");
    auto const code = said.code.empty() ? "HTTP status " + std::to_string(response.status) : said.code;
    refusal.error.message = shorten(words.empty() ? code : code + ": " + words, longest_message);
    return refusal;
}

std::optional<Time> parse_http_date(std::string_view text) {
    constexpr std::array<std::string_view, 12> months { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep",
        "Oct", "Nov", "Dec" };
    constexpr std::size_t usual_size = 29;
    if (text.size() != usual_size || !text.ends_with(" GMT"))
        return std::nullopt;
    auto const number = [&](std::size_t at, std::size_t size) {
        int value = 0;
        for (char const c : text.substr(at, size))
            value = c >= '0' && c <= '9' && value >= 0 ? value * 10 + (c - '0') : -1;
        return value;
    };
    auto const month = std::ranges::find(months, text.substr(8, 3)) - months.begin();
    auto const day = number(5, 2);
    auto const year = number(12, 4);
    auto const hour = number(17, 2);
    auto const minute = number(20, 2);
    auto const second = number(23, 2);
    if (month == 12 || day < 1 || year < 1970 || hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0
        || second > 60)
        return std::nullopt;
    auto const date = std::chrono::year(year) / static_cast<int>(month + 1) / day;
    if (!date.ok())
        return std::nullopt;
    return std::chrono::sys_days(date) + Hours { hour } + Minutes { minute } + Seconds { second };
}

} // namespace convops
