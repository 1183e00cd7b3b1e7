#include "app/mail.h"

#include "adapters/files/files.h"
#include "base/json.h"
#include "base/text.h"

namespace convops {

namespace {

constexpr Milliseconds time_to_send { 10'000 };

ErrorKind kind_of(int status) {
    if (status == 401 || status == 403)
        return ErrorKind::access_denied;
    if (status == 429)
        return ErrorKind::throttled;
    return status >= 500 ? ErrorKind::unavailable : ErrorKind::invalid_input;
}

std::string file_name(std::string_view key) {
    std::string name;
    for (char const c : key)
        name += std::isalnum(static_cast<unsigned char>(c)) != 0 ? c : '-';
    return name.substr(0, 100) + ".eml";
}

} // namespace

bool is_mailbox(std::string_view text) {
    constexpr std::size_t longest = 254;
    constexpr std::string_view allowed
        = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.!#$%&'*+/=?^_`{|}~-@";
    if (text.empty() || text.size() > longest || text.find_first_not_of(allowed) != std::string_view::npos)
        return false;
    auto const at = text.find('@');
    if (at == 0 || at == std::string_view::npos || text.find('@', at + 1) != std::string_view::npos)
        return false;
    auto const domain = text.substr(at + 1);
    return domain.find('.') != std::string_view::npos && !domain.starts_with('.') && !domain.ends_with('.')
        && domain.find("..") == std::string_view::npos
        && domain.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-")
        == std::string_view::npos;
}

Result<> Mailer::send(Mail const& mail) {
    if (!is_mailbox(mail.to))
        return Error { ErrorKind::invalid_input, "this is not an e-mail address" };
    if (!settings_.resend_key.empty())
        return send_by_resend(mail);
    std::error_code error;
    std::filesystem::create_directories(settings_.outbox, error);
    auto const message = "From: " + settings_.from + "\r\nTo: " + mail.to + "\r\nSubject: " + mail.subject
        + "\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n" + replace_all(mail.text, "\n", "\r\n");
    return write_file(settings_.outbox / file_name(mail.key), message).with_context("outbox of mails");
}

Result<> Mailer::send_by_resend(Mail const& mail) {
    HttpRequest request;
    request.method = "POST";
    request.url = settings_.resend_url + "/emails";
    request.headers = { { "Authorization", "Bearer " + settings_.resend_key }, { "Content-Type", "application/json" },
        { "Idempotency-Key", mail.key } };
    request.body = to_text(JsonObject { { "from", settings_.from }, { "to", JsonArray { mail.to } },
        { "subject", mail.subject }, { "text", mail.text } });
    request.timeout = time_to_send;
    auto const response = TRY(http_.send(request).with_context("Resend"));
    if (response.status / 100 == 2)
        return {};
    // Its answer may repeat the address: only the status is told.
    return Error { kind_of(response.status), "Resend answered " + std::to_string(response.status) };
}

} // namespace convops
