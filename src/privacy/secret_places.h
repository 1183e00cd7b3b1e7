// Secrets known by the place where they stand: the user part of a URL, cookies, credentials of command lines.
#pragma once

#include "privacy/secret_values.h"

namespace convops {

// "://user:password@": the span behind "://", at which `at` stands.
Span url_credentials(std::string_view text, std::size_t at);

// "jdbc:oracle:thin:user/password@": the span behind "thin:", at which `at` stands.
Span oracle_credentials(std::string_view text, std::size_t at);

// "Basic dXNlcjpwYXNz", "Bearer abc...": the span of what follows the scheme at `at`.
Span scheme_credentials(std::string_view text, std::size_t at);

// The value of the next cookie of a header at or behind `at`; `end` says where to go on, 0 when the header is over.
struct Cookie {
    Span value;
    std::size_t end = 0;
};
Cookie next_cookie(std::string_view text, std::size_t at);

// Remembers which program a line calls, because `-p` means a password to one and a port to the next.
class CommandLine {
public:
    // A word of the text was seen at `at`; the span of a secret that its program takes there.
    Span word(std::string_view text, std::size_t at, std::size_t length);

private:
    std::string_view program_;
    std::size_t program_at_ = 0;
};

} // namespace convops
