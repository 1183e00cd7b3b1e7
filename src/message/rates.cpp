#include "message/rates.h"

#include <algorithm>

namespace convops {

namespace {

Milliseconds at_of(DeliveryRates::Instant now) {
    return std::chrono::floor<Milliseconds>(now);
}

std::string bucket_address(RateLimit const& limit, RateDemand const& demand) {
    return limit.per == RateLimit::Per::address ? demand.address : std::string();
}

} // namespace

// A bucket is one number (the generic cell rate algorithm, ITU-T I.371): the time at which it is full again. A
// message may go when no more than `burst` messages' worth is missing.
DeliveryRates::At DeliveryRates::earliest(RateDemand const& demand, At now) const {
    auto turn = now;
    for (auto const& address : { std::string(), demand.address })
        if (auto const held = held_until_.find({ demand.token, address }); held != held_until_.end())
            turn = std::max(turn, held->second);
    for (auto const* limit : demand.limits) {
        auto const bucket = full_at_.find({ demand.token, bucket_address(*limit, demand), limit });
        if (bucket != full_at_.end())
            turn = std::max(turn, bucket->second - (limit->burst - 1) * limit->interval);
    }
    return turn;
}

void DeliveryRates::take(RateDemand const& demand, At turn, At now) {
    // Who waits for one address does not keep the token from others: there it counts as if it went at once.
    auto const held = held_until_.find({ demand.token, std::string() });
    auto const from = std::min(turn, held == held_until_.end() ? now : std::max(now, held->second));
    for (auto const* limit : demand.limits) {
        auto& full_at = full_at_[{ demand.token, bucket_address(*limit, demand), limit }];
        full_at = std::max(full_at, limit->per == RateLimit::Per::address ? turn : from) + limit->interval;
    }
}

void DeliveryRates::forget_old(At now) {
    if (full_at_.size() >= most_buckets)
        std::erase_if(full_at_, [&](auto const& bucket) { return bucket.second <= now; });
    if (held_until_.size() >= most_buckets)
        std::erase_if(held_until_, [&](auto const& hold) { return hold.second <= now; });
    if (tickets_.size() >= most_tickets)
        std::erase_if(tickets_, [&](auto const& ticket) { return ticket.second.turn + tickets_are_kept <= now; });
}

Milliseconds DeliveryRates::reserve(std::string const& ticket, RateDemand const& demand, Instant instant) {
    auto const now = at_of(instant);
    std::scoped_lock const lock(mutex_);
    if (auto const known = tickets_.find(ticket); known != tickets_.end())
        return std::max(At { 0 }, known->second.turn - now);
    forget_old(now);
    auto const turn = earliest(demand, now);
    if (tickets_.size() >= most_tickets && turn > now) // Too many wait already: this one asks again later.
        return turn - now;
    take(demand, turn, now);
    tickets_[ticket] = { turn, demand.token, demand.address };
    return turn - now;
}

void DeliveryRates::use(std::string const& ticket) {
    std::scoped_lock const lock(mutex_);
    tickets_.erase(ticket);
}

void DeliveryRates::charge(RateDemand const& demand, Instant now) {
    std::scoped_lock const lock(mutex_);
    take(demand, at_of(now), at_of(now));
}

void DeliveryRates::hold(std::string const& token, std::string const& address, Milliseconds wait, Instant instant) {
    auto const now = at_of(instant);
    std::scoped_lock const lock(mutex_);
    forget_old(now);
    auto& held_until = held_until_[{ token, address }];
    auto const from = std::max(now, held_until);
    auto const until = now + std::min(wait, longest_hold);
    if (until <= from)
        return;
    held_until = until;
    auto const meant = [&](std::string const& its_token, std::string const& its_address) {
        return its_token == token && (address.empty() || its_address == address);
    };
    for (auto& [name, ticket] : tickets_)
        if (meant(ticket.token, ticket.address))
            ticket.turn = ticket.turn <= from ? until : ticket.turn + (until - from);
    for (auto& [key, full_at] : full_at_)
        if (meant(key.token, key.address) && full_at > from)
            full_at += until - from;
}

} // namespace convops
