#include "diagnosis/undoing.h"

#include "base/text.h"

#include <array>
#include <charconv>

namespace convops {

namespace {

constexpr std::string_view arrow = " → ";
constexpr std::size_t most_settings = 40;

std::optional<double> number_of(std::string_view text) {
    double value = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc {} || end == text.data())
        return std::nullopt;
    return value;
}

std::optional<std::pair<std::string, long>> revision_of(std::string_view definition) {
    auto const colon = definition.rfind(':');
    if (colon == std::string_view::npos || colon == 0)
        return std::nullopt;
    auto const digits = definition.substr(colon + 1);
    long revision = 0;
    auto const [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), revision);
    if (error != std::errc {} || end != digits.data() + digits.size())
        return std::nullopt;
    return std::pair(std::string(definition.substr(0, colon)), revision);
}

bool share_a_resource(ChangeFact const& a, ChangeFact const& b) {
    return std::any_of(a.touched.begin(), a.touched.end(), [&](Resource const& resource) {
        return std::find(b.touched.begin(), b.touched.end(), resource) != b.touched.end();
    });
}

// "RevokeSecurityGroupIngress" and "AuthorizeSecurityGroupIngress".
bool are_opposite(std::string_view a, std::string_view b) {
    constexpr auto verbs = std::to_array<std::pair<std::string_view, std::string_view>>(
        { { "Revoke", "Authorize" }, { "Delete", "Create" }, { "Delete", "Put" }, { "Detach", "Attach" },
            { "Remove", "Add" }, { "Disable", "Enable" }, { "Stop", "Start" }, { "Deregister", "Register" },
            { "Disassociate", "Associate" } });
    auto const matches = [&](std::string_view one, std::string_view other, auto const& pair) {
        return one.starts_with(pair.first) && other.starts_with(pair.second)
            && one.substr(pair.first.size()) == other.substr(pair.second.size());
    };
    return std::any_of(
        verbs.begin(), verbs.end(), [&](auto const& pair) { return matches(a, b, pair) || matches(b, a, pair); });
}

bool puts_back(std::vector<SettingChange> const& earlier, std::vector<SettingChange> const& later) {
    return std::any_of(earlier.begin(), earlier.end(), [&](SettingChange const& before) {
        return !before.from.empty() && before.from != before.to
            && std::any_of(later.begin(), later.end(),
                [&](SettingChange const& after) { return after.name == before.name && after.to == before.from; });
    });
}

// An earlier revision of the same family rolls back; any other one is a further deploy.
FixKind undone_by_revision(Fact const& cause, ChangeFact const& earlier, Fact const& fact, ChangeFact const& later) {
    auto const before = revision_in(cause, earlier);
    auto const after = revision_in(fact, later);
    if (!before || !after || before->first != after->first || before->second == after->second)
        return FixKind::none;
    return after->second < before->second ? FixKind::rolled_back : FixKind::deployed_again;
}

bool names_capacity(std::string_view setting) {
    constexpr auto names = std::to_array<std::string_view>({ "desiredCount", "desiredCapacity", "minCapacity",
        "maxCapacity", "minSize", "maxSize", "memorySize", "memory", "cpu", "dBInstanceClass", "cacheNodeType",
        "instanceType", "readCapacityUnits", "writeCapacityUnits", "reservedConcurrentExecutions",
        "provisionedConcurrentExecutions", "iops", "targetShardCount", "billingMode", "max_connections",
        "numCacheNodes", "newReplicaCount", "DB_POOL_SIZE" });
    return std::any_of(names.begin(), names.end(),
        [&](std::string_view name) { return to_lower(setting) == to_lower(name) || setting.ends_with(name); });
}

} // namespace

std::vector<SettingChange> settings_in_words(std::string_view what) {
    std::vector<SettingChange> settings;
    for (auto const& part : split(replace_all(std::string(what), "; ", ", "), ',')) {
        auto const words = trim(part);
        auto const middle = words.find(arrow);
        auto const head = middle == std::string::npos ? words : words.substr(0, middle);
        // A setting's name may have two words ("container memory"); its value is what stands behind the last space.
        auto const space = head.rfind(' ');
        if (space == std::string::npos || settings.size() == most_settings)
            continue;
        if (middle == std::string::npos)
            settings.push_back({ head.substr(0, space), "", head.substr(space + 1) });
        else
            settings.push_back(
                { head.substr(0, space), head.substr(space + 1), words.substr(middle + arrow.size()) });
    }
    return settings;
}

std::optional<std::pair<std::string, long>> revision_in(Fact const& fact, ChangeFact const& change) {
    if (auto const revision = revision_of(text_at(fact.value, "taskDefinition")))
        return revision;
    for (auto const& setting : settings_in_words(change.what)) {
        if (setting.name == "taskDefinition")
            return revision_of(setting.to);
        if (setting.name == "functionVersion" && !change.touched.empty())
            return revision_of(change.touched.front().name + ":" + setting.to);
    }
    for (auto const& resource : change.touched)
        if (resource.type == "ecs:task_definition")
            if (auto const revision = revision_of(resource.name))
                return revision;
    return std::nullopt;
}

FixKind undoing(Fact const& cause, ChangeFact const& earlier, Fact const& fact, ChangeFact const& later) {
    if (auto const by_revision = undone_by_revision(cause, earlier, fact, later); by_revision != FixKind::none)
        return by_revision;
    if (!share_a_resource(earlier, later))
        return FixKind::none;
    bool const deploys = earlier.kind == ChangeKind::deploy && later.kind == ChangeKind::deploy;
    if (puts_back(settings_in_words(earlier.what), settings_in_words(later.what)))
        return deploys ? FixKind::rolled_back : FixKind::reverted;
    if (are_opposite(earlier.event_name, later.event_name))
        return FixKind::reverted;
    return deploys ? FixKind::deployed_again : FixKind::none;
}

FixKind relief_of(ChangeFact const& change) {
    auto const& name = change.event_name;
    if (name.starts_with("Reboot") || name.starts_with("Restart")
        || change.what.find("forceNewDeployment true") != std::string::npos)
        return FixKind::restarted;
    if (name.starts_with("Failover"))
        return FixKind::failover_finished;
    bool changes_capacity = false;
    for (auto const& setting : settings_in_words(change.what)) {
        // Storage of RDS and EBS can only grow.
        // https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PIOPS.ModifyingExisting.html
        if (setting.name == "allocatedStorage" || (setting.name == "size" && name == "ModifyVolume"))
            return FixKind::storage_raised;
        if (!names_capacity(setting.name))
            continue;
        changes_capacity = true;
        auto const from = number_of(setting.from);
        auto const to = number_of(setting.to);
        if (from && to && *to > *from)
            return FixKind::capacity_raised;
    }
    return changes_capacity ? FixKind::capacity_changed : FixKind::none;
}

} // namespace convops
