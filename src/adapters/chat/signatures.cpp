#include "adapters/chat/signatures.h"

#include "base/text.h"

#include <array>
#include <charconv>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

namespace convops {

namespace {

Error refused(std::string why) {
    return { ErrorKind::access_denied, std::move(why) };
}

bool same(std::string_view given, std::string_view expected) {
    return given.size() == expected.size() && CRYPTO_memcmp(given.data(), expected.data(), given.size()) == 0;
}

} // namespace

std::string hmac_sha256_hex(std::string_view key, std::string_view bytes) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest {};
    unsigned int length = 0;
    if (HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
            reinterpret_cast<unsigned char const*>(bytes.data()), bytes.size(), digest.data(), &length)
        == nullptr)
        return {};
    return to_hex({ reinterpret_cast<char const*>(digest.data()), length });
}

Result<> check_slack_signature(std::string_view secret, std::string_view timestamp, std::string_view signature,
    std::string_view body, Time now) {
    std::int64_t seconds = 0;
    auto const [end, error] = std::from_chars(timestamp.data(), timestamp.data() + timestamp.size(), seconds);
    constexpr std::int64_t latest = 4'102'444'800; // the year 2100; more would overflow milliseconds
    if (error != std::errc {} || end != timestamp.data() + timestamp.size() || seconds < 0 || seconds > latest)
        return refused("the Slack timestamp is missing or unreadable");
    auto const sent = Time { Seconds { seconds } };
    if (sent + slack_signature_window < now || now + slack_signature_window < sent)
        return refused("the Slack request is not of the last five minutes");
    auto const expected = "v0=" + hmac_sha256_hex(secret, "v0:" + std::string(timestamp) + ":" + std::string(body));
    if (secret.empty() || expected.size() != 3 + 64 || !same(signature, expected))
        return refused("the Slack signature is wrong or missing");
    return {};
}

Result<> check_whatsapp_signature(std::string_view app_secret, std::string_view signature, std::string_view body) {
    auto const expected = "sha256=" + hmac_sha256_hex(app_secret, body);
    if (app_secret.empty() || expected.size() != 7 + 64 || !same(signature, expected))
        return refused("the WhatsApp signature is wrong or missing");
    return {};
}

} // namespace convops
