// Whether a request really comes from Slack or from Meta: the signature over its raw bytes, checked before anything
// is parsed. Constant in time over where two signatures differ.
#pragma once

#include "base/result.h"
#include "base/time.h"

namespace convops {

// Slack's window against replays. https://docs.slack.dev/authentication/verifying-requests-from-slack
inline constexpr Minutes slack_signature_window { 5 };

// X-Slack-Signature "v0=<hex>" is the HMAC-SHA256 of "v0:<X-Slack-Request-Timestamp>:<body>" with the signing secret.
// access_denied: forged, or older (or further ahead) than the window.
Result<> check_slack_signature(
    std::string_view secret, std::string_view timestamp, std::string_view signature, std::string_view body, Time now);

// X-Hub-Signature-256 "sha256=<hex>" is the HMAC-SHA256 of the body with the app secret.
// https://developers.facebook.com/docs/graph-api/webhooks/getting-started#validate-payloads
Result<> check_whatsapp_signature(std::string_view app_secret, std::string_view signature, std::string_view body);

std::string hmac_sha256_hex(std::string_view key, std::string_view bytes);

} // namespace convops
