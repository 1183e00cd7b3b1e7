// Was the cause right? What people and the environment say of one incident, and how often causes of its kind were
// right in this workspace.
#pragma once

#include "model/cause_kind.h"

#include <string>
#include <vector>

namespace convops {

enum class Opinion : std::uint8_t { right, wrong };
std::string_view to_string(Opinion opinion);
std::optional<Opinion> opinion_from(std::string_view name);

enum class VerdictBy : std::uint8_t { people, environment };
std::string_view to_string(VerdictBy judge);

// What counts of one incident. People beat the environment; people who disagree evenly have not judged.
struct CauseVerdict {
    Opinion opinion = Opinion::right;
    VerdictBy by = VerdictBy::people;
    auto operator<=>(CauseVerdict const&) const = default;
};

// Of one kind of cause in one workspace: as far back as diagnoses are kept, and bounded.
struct TrackRecord {
    int right = 0;
    int judged = 0;
};
inline constexpr int least_judged = 3; // fewer say nothing that is worth a line

// Who said what of the cause that is shown, as a channel may tell it.
struct Voter {
    Opinion opinion = Opinion::right;
    std::string channel; // where it was said: "slack"
    std::string person; // the channel's id; shown nowhere but in that channel
    std::string place; // what others read: the route's name, "#ops"
    bool operator==(Voter const&) const = default;
};

struct Assessment {
    std::vector<Voter> voters;
    std::optional<Opinion> environment; // by what followed
    std::optional<CauseVerdict> judgement;
    std::optional<TrackRecord> track_record; // of earlier incidents with a cause of this kind; this one not counted
};

} // namespace convops
