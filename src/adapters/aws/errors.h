// What AWS says when it refuses, in every protocol, as an Error with a kind that callers can act on. Pure.
#pragma once

#include "base/result.h"
#include "base/time.h"
#include "ports/http.h"

#include <optional>

namespace convops {

struct AwsRefusal {
    std::string code; // "AccessDeniedException"
    Error error; // one line, without AWS's echo of the signed request
    bool clock_is_off = false; // the request's time was refused: see the Date header
    bool session_ended = false; // fresh credentials may help
};

AwsRefusal read_refusal(HttpResponse const& response);

ErrorKind kind_of_refusal(std::string_view code, int status);

// "Sun, 06 Nov 1994 08:49:37 GMT"
std::optional<Time> parse_http_date(std::string_view text);

} // namespace convops
