// Evidence sources: one file each in sources/. A source has a typed card, a `collect` that calls AWS, and a pure
// `facts_from` that turns an answer into facts and is tested from JSON files.
#pragma once

#include "model/depth.h"
#include "model/evidence.h"
#include "ports/aws.h"
#include "ports/clock.h"

namespace convops {

// When a source may start. A `map` source finds resources and who calls whom; a `reading` source needs that map.
enum class SourceStage : std::uint8_t {
    alone, // needs only the alarm
    map, // needs only the alarm; its DependencyFacts make the neighbourhood
    reading, // starts when every map source has ended
};

struct IamAction {
    std::string_view action; // "logs:FilterLogEvents"
    std::string_view would_have_told; // "which errors the service logged"
    std::string_view operation {}; // where AWS names the action otherwise: "ListBucketMetricsConfigurations"
};

struct SourceCard {
    std::string_view name; // file name
    std::string_view says; // one line for people and the documentation
    std::span<IamAction const> iam_actions;
    SourceStage stage = SourceStage::alone;
    Minutes looks_back { 90 };
    Minutes looks_back_deep { 0 }; // for Depth::deep; 0: three times looks_back
    Minutes settles_after { 0 }; // before this, an empty answer proves nothing
    Milliseconds deadline { 20'000 };
    Milliseconds deadline_deep { 60'000 }; // a person waits for it, and knows that it is the slow look
};

// What a source is asked. Plain values: it can not reach the clock or another source.
struct Question {
    Alarm alarm;
    std::vector<Resource> centre; // the alarm's own resources
    std::vector<std::pair<Resource, int>> nearby; // with distance, centre included; for `reading` sources only
    Evidence map; // what the map sources found; for `reading` sources only
    Time now {}; // the asker's clock
    Time alarm_at {}; // when the alarm changed state
    std::string account;
    std::string region;
    Depth depth = Depth::usual;
};

// A deep look reads three times as much of everything that has a bound: pages, resources, lines, hours.
inline constexpr int deep_factor = 3;
template <class Bound> constexpr Bound reach(Depth depth, Bound usual) { // a count or a length of time
    return depth == Depth::deep ? usual * deep_factor : usual;
}
constexpr Minutes look_back(SourceCard const& card, Depth depth) {
    if (depth == Depth::usual)
        return card.looks_back;
    return card.looks_back_deep.count() > 0 ? card.looks_back_deep : card.looks_back * deep_factor;
}
constexpr Milliseconds deadline(SourceCard const& card, Depth depth) {
    return depth == Depth::deep ? std::max(card.deadline, card.deadline_deep) : card.deadline;
}
// The neighbourhood that `reading` sources are asked about.
constexpr int hops_of(Depth depth) {
    return depth == Depth::deep ? 6 : 3;
}
constexpr std::size_t most_nearby(Depth depth) {
    return reach<std::size_t>(depth, 40);
}

// What a source answers: facts, and gaps for what it could not read. A source never throws and never returns nothing
// at all for a failed call.
struct Answer {
    std::vector<Fact> facts;
    std::vector<Gap> gaps;
};

struct EvidenceSource {
    SourceCard const* card = nullptr;
    Answer (*collect)(Question const& question, Aws& aws) = nullptr;
};

namespace sources {
using Registered = EvidenceSource;
std::vector<Registered> all(); // generated from the folder, sorted by name
} // namespace sources

// A failed call as a gap: names the IAM action of the card (or the operation itself) and what it would have told.
Gap gap_from(SourceCard const& card, AwsCall const& call, Error const& error);

// Live progress of each source, for the terminal. Called from several threads, one call at a time.
struct SourceProgress {
    std::string_view source;
    bool ended = false;
    std::size_t facts = 0;
    std::size_t gaps = 0;
    Milliseconds took { 0 };
    Answer const* answer = nullptr; // set when ended; facts are not numbered yet
};
using ProgressObserver = std::function<void(SourceProgress const&)>;

// One thread for each source there is; they sleep in calls nearly all the time.
inline constexpr std::size_t most_sources_at_once = 64;

// Asks every source, in parallel, each within its deadline: a source that is late leaves a gap and its late answer is
// dropped. Facts come back numbered.
Evidence collect_evidence(Question question, std::span<EvidenceSource const> sources, Aws& aws, Clock& clock,
    ProgressObserver const& observer = {}, std::size_t at_once = most_sources_at_once);

} // namespace convops
