// Rounds of parallel calls. A round sends, for every reading at once, the next page of each list that has one; when a
// list has ended, the readings that ask about its items join the next round. The chain of dependent calls is as long
// as the longest list, not the sum of all.
#include "audit/account.h"

#include "base/text.h"

#include <deque>
#include <limits>
#include <set>

namespace convops {

namespace {

constexpr Milliseconds time_for_one_call { 20'000 };
constexpr std::size_t most_calls_of_a_round = 256; // What waits in memory at once is bounded.
// Of an audit: twenty times those of 5,000 resources. The free audit runs one after the other.
constexpr std::size_t most_calls = 50'000;
constexpr std::size_t of_no_parent = std::numeric_limits<std::size_t>::max();
constexpr int most_tries = 2; // of a call that was throttled
constexpr std::string_view global_region = "us-east-1";

// One list being read: a reading in one Region for one batch of parents.
struct Chain {
    std::size_t reading = 0;
    std::string region; // "" for global ones
    std::vector<std::size_t> parents; // indexes into the parent's listing
    AwsCall call;
    int pages = 0;
    int tries = 0;
    std::set<std::string> tokens {}; // of the pages so far: a list that names one again would never end
};

// What a value takes in memory, roughly: enough to bound it.
std::size_t approximate_bytes(Json const& json) {
    constexpr std::size_t of_a_value = 24, of_a_member = 40;
    std::size_t bytes = of_a_value;
    if (json.is_string())
        bytes += json.get_string().size();
    else if (json.is_array())
        for (auto const& item : json.get_array())
            bytes += approximate_bytes(item);
    else if (json.is_object())
        for (auto const& [name, value] : json.get_object())
            bytes += of_a_member + name.size() + approximate_bytes(value);
    return bytes;
}

// As the adapter words it when a Region that must be enabled first does not know the credentials.
// https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-regions.html
bool is_about_the_region(AuditShortfall const& shortfall) {
    return shortfall.kind != ErrorKind::access_denied
        || shortfall.why.find("this Region is enabled") != std::string::npos;
}

// Nothing is set, or the service is not switched on: that was read, and it is empty.
bool is_an_answer(AuditReading const& card, Error const& error) {
    if (error.kind == ErrorKind::not_found && card.absent_is_empty)
        return true;
    return !card.off_words.empty() && error.message.find(card.off_words) != std::string::npos;
}

class AccountReader {
public:
    AccountReader(Aws& aws, std::string const& id, std::span<std::string const> regions, Time now,
        std::span<AuditReading const> readings, AuditObserver const& observer, AuditLimits const& limits)
        : aws_(aws)
        , readings_(readings)
        , observer_(observer)
        , limits_(limits) {
        account_.id = id;
        account_.regions.assign(regions.begin(), regions.end());
        account_.at = now;
    }

    AuditAccount read() {
        for (std::size_t i = 0; i < readings_.size(); ++i)
            if (readings_[i].parent.empty())
                for (auto const& region : regions_of(readings_[i]))
                    begin(i, region);
        while (!waiting_.empty())
            round();
        find_unreachable();
        return std::move(account_);
    }

private:
    using Place = std::pair<std::size_t, std::string>; // reading and Region

    [[nodiscard]] std::vector<std::string> regions_of(AuditReading const& reading) const {
        return reading.place == ReadingPlace::global ? std::vector<std::string> { "" } : account_.regions;
    }

    void begin(std::size_t reading, std::string const& region) {
        auto& listing = open_[{ reading, region }];
        listing.asked = true;
        chains_left_[{ reading, region }] = 0;
        add_chain(reading, region, {});
        end_if_done(reading, region);
    }

    void begin_children_of(std::size_t parent, std::string const& region) {
        for (std::size_t i = 0; i < readings_.size(); ++i) {
            auto const& reading = readings_[i];
            if (reading.parent != readings_[parent].name)
                continue;
            Place const place { i, region };
            auto& listing = open_[place];
            auto const& above = account_.listing(readings_[parent].name, region);
            listing.asked = above.asked;
            listing.shortfall = above.shortfall;
            listing.cut = above.cut;
            // Of what could not be listed nothing is known below either: not "there is none".
            if (!above.failed_for.empty())
                listing.failed_for.emplace(of_no_parent, above.failed_for.begin()->second);
            chains_left_[place] = 0;
            begin_calls(i, region, above.items, listing);
            end_if_done(i, region);
        }
    }

    // One chain for each batch of the parents that are asked.
    void begin_calls(std::size_t reading, std::string const& region, JsonArray const& above, AuditListing& listing) {
        auto const& card = readings_[reading];
        std::vector<std::size_t> asked;
        if (card.choose != nullptr)
            asked = card.choose(above);
        else
            for (std::size_t i = 0; i < above.size(); ++i)
                asked.push_back(i);
        std::size_t calls = 0;
        for (std::size_t first = 0; first < asked.size(); ++calls) {
            if (calls == card.most_calls) {
                listing.cut = true;
                break;
            }
            auto parents = next_batch(card, above, std::span(asked).subspan(first));
            first += parents.size();
            add_chain(reading, region, std::move(parents));
        }
    }

    static std::vector<std::size_t> next_batch(
        AuditReading const& reading, JsonArray const& items, std::span<std::size_t const> asked) {
        std::vector<std::size_t> parents { asked.front() };
        while (parents.size() < reading.batch && parents.size() < asked.size()
            && (reading.together == nullptr || reading.together(items[asked.front()], items[asked[parents.size()]])))
            parents.push_back(asked[parents.size()]);
        return parents;
    }

    void add_chain(std::size_t reading, std::string const& region, std::vector<std::size_t> parents) {
        auto const& card = readings_[reading];
        std::vector<Json const*> items;
        for (auto const index : parents)
            items.push_back(&account_.listing(card.parent, region).items[index]);
        auto const& asked_region = card.place == ReadingPlace::global ? std::string(global_region) : region;
        auto params = card.params == nullptr ? std::optional(JsonObject {})
                                             : card.params({ account_.id, asked_region, account_.at }, items);
        if (!params)
            return;
        Chain chain { reading, region, std::move(parents), {} };
        chain.call.service = card.service;
        chain.call.operation = card.operation;
        chain.call.params = std::move(*params);
        chain.call.region = asked_region;
        chain.call.time_left = time_for_one_call;
        ++chains_left_[{ reading, region }];
        ++planned_;
        waiting_.push_back(std::move(chain));
    }

    void round() {
        std::vector<Chain> chains;
        while (!waiting_.empty() && chains.size() < most_calls_of_a_round) {
            chains.push_back(std::move(waiting_.front()));
            waiting_.pop_front();
        }
        std::vector<AwsCall> calls;
        calls.reserve(chains.size());
        for (auto const& chain : chains)
            calls.push_back(chain.call);
        // What lies behind the limit is told as not read, like any other call that failed.
        std::vector<Result<Json>> answers(chains.size(),
            Error {
                ErrorKind::unavailable, "the audit had made " + std::to_string(most_calls) + " calls, its limit" });
        if (done_ < most_calls)
            answers = aws_.call_all(calls);
        done_ += chains.size();
        for (std::size_t i = 0; i < chains.size(); ++i)
            take(std::move(chains[i]), std::move(answers[i]));
        if (observer_)
            observer_({ done_, planned_ });
    }

    void take(Chain chain, Result<Json> answer) {
        auto const& card = readings_[chain.reading];
        // The adapter has tried for the time of the call; behind all others the storm may be over.
        if (!answer && answer.error().kind == ErrorKind::throttled && ++chain.tries < most_tries) {
            ++planned_;
            waiting_.push_back(std::move(chain));
            return;
        }
        Place const place { chain.reading, chain.region };
        auto& listing = open_[place];
        bool more = false;
        if (answer)
            more = take_page(card, chain, *answer, listing);
        else if (!is_an_answer(card, answer.error()))
            fall_short(card, chain, answer.error(), listing);
        if (more) {
            ++planned_;
            waiting_.push_front(std::move(chain));
            return;
        }
        --chains_left_[place];
        end_if_done(chain.reading, place.second);
    }

    // True when the list goes on and its next page is to be read.
    bool take_page(AuditReading const& card, Chain& chain, Json const& answer, AuditListing& listing) {
        if (card.list_path.empty()) {
            add(listing, chain, answer, "");
        } else {
            for (auto const path : { card.list_path, card.second_list_path })
                if (!path.empty())
                    for (auto const& item : list_at(answer, path))
                        add(listing, chain, item, card.second_list_path.empty() ? std::string_view() : path);
        }
        if (card.token_out.empty())
            return false;
        auto const token = text_at(answer, card.token_out);
        if (token.empty())
            return false;
        bool const is_new = chain.tokens.insert(token).second;
        if (!is_new || listing.cut || ++chain.pages >= card.most_pages) {
            listing.cut = true;
            listing.cut_for.insert(chain.parents.begin(), chain.parents.end());
            return false;
        }
        chain.call.params[card.token_in] = token;
        return true;
    }

    void add(AuditListing& listing, Chain const& chain, Json const& item, std::string_view list) {
        auto const bytes = approximate_bytes(item);
        if (listing.items.size() >= limits_.items_of_a_list || bytes > limits_.bytes_of_all - bytes_) {
            listing.cut = true;
            return;
        }
        bytes_ += bytes;
        if (!item.is_object()) {
            // Lists of plain names ("QueueUrls") become objects, so that every item can carry its owner.
            JsonObject wrapped { { "value", item } };
            if (!chain.parents.empty())
                wrapped["@of"] = chain.parents.front();
            listing.items.emplace_back(std::move(wrapped));
            return;
        }
        listing.items.push_back(item);
        auto& object = listing.items.back().as_object();
        if (!chain.parents.empty())
            object["@of"] = chain.parents.front();
        if (!list.empty())
            object["@list"] = list;
    }

    static void fall_short(AuditReading const& card, Chain const& chain, Error const& error, AuditListing& listing) {
        AuditShortfall shortfall { error.kind, shorten(clean_utf8(error.message), 300), "" };
        if (error.kind == ErrorKind::access_denied)
            shortfall.iam_action = card.iam_action;
        if (chain.parents.empty())
            listing.shortfall = shortfall;
        for (auto const parent : chain.parents)
            listing.failed_for.emplace(parent, shortfall);
    }

    void end_if_done(std::size_t reading, std::string const& region) {
        Place const place { reading, region };
        if (chains_left_[place] > 0)
            return;
        account_.keep(readings_[reading].name, region, std::move(open_[place]));
        open_.erase(place);
        begin_children_of(reading, region);
    }

    // A Region that answered nothing at all, for a reason that no permission mends.
    void find_unreachable() {
        for (auto const& region : account_.regions) {
            std::optional<std::string> why;
            for (auto const& reading : readings_) {
                if (reading.place == ReadingPlace::global || !reading.parent.empty())
                    continue;
                auto const& shortfall = account_.listing(reading.name, region).shortfall;
                if (!shortfall || !is_about_the_region(*shortfall)) {
                    why.reset();
                    break;
                }
                why = shortfall->why;
            }
            if (why)
                account_.unreachable[region] = *why;
        }
    }

    Aws& aws_;
    std::span<AuditReading const> readings_;
    AuditObserver const& observer_;
    AuditLimits limits_;
    std::size_t bytes_ = 0;
    AuditAccount account_;
    std::deque<Chain> waiting_;
    std::map<Place, AuditListing> open_;
    std::map<Place, std::size_t> chains_left_;
    std::size_t done_ = 0, planned_ = 0;
};

} // namespace

AuditAccount read_account(Aws& aws, std::string const& id, std::span<std::string const> regions, Time now,
    std::span<AuditReading const> readings, AuditObserver const& observer, AuditLimits const& limits) {
    return AccountReader(aws, id, regions, now, readings, observer, limits).read();
}

std::vector<AuditReading> all_readings() {
    std::vector<AuditReading> all;
    for (auto const& table : audit_inventory::all())
        all.insert(all.end(), table.begin(), table.end());
    return all;
}

} // namespace convops
