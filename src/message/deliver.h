// Sending one message: look for an earlier try -> its turn -> upload the chart -> send -> classify -> a plainer one
// where the channel refuses -> follow-ups. Decisions are the channel's and pure; here they only meet the network.
#pragma once

#include "message/channels.h"
#include "ports/clock.h"

namespace convops {

Channel const* find_channel(std::string_view name);

// What this delivery takes from the channel's limits. Of the delivery: the route, the message's kind and `previous`.
RateDemand demand_of(Channel const& channel, Delivery const& delivery, ChannelAccess const& access);

// Delivered, RetryAfter (nothing certain was sent: try again, with Attempt::repeated), or Rejected. An Error only for
// what no channel can answer: an unknown channel, a base URL that is not https (http for loopback only).
// No token is ever part of an outcome or an error.
Result<DeliveryOutcome> deliver(
    Delivery delivery, ChannelAccess access, Http& http, Clock& clock, DeliveryRates* rates = nullptr);

} // namespace convops
