// What was read of an account: for each reading and Region its items, and what is missing from them.
#pragma once

#include "audit/inventory.h"

#include <map>
#include <set>

namespace convops {

// Why a list is not whole.
struct AuditShortfall {
    ErrorKind kind = ErrorKind::unavailable;
    std::string why; // one line
    std::string iam_action; // set when permission was denied
};

// One reading in one Region.
struct AuditListing {
    // As AWS sent them. An item of a reading with a parent has "@of": the index of the first parent of its call in
    // the parent's listing, and where it was asked for several, it is a list item that names its owner itself.
    JsonArray items;
    bool asked = false; // false: the reading does not exist, or its parent could not be read
    std::optional<AuditShortfall> shortfall; // the whole list failed, or its parent's did
    bool cut = false; // the page or call limit was reached
    std::map<std::size_t, AuditShortfall> failed_for; // parents whose own call failed
    std::set<std::size_t> cut_for; // parents whose own list was longer than what was read
    [[nodiscard]] bool whole() const { return asked && !shortfall && !cut && failed_for.empty(); }
    // The action that was refused, for the whole list or for one parent; empty: nothing was refused.
    [[nodiscard]] std::string refused_action() const;
};

class AuditAccount {
public:
    std::string id;
    std::vector<std::string> regions;
    Time at {};
    // Regions in which nothing could be read at all, and why: each is one line of the report, not one for every
    // check.
    std::map<std::string, std::string> unreachable;

    // Never null: a reading that was not asked is a AuditListing that says so. Global readings have the Region "".
    [[nodiscard]] AuditListing const& listing(std::string_view reading, std::string_view region) const;
    // Items only, for the many places where a shortfall is the runner's business.
    [[nodiscard]] JsonArray const& items(std::string_view reading, std::string_view region) const {
        return listing(reading, region).items;
    }
    // The items of a child reading that were asked for the parent at `index`.
    [[nodiscard]] std::vector<Json const*> items_of(
        std::string_view reading, std::string_view region, std::size_t index) const;
    void keep(std::string_view reading, std::string_view region, AuditListing listing);

private:
    std::map<std::pair<std::string, std::string>, AuditListing, std::less<>> listings_;
};

// Told after each answer; called on the caller's thread.
struct AuditProgress {
    std::size_t calls_done = 0;
    std::size_t calls_planned = 0; // known so far; grows as lists are found
};
using AuditObserver = std::function<void(AuditProgress const&)>;

// What the calls that are left will take at the pace so far; nullopt before the pace is known.
std::optional<Seconds> time_left(AuditProgress const& progress, Milliseconds elapsed);

// What an account may take in memory, whatever it answers: lists beyond it are cut and say so.
struct AuditLimits {
    std::size_t items_of_a_list = 100'000;
    std::size_t bytes_of_all = std::size_t { 600 } << 20; // as approximate_bytes() counts
};

// Reads everything of the table in every Region: rounds of parallel calls, first the lists, then what is asked for
// each of their items. Never fails: what could not be read is a shortfall.
AuditAccount read_account(Aws& aws, std::string const& id, std::span<std::string const> regions, Time now,
    std::span<AuditReading const> readings, AuditObserver const& observer = {}, AuditLimits const& limits = {});

} // namespace convops
