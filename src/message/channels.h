// Channels: one file each in channels/. A channel turns a message into HTTP requests of its API and reads the
// answers. Rendering and classifying are pure; message/deliver sends through the port Http.
#pragma once

#include "message/rates.h"
#include "model/message.h"
#include "ports/http.h"

namespace convops {

// Where a channel's API is and the secret that it takes; from the settings. Never logged, never in an Error.
struct ChannelAccess {
    std::string base_url; // "https://slack.com", or what CONVOPS_SLACK_URL says
    std::string token; // bot token, access token; or the webhook URL for slack_webhook
    std::map<std::string, std::string> settings; // "phone_number_id", "template_name", "template_language",
                                                 // "api_version", "portal_url" (links to it are allowed)
};

std::string portal_of(ChannelAccess const& access); // settings["portal_url"], or ""

// What the channel told us about a message already sent for this incident, so that it can be edited or answered.
struct MessageReference {
    std::string channel_id;
    std::string message_id; // Slack "ts", WhatsApp "wamid..."
    bool operator==(MessageReference const&) const = default;
};

struct Delivered {
    MessageReference reference;
    std::vector<std::string> notes; // what was left away ("without the chart: ..."), for the log
};
// Why a message did not arrive although it still may: what follows differs.
enum class Trouble : std::uint8_t {
    not_our_turn, // our own rates: nothing was sent
    rate_limited, // the channel's: nothing of this token goes out until then
    address_limited, // the channel's, for this one address
    not_ready, // the channel wants a moment for what it has been given; nothing was shown
    theirs, // the channel has a problem; it may have taken the message nevertheless
    network, // no answer; it may have taken the message
    ours, // something on this side: nothing was sent
};
std::string_view to_string(Trouble trouble);

// Nothing was wrong with the message and it is only early: this never counts as a failed try.
constexpr bool is_rate_limit(Trouble trouble) {
    return trouble == Trouble::not_our_turn || trouble == Trouble::rate_limited
        || trouble == Trouble::address_limited;
}
// The next try must look first, where the channel can be asked.
constexpr bool may_have_arrived(Trouble trouble) {
    return trouble == Trouble::theirs || trouble == Trouble::network;
}

struct RetryAfter {
    Milliseconds wait { 0 };
    std::string why;
    Trouble trouble = Trouble::theirs;
};
struct Rejected { // retrying would not help
    std::string why;
};
using DeliveryOutcome = std::variant<Delivered, RetryAfter, Rejected>;

// `repeated`: an earlier try may have reached the channel before we learnt of it (a time-out, a crash), so look
// first.
enum class Attempt : std::uint8_t { first, repeated };

struct Delivery {
    Route route;
    Message message;
    std::optional<MessageReference> previous; // set: edit in place where the channel can, else answer in its thread
    std::string idempotency_key;
    bool within_session = true; // WhatsApp: the 24-hour window is open, so free text is allowed
    Attempt attempt = Attempt::first;
    std::optional<Message> shown; // what `previous` shows now: a resolved notice marks it where the channel can edit
    std::string chart_reference; // set by deliver() from upload_chart
};

struct Channel {
    std::string_view name; // file name
    std::string_view default_base_url;
    // The main request that shows the message.
    HttpRequest (*render)(Delivery const& delivery, ChannelAccess const& access) = nullptr;
    DeliveryOutcome (*classify)(Result<HttpResponse> const& answer, Delivery const& delivery) = nullptr;
    // Uploads the chart and returns the reference that `render` embeds ("" when the channel shows none). May be
    // nullptr.
    Result<std::string> (*upload_chart)(Delivery const& delivery, ChannelAccess const& access, Http& http) = nullptr;
    // Sent after the main request was delivered; their failure is a note, not a failed delivery. May be nullptr.
    std::vector<HttpRequest> (*follow_ups)(
        Delivery const& delivery, ChannelAccess const& access, MessageReference const& sent)
        = nullptr;
    // After a refusal: a plainer delivery that the channel may take instead (a template, no chart, a new message in
    // place of an edit); nullopt when there is none. May be nullptr.
    std::optional<Delivery> (*plainer)(Result<HttpResponse> const& answer, Delivery const& delivery) = nullptr;
    // For Attempt::repeated: the message with this idempotency key, if the channel already shows it. May be nullptr.
    Result<std::optional<MessageReference>> (*find_sent)(
        Delivery const& delivery, ChannelAccess const& access, Http& http)
        = nullptr;
    // True: the main request changes a message instead of posting one. nullptr: never.
    bool (*edits)(Delivery const& delivery) = nullptr;
    // How fast it may be written to. At least one limit; a contract test asks for its source.
    std::span<RateLimit const> limits;
};

namespace channels {
using Registered = Channel;
std::vector<Registered> all();
} // namespace channels

} // namespace convops
