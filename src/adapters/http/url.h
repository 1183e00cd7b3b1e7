// What the client needs to know of a URL before it connects. Stricter than browsers: no user names, no control bytes.
#pragma once

#include "base/result.h"

namespace convops {

struct UrlParts {
    std::string scheme; // "http" or "https"
    std::string host; // lower case, without brackets
    int port = 0; // the scheme's default when the URL names none
    std::string path; // as written, at least "/"
    std::string query; // as written, without "?"

    // The value of the Host header: the port only when it is not the scheme's own.
    [[nodiscard]] std::string authority() const;
};

Result<UrlParts> parse_url(std::string_view url);

} // namespace convops
