// Sending one message: look for an earlier try -> pace -> upload the chart -> send -> classify -> a plainer one where
// the channel refuses -> follow-ups. Decisions are the channel's and pure; here they only meet the network.
#pragma once

#include "message/channels.h"
#include "ports/clock.h"

#include <mutex>

namespace convops {

// When each address may be written to again. Shared by every worker.
class DeliveryPace {
public:
    // Takes the next slot of `address`: zero when it is free now, otherwise how long to wait (and nothing is taken).
    Milliseconds take(std::string const& address, Milliseconds interval, Time now);

private:
    static constexpr std::size_t most_addresses = 10'000;
    std::mutex mutex_;
    std::map<std::string, Time> free_at_;
};

Channel const* find_channel(std::string_view name);

// Delivered, RetryAfter (nothing certain was sent: try again, with Attempt::repeated), or Rejected. An Error only for
// what no channel can answer: an unknown channel, a base URL that is not https (http for loopback only).
// No token is ever part of an outcome or an error.
Result<DeliveryOutcome> deliver(
    Delivery delivery, ChannelAccess access, Http& http, Clock& clock, DeliveryPace* pace = nullptr);

} // namespace convops
