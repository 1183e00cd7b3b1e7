// The envelope in which SNS delivers over HTTPS: its fields, the text that its signature covers, and which URLs in it
// may be followed. Pure. The signature itself is checked by adapters/sns.
#pragma once

#include "base/json.h"

namespace convops {

enum class SnsType : std::uint8_t { notification, subscription_confirmation, unsubscribe_confirmation };
std::string_view to_string(SnsType type); // "Notification"

// https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html
struct SnsEnvelope {
    SnsType type = SnsType::notification;
    std::string message_id;
    std::string topic_arn;
    std::optional<std::string> subject; // an absent one is not signed, an empty one is
    std::string message;
    std::string timestamp; // as signed
    Time sent_at {};
    int signature_version = 1; // 1: SHA1withRSA, 2: SHA256withRSA
    std::string signature; // base64
    std::string signing_cert_url;
    std::string token; // of both confirmations
    std::string subscribe_url; // of both confirmations
};

// A message is at most 256 KiB; written as JSON text inside JSON each quote and newline costs one byte more.
inline constexpr std::size_t most_sns_envelope_bytes = std::size_t { 320 } * 1024;

// invalid_input names the field. Every signed field but the message itself must be free of newlines: they separate
// the fields of the signed text, and with them inside one field could pose as two.
Result<SnsEnvelope> parse_sns_envelope(std::string_view body);

// https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message-verify-message-signature.html
std::string string_to_sign(SnsEnvelope const& envelope);

// The certificate may be fetched from here: https, host exactly sns.<region>.amazonaws.com or .amazonaws.com.cn, no
// user, no port but 443, a plain path that ends in .pem, no query. access_denied with the reason otherwise.
Result<> check_certificate_url(std::string_view url);
// The subscription may be confirmed here: the same host rule, and a query that confirms this very topic and token.
Result<> check_subscribe_url(SnsEnvelope const& envelope);

} // namespace convops
