// E-mail: through Resend when there is a key, otherwise into an outbox folder, one file a message.
// https://resend.com/docs/api-reference/emails/send-email
#pragma once

#include "ports/http.h"

#include <filesystem>

namespace convops {

struct Mail {
    std::string to;
    std::string subject;
    std::string text;
    std::string key; // the same message sent twice arrives once
};

struct MailSettings {
    std::string from; // "ConvOps <audit@example.com>"
    std::string resend_key; // secret; empty: the outbox folder
    std::string resend_url = "https://api.resend.com";
    std::filesystem::path outbox;
};

class Mailer {
public:
    Mailer(MailSettings settings, Http& http)
        : settings_(std::move(settings))
        , http_(http) { }
    // Errors: invalid_input (not an address), access_denied (key), throttled, unavailable, timeout.
    Result<> send(Mail const& mail);

private:
    Result<> send_by_resend(Mail const& mail);
    MailSettings settings_;
    Http& http_;
};

// One mailbox, nothing that could end a header or name a second one. At most 254 bytes (RFC 5321).
bool is_mailbox(std::string_view text);

} // namespace convops
