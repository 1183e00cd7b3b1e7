// What somebody said to us in a chat, whichever way it arrived.
#pragma once

#include "base/json.h"
#include "model/assessment.h"

#include <variant>
#include <vector>

namespace convops {

enum class Word : std::uint8_t { hi, yes, no, usage, status, help, stop };
std::string_view to_string(Word word); // "hi"
std::optional<Word> word_from(std::string_view name); // to_string's names only

struct DigDeeper {
    bool operator==(DigDeeper const&) const = default;
};
struct AskedText {
    std::string text; // hostile
    bool operator==(AskedText const&) const = default;
};
// Whether the first cause is right.
struct Judged {
    Opinion opinion = Opinion::right;
    std::string mark; // of the cause, as the button carried it; empty: said in words
    bool operator==(Judged const&) const = default;
};
// "mute orders-db 2h": for so long nobody wants to hear of it. length 0: it was not said, or not understood.
struct MuteAsked {
    std::string target; // "orders-db", "alarm:staging-*", "tag:Environment=staging"; hostile
    Minutes length { 0 };
    bool operator==(MuteAsked const&) const = default;
};
struct UnmuteAsked {
    std::string target;
    bool operator==(UnmuteAsked const&) const = default;
};
using Said = std::variant<DigDeeper, AskedText, Word, Judged, MuteAsked, UnmuteAsked>;

// Said to us (a mention, a button, a private chat), or merely where we can hear it, in a thread of ours.
enum class Address : std::uint8_t { to_us, overheard };

struct Utterance {
    std::string channel; // "slack", "whatsapp": file name of the channel that answers
    std::string address; // Slack channel id; WhatsApp number in digits
    std::string answers; // id of the message that it answers (Slack: the thread's first); empty: none
    std::string message_id; // its own id, to be answered; empty for a button or a command
    std::string author; // Slack user id, WhatsApp number: never logged
    std::string event_id; // the same one again is a duplicate
    Time at {};
    Said said;
    Address heard = Address::to_us;
    bool guest = false; // of another organisation, in a channel that both share: may read and ask, but not judge
};

// A message of ours that the channel could not deliver after having taken it.
struct UndeliveredMessage {
    std::string channel;
    std::string message_id;
    std::string code; // the channel's error code
};

struct Inbound {
    std::optional<std::string> challenge; // to be answered as it is
    std::vector<Utterance> utterances; // bounded
    std::vector<UndeliveredMessage> undelivered; // bounded
};

inline constexpr std::size_t most_utterances = 50; // of one request
inline constexpr std::size_t most_said_bytes = 4'096; // WhatsApp's own limit of a text; more is cut

// The meaning of a text. What people say to each other is left alone: of what is overheard only questions, "dig
// deeper", help and status count, and everything else is nullopt.
std::optional<Said> understand(std::string_view text, Address address);

} // namespace convops
