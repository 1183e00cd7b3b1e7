// Which node of a call graph is to blame for what its callers suffer. Latency and failures add up along calls: what a
// callee loses in total, its callers lose too, each by its share of the calls. So what a node lost beyond what its
// callees explain is its own, and the node with most of its own is the suspect. Numbers and edges only: no name.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace convops {

enum class LossMeasure : unsigned char {
    latency, // seconds a request
    availability, // percent of requests that went well
};

// Series on one grid of time; NaN where there is no value.
struct WatchedNode {
    std::vector<double> normal; // a time without a fault; few or no values: never seen before
    std::vector<double> now; // `quiet` points before the fault, the others since
    std::vector<double> requests; // as long as `now`; empty: not known, and taken for one a point
    std::vector<double> normal_requests; // as long as `normal`, or empty
};

struct Call {
    std::size_t caller = 0;
    std::size_t callee = 0;
};

struct SuspectQuestion {
    std::vector<WatchedNode> nodes;
    std::vector<Call> calls;
    std::size_t target = 0; // where the trouble shows
    std::size_t quiet = 2;
    LossMeasure measure = LossMeasure::latency;
};

struct Suspect {
    std::size_t node = 0;
    double score = 0; // share of the blame, 0..1
    double deviation = 0; // of its change, in spreads of such changes in normal times, capped by its rank among them
    double own_loss = 0; // seconds or requests, beyond what its callees explain
    double loss = 0;
};

// Two questions, answered apart. Is there an incident at all? Empty when nothing lasted for two points that does not
// do so on normal days, or when the target could not have noticed it. Who is it? Everybody who got worse, best first:
// the one that lost most of its own, by how sure it is that it moved. The target stands behind the others: that it
// suffers is the question. The answer depends neither on the order of nodes or calls nor on the unit of the values.
std::vector<Suspect> rank_suspects(SuspectQuestion const& question);

} // namespace convops
