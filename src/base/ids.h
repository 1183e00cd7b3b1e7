// Ids are distinct types: a WorkspaceId can not be passed where an IncidentId belongs.
#pragma once

#include <compare>
#include <string>

namespace convops {

template <class Tag> struct Id {
    std::string text;

    Id() = default;
    explicit Id(std::string value)
        : text(std::move(value)) { }
    [[nodiscard]] bool empty() const { return text.empty(); }
    auto operator<=>(Id const&) const = default;
};

using WorkspaceId = Id<struct WorkspaceTag>;
using ConnectionId = Id<struct ConnectionTag>;
using IncidentId = Id<struct IncidentTag>;
using FactId = Id<struct FactTag>;

} // namespace convops
