#include "evidence/rds_facts.h"

#include "base/text.h"
#include "evidence/answering.h"
#include "evidence/network_place.h"

#include <array>
#include <charconv>

namespace convops {

namespace {

// https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/accessing-monitoring.html#Overview.DBInstance.Status
StateHealth health_of(std::string_view status) {
    for (std::string_view const usable :
        { "available", "backing-up", "storage-optimization", "storage-initialization",
            "configuring-enhanced-monitoring", "configuring-iam-database-auth", "configuring-log-exports" })
        if (status == usable)
            return StateHealth::healthy;
    for (std::string_view const broken : { "storage-full", "failed", "stopped", "stopping", "deleting",
             "inaccessible-encryption-credentials", "restore-error", "insufficient-capacity" })
        if (status == broken)
            return StateHealth::failed;
    if (status.starts_with("incompatible-"))
        return StateHealth::failed;
    return status.empty() ? StateHealth::unknown : StateHealth::degraded;
}

Resource instance_of(Json const& instance) {
    return { "rds:instance", text_at(instance, "DBInstanceIdentifier"), text_at(instance, "DBInstanceArn") };
}

std::string pending_of(Json const& instance) {
    auto const* pending = find(instance, "PendingModifiedValues");
    auto const* object = pending == nullptr ? nullptr : pending->if_object();
    std::vector<std::string> out;
    if (object != nullptr)
        for (auto const& pair : *object) {
            std::string const key(pair.key().data(), pair.key().size());
            out.push_back(contains_ignoring_case(key, "password") || !pair.value().is_primitive()
                    ? key
                    : key + " " + text_at(*pending, key));
        }
    return shown(join(out, ", "), 200);
}

Fact storage_fact(Resource const& resource, double gib) {
    auto const bytes = gib * 1024 * 1024 * 1024;
    return fact_about(resource, {}, resource.display() + " has " + format_number(gib) + " GiB of storage.",
        LimitFact { resource, "AllocatedStorage", bytes, "AllocatedStorage of the DB instance" }, { { "gib", gib } });
}

} // namespace

std::string rds_parameter_group(Json const& instance) {
    auto const& groups = list_at(instance, "DBParameterGroups");
    return groups.empty() ? "" : text_at(groups.front(), "DBParameterGroupName");
}

std::vector<Fact> rds_instance_facts(Json const& instance) {
    auto const resource = instance_of(instance);
    auto const status = text_at(instance, "DBInstanceStatus");
    StateFact state { resource, health_of(status), {} };
    for (auto const& [key, path] : std::initializer_list<std::pair<char const*, char const*>> {
             { "status", "DBInstanceStatus" }, { "class", "DBInstanceClass" }, { "engine", "Engine" },
             { "engine_version", "EngineVersion" }, { "multi_az", "MultiAZ" }, { "storage_gib", "AllocatedStorage" },
             { "max_storage_gib", "MaxAllocatedStorage" }, { "storage_type", "StorageType" }, { "iops", "Iops" },
             { "endpoint", "Endpoint.Address" }, { "dbi_resource_id", "DbiResourceId" },
             { "performance_insights", "PerformanceInsightsEnabled" }, { "cluster", "DBClusterIdentifier" } })
        if (auto const value = text_at(instance, path); !value.empty())
            state.attributes[key] = shown(value, 120);
    note_network_place(state, ids_at(instance, "VpcSecurityGroups", "VpcSecurityGroupId"),
        ids_at(instance, "DBSubnetGroup.Subnets", "SubnetIdentifier"));
    state.attributes["parameter_group"] = shown(rds_parameter_group(instance), 120);
    if (auto const pending = pending_of(instance); !pending.empty())
        state.attributes["pending"] = pending;
    auto statement = resource.display() + " is " + shown(status, 60) + " ("
        + shown(text_at(instance, "DBInstanceClass"), 40) + ", " + shown(text_at(instance, "Engine"), 40) + " "
        + shown(text_at(instance, "EngineVersion"), 40);
    if (flag_at(instance, "MultiAZ"))
        statement += ", Multi-AZ";
    statement += ")";
    if (auto const at = state.attributes.find("pending"); at != state.attributes.end())
        statement += "; pending: " + at->second;
    Json value = { { "status", status }, { "class", text_at(instance, "DBInstanceClass") } };
    std::vector<Fact> facts { fact_about(resource, {}, statement + ".", std::move(state), std::move(value)) };
    // Aurora's AllocatedStorage is 1 whatever it holds.
    auto const gib = number_at(instance, "AllocatedStorage").value_or(0);
    if (gib > 1)
        facts.push_back(storage_fact(resource, gib));
    if (auto const source = text_at(instance, "ReadReplicaSourceDBInstanceIdentifier"); !source.empty())
        facts.push_back(dependency_fact(resource,
            resource_from_arn(source).value_or(Resource { "rds:instance", source, {} }), "read replica of it", {}));
    return facts;
}

std::vector<Fact> rds_cluster_facts(Json const& cluster) {
    Resource const resource { "rds:cluster", text_at(cluster, "DBClusterIdentifier"),
        text_at(cluster, "DBClusterArn") };
    auto const status = text_at(cluster, "Status");
    StateFact state { resource, health_of(status), { { "status", shown(status, 60) } } };
    // Its subnets are those of its members, which tell them themselves.
    note_network_place(state, ids_at(cluster, "VpcSecurityGroups", "VpcSecurityGroupId"), {});
    std::vector<Fact> facts;
    for (auto const& member : list_at(cluster, "DBClusterMembers")) {
        auto const name = text_at(member, "DBInstanceIdentifier");
        bool const writer = flag_at(member, "IsClusterWriter");
        if (writer)
            state.attributes["writer"] = shown(name, 80);
        facts.push_back(dependency_fact(
            resource, { "rds:instance", name, {} }, writer ? "writer of the cluster" : "reader of the cluster", {}));
    }
    auto const writer = state.attributes.find("writer");
    auto statement = resource.display() + " is " + shown(status, 60)
        + (writer == state.attributes.end() ? "" : ", its writer is " + writer->second) + ".";
    facts.insert(
        facts.begin(), fact_about(resource, {}, std::move(statement), std::move(state), { { "status", status } }));
    return facts;
}

// https://aws.amazon.com/rds/instance-types/: within a family memory doubles with the size; m has 8, r has 16 GiB at
// "large".
std::optional<double> rds_class_memory(std::string_view instance_class) {
    auto const parts = split(instance_class, '.');
    if (parts.size() != 3 || parts[0] != "db" || parts[1].empty())
        return std::nullopt;
    double const large = parts[1][0] == 't' || parts[1][0] == 'm' ? 8 : parts[1][0] == 'r' ? 16 : 0;
    auto const& size = parts[2];
    double factor = 0;
    if (parts[1][0] == 't' && size == "micro")
        factor = 1.0 / 8;
    else if (parts[1][0] == 't' && size == "small")
        factor = 1.0 / 4;
    else if (size == "medium")
        factor = 1.0 / 2;
    else if (size == "large")
        factor = 1;
    else if (size == "xlarge")
        factor = 2;
    else if (auto const end = size.find("xlarge"); end != std::string::npos && size.size() == end + 6) {
        int times = 0;
        std::from_chars(size.data(), size.data() + end, times);
        factor = times > 0 && times <= 48 ? 2.0 * times : 0;
    }
    if (large == 0 || factor == 0)
        return std::nullopt;
    return large * factor * 1024 * 1024 * 1024;
}

namespace {

// {expression}, LEAST(a, b), GREATEST(a, b), SUM(a, b), products and quotients of numbers and DBInstanceClassMemory:
// https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ParamValuesRef.html
class Formula {
public:
    Formula(std::string_view text, std::optional<double> class_memory)
        : text_(text)
        , class_memory_(class_memory) { }

    std::optional<double> value() {
        auto const result = product(0);
        skip_blanks();
        return at_ == text_.size() ? result : std::nullopt;
    }

private:
    static constexpr int most_depth = 16;

    std::optional<double> product(int depth) {
        auto left = term(depth);
        while (left) {
            skip_blanks();
            if (at_ >= text_.size() || (text_[at_] != '/' && text_[at_] != '*'))
                return left;
            bool const divides = text_[at_++] == '/';
            auto const right = term(depth);
            if (!right || (divides && *right == 0))
                return std::nullopt;
            left = divides ? *left / *right : *left * *right;
        }
        return left;
    }

    std::optional<double> term(int depth) {
        skip_blanks();
        if (depth > most_depth || at_ >= text_.size())
            return std::nullopt;
        if (take("{")) {
            auto const inner = product(depth + 1);
            return take("}") ? inner : std::nullopt;
        }
        if (take("DBInstanceClassMemory"))
            return class_memory_;
        for (auto const& [name, pick] : functions)
            if (take(name))
                return call(pick, depth);
        double number = 0;
        auto const [end, error] = std::from_chars(text_.data() + at_, text_.data() + text_.size(), number);
        if (error != std::errc {})
            return std::nullopt;
        at_ = static_cast<std::size_t>(end - text_.data());
        return number;
    }

    std::optional<double> call(double (*pick)(double, double), int depth) {
        if (!take("("))
            return std::nullopt;
        auto result = product(depth + 1);
        while (result && take(",")) {
            auto const next = product(depth + 1);
            result = next ? std::optional(pick(*result, *next)) : std::nullopt;
        }
        return take(")") ? result : std::nullopt;
    }

    bool take(std::string_view word) {
        skip_blanks();
        if (!text_.substr(at_).starts_with(word))
            return false;
        at_ += word.size();
        return true;
    }

    void skip_blanks() {
        while (at_ < text_.size() && text_[at_] == ' ')
            ++at_;
    }

    static constexpr std::array<std::pair<std::string_view, double (*)(double, double)>, 3> functions { {
        { "LEAST", [](double a, double b) { return std::min(a, b); } },
        { "GREATEST", [](double a, double b) { return std::max(a, b); } },
        { "SUM", [](double a, double b) { return a + b; } },
    } };

    std::string_view text_;
    std::optional<double> class_memory_;
    std::size_t at_ = 0;
};

} // namespace

std::optional<double> rds_parameter_value(std::string_view formula, std::optional<double> class_memory) {
    if (formula.empty() || formula.size() > 500)
        return std::nullopt;
    return Formula(formula, class_memory).value();
}

std::optional<Fact> rds_connection_limit(Json const& instance, JsonArray const& parameters) {
    auto const resource = instance_of(instance);
    for (auto const& parameter : parameters) {
        if (text_at(parameter, "ParameterName") != "max_connections")
            continue;
        auto const text = text_at(parameter, "ParameterValue");
        auto const limit = rds_parameter_value(text, rds_class_memory(text_at(instance, "DBInstanceClass")));
        if (!limit || !(*limit >= 1))
            return std::nullopt;
        // DBInstanceClassMemory is less than the memory of the class, because the system takes its share: an
        // estimate.
        bool const estimated = text.find("DBInstanceClassMemory") != std::string::npos;
        auto const rounded = std::floor(*limit);
        auto const basis = "max_connections in parameter group " + shown(rds_parameter_group(instance), 120)
            + (estimated ? " (" + shown(text, 80) + ", estimated)" : "");
        return fact_about(resource, {},
            resource.display() + " accepts " + (estimated ? "about " : "at most ") + format_number(rounded)
                + " connections (" + basis + ").",
            LimitFact { resource, "DatabaseConnections", rounded, basis },
            { { "max_connections", rounded }, { "parameter", text }, { "estimated", estimated } });
    }
    return std::nullopt;
}

} // namespace convops
