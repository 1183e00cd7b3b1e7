// A message as Block Kit, shared by the bot-token channel and the incoming webhook.
#pragma once

#include "base/json.h"
#include "message/channels.h"

namespace convops {

// Slack's limits. https://docs.slack.dev/reference/block-kit/blocks and .../methods/chat.postMessage#truncating
struct SlackLimits {
    static constexpr std::size_t blocks = 50;
    static constexpr std::size_t header_text = 150;
    static constexpr std::size_t button_text = 75;
    static constexpr std::size_t section_text = 3000;
    static constexpr std::size_t context_text = 2000;
    static constexpr std::size_t alt_text = 2000;
    static constexpr std::size_t fallback_text = 4000; // "should be less than 4,000"; truncated at 40,000
    // All blocks together answer msg_blocks_too_long somewhere between 9,600 and 11,300 characters; the documentation
    // does not say where. https://github.com/slackapi/bolt-js/issues/2867
    static constexpr std::size_t all_text = 8000;
};

// The blocks, and `text` for notifications and screen readers. `portal_url`: links to it are allowed.
JsonObject slack_payload(Message const& message, std::string_view portal_url, std::string_view chart_file_id);

// What Retry-After asks for (seconds, at most an hour). https://docs.slack.dev/apis/web-api/rate-limits
Milliseconds asked_wait(HttpResponse const& response, Milliseconds otherwise);

// Slack's refusal in words for the log; `error` comes from outside and is cleaned.
std::string slack_refusal(std::string_view error, Json const& answer);

} // namespace convops
