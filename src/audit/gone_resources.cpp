#include "audit/gone_resources.h"

#include "base/text.h"

#include <algorithm>
#include <array>
#include <set>

namespace convops {

namespace {

using Names = std::span<std::string_view const>;

constexpr std::array<std::string_view, 1> instances { "ec2_instances" };
constexpr std::array<std::string_view, 1> volumes { "ec2_volumes" };
constexpr std::array<std::string_view, 1> databases { "rds_instances" };
constexpr std::array<std::string_view, 1> database_clusters { "rds_clusters" };
constexpr std::array<std::string_view, 1> functions { "lambda_functions" };
constexpr std::array<std::string_view, 1> queues { "sqs_queue_urls" };
constexpr std::array<std::string_view, 1> topics { "sns_topics" };
constexpr std::array<std::string_view, 1> tables { "dynamodb_table_names" };
constexpr std::array<std::string_view, 2> caches { "elasticache_clusters", "elasticache_replication_groups" };
constexpr std::array<std::string_view, 1> load_balancers { "load_balancers" };
constexpr std::array<std::string_view, 1> target_groups { "target_groups" };
constexpr std::array<std::string_view, 1> services { "ecs_service_arns" };
constexpr std::array<std::string_view, 1> nat_gateways { "ec2_nat_gateways" };
constexpr std::array<std::string_view, 1> streams { "kinesis_streams" };
constexpr std::array<std::string_view, 1> machines { "state_machines" };
constexpr std::array<std::string_view, 1> file_systems { "efs_file_systems" };
constexpr std::array<std::string_view, 1> groups { "auto_scaling_groups" };
constexpr std::array<std::string_view, 2> apis { "rest_apis", "http_apis" };

struct Kind {
    std::string_view type;
    Names readings;
};
constexpr std::array kinds {
    Kind { "ec2:instance", instances },
    Kind { "ebs:volume", volumes },
    Kind { "rds:instance", databases },
    Kind { "rds:cluster", database_clusters },
    Kind { "lambda:function", functions },
    Kind { "sqs:queue", queues },
    Kind { "sns:topic", topics },
    Kind { "dynamodb:table", tables },
    Kind { "elasticache:cluster", caches },
    Kind { "elb:load_balancer", load_balancers },
    Kind { "elb:target_group", target_groups },
    Kind { "ecs:service", services },
    Kind { "nat:gateway", nat_gateways },
    Kind { "kinesis:stream", streams },
    Kind { "states:machine", machines },
    Kind { "efs:file_system", file_systems },
    Kind { "autoscaling:group", groups },
    Kind { "apigateway:api", apis },
};

bool names(std::string_view text, std::string_view value) {
    if (!text.ends_with(value))
        return false;
    if (text.size() == value.size())
        return true;
    auto const before = text[text.size() - value.size() - 1];
    return before == '/' || before == ':';
}

// Anywhere in the item: as its id, at the end of its ARN or URL. Whatever still names it is reason to think it
// exists.
bool mentions(Json const& json, std::string_view value) {
    if (json.is_string())
        return names({ json.as_string().data(), json.as_string().size() }, value);
    if (json.is_array())
        return std::any_of(json.as_array().begin(), json.as_array().end(),
            [&](auto const& entry) { return mentions(entry, value); });
    if (json.is_object())
        return std::any_of(json.as_object().begin(), json.as_object().end(),
            [&](auto const& entry) { return mentions(entry.value(), value); });
    return false;
}

// Deleted things are listed for a while.
// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/terminating-instances.html ("usually one hour")
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_NatGateway.html (state "deleted")
bool is_on_its_way_out(Json const& item) {
    return text_at(item, "instanceState.name") == "terminated" || text_at(item, "state") == "deleted";
}

// Cross-account observability: the other account's resources can not be seen from here.
bool is_of_other_account(EstateAlarm const& alarm, std::string const& own) {
    auto const& queries = list_at(*alarm.item, "Metrics");
    return std::any_of(queries.begin(), queries.end(), [&](auto const& query) {
        auto const owner = text_at(query, "AccountId");
        return !owner.empty() && owner != own;
    });
}

class RegionLook {
public:
    RegionLook(Estate const& estate, std::string const& region)
        : estate_(estate)
        , region_(region) {
        for (auto const& resource : estate.in(region).resources)
            for (auto const& [name, value] : resource.dimensions)
                if (resource.item == nullptr || !is_on_its_way_out(*resource.item))
                    present_[name].insert(value);
    }

    [[nodiscard]] std::optional<GoneResource> gone(WatchedResource const& named) {
        auto const readings = readings_of_kind(named.resource.type);
        if (readings.empty() || !std::all_of(readings.begin(), readings.end(), [&](auto reading) {
                return estate_.account->listing(reading, region_).whole();
            }))
            return std::nullopt;
        auto const of_dimension = present_.find(named.dimension);
        if (of_dimension != present_.end() && of_dimension->second.contains(named.value))
            return std::nullopt;
        auto const [at, is_new] = mentioned_.emplace(named.dimension + "=" + named.value, false);
        if (is_new)
            at->second = is_mentioned(readings, named.value);
        if (at->second)
            return std::nullopt;
        GoneResource gone { named.resource, named.dimension, "" };
        if (of_dimension != present_.end() && !is_generated(named.value)) {
            std::vector<std::string> const known(of_dimension->second.begin(), of_dimension->second.end());
            gone.nearest = nearest(named.value, known);
        }
        return gone;
    }

private:
    [[nodiscard]] bool is_mentioned(Names readings, std::string_view value) const {
        return std::any_of(readings.begin(), readings.end(), [&](auto reading) {
            auto const& items = estate_.items(reading, region_);
            return std::any_of(items.begin(), items.end(), [&](auto const& item) {
                // EC2 answers instances inside reservations: one of several that is gone is not the item's state.
                for (auto const& instance : list_at(item, "instancesSet"))
                    if (is_on_its_way_out(instance) && text_at(instance, "instanceId") == value)
                        return false;
                return !is_on_its_way_out(item) && mentions(item, value);
            });
        });
    }
    // "i-0abc..." is near to every other id and means none of them.
    static bool is_generated(std::string_view value) {
        return value.starts_with("i-") || value.starts_with("vol-") || value.starts_with("nat-")
            || value.find('/') != std::string_view::npos;
    }

    Estate const& estate_;
    std::string const& region_;
    std::map<std::string, std::set<std::string>, std::less<>> present_; // by dimension
    std::map<std::string, bool> mentioned_;
};

} // namespace

std::span<std::string_view const> readings_of_kind(std::string_view resource_type) {
    for (auto const& kind : kinds)
        if (kind.type == resource_type)
            return kind.readings;
    return {};
}

std::optional<WatchedResource> resource_named_by(MetricId const& metric) {
    auto const& space = metric.metric_namespace;
    // In a namespace of the account's own, "QueueName" may be anything. Classic load balancers are not read.
    if (space == "AWS/ELB")
        return std::nullopt;
    if (!space.starts_with("AWS/") && space != "ECS/ContainerInsights" && space != "LambdaInsights"
        && space != "CWAgent")
        return std::nullopt;
    auto const resource = resource_of(metric);
    if (!resource || resource->type == "custom:metric")
        return std::nullopt;
    for (auto const& [name, value] : metric.dimensions)
        if (value == resource->name || resource->name.ends_with("/" + value))
            return WatchedResource { *resource, name, value };
    return std::nullopt;
}

void mark_gone_resources(Estate& estate) {
    for (auto& [region, here] : estate.regions) {
        if (region.empty())
            continue;
        RegionLook look(estate, region);
        for (auto& alarm : here.alarms) {
            if (is_of_other_account(alarm, estate.account->id))
                continue;
            for (auto const& metric : alarm.alarm.metrics)
                if (metric.metric && !alarm.gone)
                    if (auto const named = resource_named_by(*metric.metric))
                        alarm.gone = look.gone(*named);
        }
    }
}

} // namespace convops
