// RDS instances and clusters: status, class, storage, replication, and how many connections they accept.
#include "evidence/answering.h"
#include "evidence/rds_facts.h"

#include <array>

namespace convops {

namespace {

constexpr std::array iam_actions {
    IamAction { "rds:DescribeDBInstances", "status, class and storage of the databases" },
    IamAction { "rds:DescribeDBClusters", "status and writer of the database clusters" },
    IamAction { "rds:DescribeDBParameters", "how many connections the databases accept" },
};

constexpr SourceCard the_card {
    .name = "rds_state",
    .says = "RDS instances and clusters: status, storage, replication, connection limits.",
    .iam_actions = iam_actions,
    .stage = SourceStage::map,
};

constexpr int most_pages = 3; // of 100 instances
constexpr int most_parameter_pages = 10; // of 100; a PostgreSQL group has about 400 parameters
constexpr std::size_t most_parameter_groups = 8;

// The groups of the alarm's own databases come first.
std::vector<std::string> parameter_groups(Question const& question, JsonArray const& instances) {
    std::vector<std::string> groups;
    auto const take = [&](Json const& instance) {
        auto const group = rds_parameter_group(instance);
        if (!group.empty() && groups.size() < most_parameter_groups
            && std::find(groups.begin(), groups.end(), group) == groups.end())
            groups.push_back(group);
    };
    auto const centre = [&](Json const& instance) {
        return is_centre(question, { "rds:instance", text_at(instance, "DBInstanceIdentifier"), {} });
    };
    for (auto const& instance : instances)
        if (centre(instance))
            take(instance);
    for (auto const& instance : instances)
        take(instance);
    return groups;
}

void add_connection_limits(Answering& answering, JsonArray const& instances) {
    auto const groups = parameter_groups(answering.question(), instances);
    std::vector<PagedRead> reads;
    for (auto const& group : groups)
        reads.push_back(
            { call_of("rds", "DescribeDBParameters", { { "DBParameterGroupName", group }, { "MaxRecords", 100 } }),
                "Parameters", "Marker", "Marker", most_parameter_pages });
    auto const parameters = answering.read_lists(reads);
    for (auto const& instance : instances)
        for (std::size_t i = 0; i < groups.size(); ++i)
            if (rds_parameter_group(instance) == groups[i])
                if (auto fact = rds_connection_limit(instance, parameters[i]))
                    answering.add(*std::move(fact),
                        call_of("rds", "DescribeDBParameters", { { "DBParameterGroupName", groups[i] } }));
}

Answer collect(Question const& question, Aws& aws) {
    Answering answering(the_card, question, aws);
    auto const instances_call = call_of("rds", "DescribeDBInstances", { { "MaxRecords", 100 } });
    auto const clusters_call = call_of("rds", "DescribeDBClusters", { { "MaxRecords", 100 } });
    auto const lists = answering.read_lists({ { instances_call, "DBInstances", "Marker", "Marker", most_pages },
        { clusters_call, "DBClusters", "Marker", "Marker", most_pages } });
    for (auto const& instance : lists[0])
        answering.add(rds_instance_facts(instance),
            call_of("rds", "DescribeDBInstances",
                { { "DBInstanceIdentifier", text_at(instance, "DBInstanceIdentifier") } }));
    for (auto const& cluster : lists[1])
        answering.add(rds_cluster_facts(cluster),
            call_of(
                "rds", "DescribeDBClusters", { { "DBClusterIdentifier", text_at(cluster, "DBClusterIdentifier") } }));
    add_connection_limits(answering, lists[0]);
    return answering.take();
}

} // namespace

sources::Registered make_rds_state() {
    return { &the_card, collect };
}

} // namespace convops
