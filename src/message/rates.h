// How fast each channel may be written to: token buckets per address and per token, shared by every worker of the
// process. A message that has to wait gets a turn of its own (a ticket) and comes back when it is due, so that a long
// queue costs one postponement a message and not one a second, and nobody overtakes.
//
// Time is what the caller says (Clock::monotonic), so a wall clock that is set back or forth changes no turn. A
// restart forgets the buckets; then the channel's own 429 is the limit, and hold() makes everyone wait for it.
#pragma once

#include "base/time.h"

#include <cstdint>
#include <map>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace convops {

// One line of a channel's card: at most `burst` messages at once, one more each `interval`.
struct RateLimit {
    enum class Counts : std::uint8_t { every_message, new_messages, edits };
    enum class Per : std::uint8_t { address, token };
    Counts counts = Counts::every_message;
    Per per = Per::address;
    int burst = 1;
    Milliseconds interval { 1000 };
    std::string_view source; // URL of the promise that this limit keeps
};

// What one message takes from.
struct RateDemand {
    std::string token; // whose limits: the channel and its secret, or a name that stands for it; never shown
    std::string address;
    std::vector<RateLimit const*> limits;
};

class DeliveryRates {
public:
    using Instant = std::chrono::nanoseconds; // Clock::monotonic()

    // How long until it is this ticket's turn; zero: now. Asking again with the same ticket answers for the same
    // turn.
    Milliseconds reserve(std::string const& ticket, RateDemand const& demand, Instant now);
    // The turn was used: the ticket is forgotten, what it took stays taken.
    void use(std::string const& ticket, Instant now);
    // Sent without a turn (a follow-up): it counts all the same.
    void charge(RateDemand const& demand, Instant now);
    // The channel told us to wait: nothing of this token (or, with an address, nothing to it) goes out until then,
    // and every turn after now moves by as much.
    void hold(std::string const& token, std::string const& address, Milliseconds wait, Instant now);

    static constexpr Milliseconds longest_hold { 3'600'000 };

private:
    using At = Milliseconds;
    struct BucketKey {
        std::string token;
        std::string address; // empty: of the whole token
        RateLimit const* limit = nullptr;
        auto operator<=>(BucketKey const&) const = default;
    };
    struct Ticket {
        At turn {};
        RateDemand demand;
    };
    using Buckets = std::map<BucketKey, At>; // when each is full again if nothing more is taken
    [[nodiscard]] static At earliest(Buckets const& buckets, RateDemand const& demand, At now);
    [[nodiscard]] At earliest(RateDemand const& demand, At now) const;
    void take(RateDemand const& demand, At turn, At now);
    void sent(RateDemand const& demand, At now);
    void forget_old(At now);

    static constexpr std::size_t most_tickets = 20'000;
    static constexpr std::size_t most_buckets = 20'000;
    static constexpr Milliseconds tickets_are_kept { 600'000 }; // unused, after their turn
    std::mutex mutex_;
    Buckets full_at_; // by the turns that were given
    Buckets sent_full_at_; // by what went out: turns that were used late do not bunch
    std::map<std::pair<std::string, std::string>, At> held_until_; // by token and address ("" for all)
    std::map<std::string, Ticket> tickets_;
};

} // namespace convops
