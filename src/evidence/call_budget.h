// How many AWS calls one investigation may make, shared fairly among its sources: half of them are set aside in equal
// parts, so that no source is left without any; the other half is for who needs more, up to a limit each. What an
// ended source did not need is for the others.
#pragma once

#include "model/depth.h"

#include <mutex>
#include <vector>

namespace convops {

// 200 with the few calls that complete the question. Retries come on top.
constexpr int most_aws_calls(Depth depth) {
    return depth == Depth::deep ? 590 : 190;
}

class CallBudget {
public:
    CallBudget(int calls, std::size_t sources);
    // How many of the `wanted` calls the source may make now.
    int take(std::size_t source, int wanted);
    void ended(std::size_t source);
    void neighbourhood_known();

private:
    std::mutex mutex_;
    int reserve_ = 0; // of each source at the start
    int most_of_one_ = 0;
    int common_ = 0; // guarded by mutex_, like what follows
    int held_ = 0; // of the common part, until the neighbourhood is known
    std::vector<int> taken_;
    std::vector<bool> ended_;
};

} // namespace convops
