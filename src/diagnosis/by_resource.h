// Several facts about one resource make one candidate: what they say adds up.
#pragma once

#include "diagnosis/weighing.h"

#include <map>

namespace convops {

using CandidatesByResource = std::map<std::string, Candidate>; // by the key of the resource

// The candidate at this resource; a new one begins with `prior` and the weight of its place.
inline Candidate& candidate_at(
    CandidatesByResource& all, CauseKind kind, double prior, Resource const& resource, Position const& position) {
    auto const [at, added] = all.try_emplace(resource.key());
    if (added) {
        at->second.kind = kind;
        at->second.resource = resource;
        at->second.prior = prior;
        at->second.weigh(fault_place_weight(position));
    }
    return at->second;
}

// Their statements end as sentences do.
inline std::vector<Candidate> taken(CandidatesByResource all) {
    std::vector<Candidate> found;
    found.reserve(all.size());
    for (auto& [key, candidate] : all) {
        candidate.statement += ".";
        found.push_back(std::move(candidate));
    }
    return found;
}

} // namespace convops
