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
DeliveryRates::At DeliveryRates::earliest(Buckets const& buckets, RateDemand const& demand, At now) {
    auto turn = now;
    for (auto const* limit : demand.limits) {
        auto const bucket = buckets.find({ demand.token, bucket_address(*limit, demand), limit });
        if (bucket != buckets.end())
            turn = std::max(turn, bucket->second - (limit->burst - 1) * limit->interval);
    }
    return turn;
}

DeliveryRates::At DeliveryRates::earliest(RateDemand const& demand, At now) const {
    auto turn = std::max(earliest(full_at_, demand, now), earliest(sent_full_at_, demand, now));
    for (auto const& address : { std::string(), demand.address })
        if (auto const held = held_until_.find({ demand.token, address }); held != held_until_.end())
            turn = std::max(turn, held->second);
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
    for (auto* buckets : { &full_at_, &sent_full_at_ })
        if (buckets->size() >= most_buckets)
            std::erase_if(*buckets, [&](auto const& bucket) { return bucket.second <= now; });
    if (held_until_.size() >= most_buckets)
        std::erase_if(held_until_, [&](auto const& hold) { return hold.second <= now; });
    if (tickets_.size() >= most_tickets)
        std::erase_if(tickets_, [&](auto const& ticket) { return ticket.second.turn + tickets_are_kept <= now; });
}

Milliseconds DeliveryRates::reserve(std::string const& ticket, RateDemand const& demand, Instant instant) {
    auto const now = at_of(instant);
    std::scoped_lock const lock(mutex_);
    if (auto const known = tickets_.find(ticket); known != tickets_.end())
        return std::max(known->second.turn, earliest(sent_full_at_, demand, now)) - now;

    forget_old(now);
    auto const turn = earliest(demand, now);
    if (tickets_.size() >= most_tickets && turn > now) // Too many wait already: this one asks again later.
        return turn - now;
    take(demand, turn, now);
    tickets_[ticket] = { turn, demand };
    return turn - now;
}

void DeliveryRates::sent(RateDemand const& demand, At now) {
    for (auto const* limit : demand.limits) {
        auto& full_at = sent_full_at_[{ demand.token, bucket_address(*limit, demand), limit }];
        full_at = std::max(full_at, now) + limit->interval;
    }
}

void DeliveryRates::use(std::string const& ticket, Instant now) {
    std::scoped_lock const lock(mutex_);
    auto const known = tickets_.find(ticket);
    if (known == tickets_.end())
        return;
    sent(known->second.demand, at_of(now));
    tickets_.erase(known);
}

void DeliveryRates::charge(RateDemand const& demand, Instant now) {
    std::scoped_lock const lock(mutex_);
    take(demand, at_of(now), at_of(now));
    sent(demand, at_of(now));
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
        if (meant(ticket.demand.token, ticket.demand.address))
            ticket.turn = ticket.turn <= from ? until : ticket.turn + (until - from);
    for (auto& [key, full_at] : full_at_)
        if (meant(key.token, key.address) && full_at > from)
            full_at += until - from;
}

} // namespace convops
