// The PetShop benchmark of root causes (arXiv 2311.04806), answered by the ranking of suspects that diagnoses use.
#pragma once

#include "base/result.h"

#include <string>

namespace convops {

struct PetshopBench {
    std::size_t issues = 0;
    std::size_t abstained = 0;
    std::size_t normal_windows = 0; // of the length of an issue, each with every target and both measures
    std::size_t normal_abstained = 0;
};

// Writes {"low_traffic/train/issue_0": [{"node", "score"}, ...]}. With `noissue`, windows of the normal periods are
// asked too: each that does not overlap another, what surrounds it left out of what counts as normal.
Result<PetshopBench> answer_petshop(std::string const& data, std::string const& out, bool noissue);

} // namespace convops
