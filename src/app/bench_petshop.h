// The PetShop benchmark of root causes (arXiv 2311.04806), answered by the ranking of suspects that diagnoses use.
#pragma once

#include "base/result.h"

#include <map>
#include <string>

namespace convops {

struct PetshopAsked {
    bool noissue = false; // the normal periods too: how often nobody is suspected
    std::size_t planted = 0; // faults planted into normal periods (app/planted_faults.h), of each kind and traffic
    bool rough = false; // with calls that keep less to what the ranking assumes
    std::uint64_t seed = 1;
};

struct NormalFigures {
    std::size_t windows = 0; // of the length of an issue, with every target and both measures
    std::size_t abstained = 0;
};

struct PlantedFigures {
    std::size_t faults = 0;
    std::size_t first = 0;
    std::size_t among_three = 0;
    std::size_t abstained = 0;
};

struct PetshopBench {
    std::size_t issues = 0;
    std::size_t abstained = 0;
    NormalFigures normal;
    // Of these, the target calls others and is called by nobody: by traffic, measure and target.
    std::map<std::string, NormalFigures> normal_at_fronts;
    std::map<std::string, PlantedFigures> planted; // by "evident" or "faint", traffic and measure, kind
};

// Writes {"low_traffic/train/issue_0": [{"node", "score"}, ...]}. Windows of the normal periods do not overlap; what
// surrounds one is left out of what counts as normal.
Result<PetshopBench> answer_petshop(std::string const& data, std::string const& out, PetshopAsked const& asks);

} // namespace convops
