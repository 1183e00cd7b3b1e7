// Where things stand towards the alarm. Faults travel from the called to its callers; load travels from callers to
// the called. So a change at a callee can explain errors, a change at a caller can explain load, and a neighbour that
// shares a callee can explain both through it.
#pragma once

#include "model/evidence.h"

namespace convops {

enum class Relation : std::uint8_t {
    same, // the alarm's own resource
    callee, // what it calls, directly or not
    caller, // what calls it
    sibling, // shares a callee with it
    related, // connected in some other way
    unknown, // the map does not cover such a thing, or there is no map
    unrelated, // the map covers it, and there is no connection
};

struct Position {
    Relation relation = Relation::unknown;
    int distance = 99;
};

class Topology {
public:
    Topology(Alarm const& alarm, Evidence const& evidence);

    [[nodiscard]] Position position(Resource const& resource) const;
    // Could a fault, a load or a shortage at `from` show at `to`?
    [[nodiscard]] bool can_affect(Resource const& from, Resource const& to) const;
    // The name under which CloudWatch, and so a reader, knows the thing: a REST API's name for its id.
    [[nodiscard]] Resource known_as(Resource const& resource) const;
    // Does `caller` call `callee`, directly?
    [[nodiscard]] bool calls(Resource const& caller, Resource const& callee) const;
    // Does `caller` call `callee`, directly or through others?
    [[nodiscard]] bool leads_to(Resource const& caller, Resource const& callee) const;
    [[nodiscard]] bool has_map() const { return has_map_; }
    [[nodiscard]] std::vector<Resource> const& centre() const { return centre_; }
    // The nodes of the map that a resource stands for: itself, or those whose state mentions it (the service that
    // runs a task definition, the instance in a security group).
    [[nodiscard]] std::vector<std::size_t> nodes_of(Resource const& resource) const;
    [[nodiscard]] Resource const& node(std::size_t index) const { return nodes_[index]; }

private:
    struct Edge {
        std::size_t to = 0;
        int cost = 1; // an inferred edge is longer
    };
    struct Mention {
        std::size_t node = 0;
        std::string text; // in lower case
    };

    std::optional<std::size_t> index_of(Resource const& resource) const;
    std::size_t add(Resource const& resource);
    void connect(Evidence const& evidence);
    void stand_on_network(Evidence const& evidence);
    void run_on(Resource const& workload, Resource const& cluster);
    [[nodiscard]] std::vector<int> distances(bool along_calls, bool against_calls) const;
    void close_over_calls();
    [[nodiscard]] bool ends_at_the_centre() const;
    [[nodiscard]] bool is_cache_before(std::size_t cache, std::size_t store) const;

    std::vector<Resource> centre_;
    std::vector<std::size_t> centre_nodes_;
    std::vector<Resource> nodes_;
    std::map<std::string, std::size_t> indices_;
    std::vector<std::vector<Edge>> calls_;
    std::vector<std::vector<Edge>> called_by_;
    std::vector<std::vector<bool>> reaches_; // [caller][callee], through any number of calls
    std::vector<int> to_callee_;
    std::vector<int> to_caller_;
    std::vector<int> to_any_;
    std::vector<Mention> mentions_;
    std::map<std::string, Resource> names_; // by the key of what is only an id
    bool has_map_ = false;
};

} // namespace convops
