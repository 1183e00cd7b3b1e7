#include "audit/estate.h"

#include "alarm/describe.h"
#include "audit/alarm_rules.h"
#include "audit/estate_words.h"
#include "audit/gone_resources.h"
#include "base/json_texts.h"

namespace convops {

std::string resource_key(std::string_view metric_namespace, std::map<std::string, std::string> const& dimensions) {
    std::string key(metric_namespace);
    for (auto const& [name, value] : dimensions)
        key += '\n' + name + '=' + value;
    return key;
}

EstateAlarm const* EstateRegion::alarm_named(std::string_view name) const {
    auto const found = alarm_index.find(name);
    return found == alarm_index.end() ? nullptr : &alarms[found->second];
}

EstateTopic const* EstateRegion::topic(std::string_view arn) const {
    auto const found = topic_index.find(arn);
    return found == topic_index.end() ? nullptr : &topics[found->second];
}

EstateRegion const& Estate::in(std::string const& region) const {
    static EstateRegion const empty;
    auto const found = regions.find(region);
    return found == regions.end() ? empty : found->second;
}

namespace {

std::optional<EstateAlarm> alarm_from(Json const& item, std::string const& account, std::string const& region) {
    auto alarm = alarm_from_description(item, account, region);
    if (!alarm)
        return std::nullopt;
    EstateAlarm one;
    one.alarm = std::move(*alarm);
    one.actions_enabled = flag_at(item, "ActionsEnabled", true);
    one.alarm_actions = texts_at(item, "AlarmActions");
    one.ok_actions = texts_at(item, "OKActions");
    one.insufficient_data_actions = texts_at(item, "InsufficientDataActions");
    one.suppressor = text_at(item, "ActionsSuppressor");
    one.configured_at = time_at(item, "AlarmConfigurationUpdatedTimestamp");
    one.state_since = time_at(item, "StateTransitionedTimestamp");
    if (!one.state_since)
        one.state_since = time_at(item, "StateUpdatedTimestamp");
    one.item = &item;
    return one;
}

void add_alarms(EstateRegion& here, AuditAccount const& account, std::string const& region) {
    for (auto const& item : account.items("cloudwatch_alarms", region)) {
        auto alarm = alarm_from(item, account.id, region);
        if (!alarm)
            continue;
        auto const index = here.alarms.size();
        here.alarm_index.emplace(alarm->alarm.name, index);
        for (auto const& metric : alarm->alarm.metrics)
            if (metric.metric)
                here.alarms_by_resource[resource_key(metric.metric->metric_namespace, metric.metric->dimensions)]
                    .push_back(index);
        here.alarms.push_back(std::move(*alarm));
    }
}

void add_topics(EstateRegion& here, AuditAccount const& account, std::string const& region) {
    auto const& topics = account.items("sns_topics", region);
    for (std::size_t i = 0; i < topics.size(); ++i) {
        EstateTopic topic;
        topic.arn = text_at(topics[i], "TopicArn");
        here.topic_index.emplace(topic.arn, here.topics.size());
        here.topics.push_back(std::move(topic));
    }
    for (auto const& item : account.items("sns_topic_attributes", region))
        if (auto const of = integer_at(item, "@of"); of && static_cast<std::size_t>(*of) < here.topics.size())
            here.topics[static_cast<std::size_t>(*of)].attributes = &item;
    for (auto const& item : account.items("sns_subscriptions", region)) {
        auto const found = here.topic_index.find(text_at(item, "TopicArn"));
        if (found != here.topic_index.end())
            here.topics[found->second].subscriptions.push_back(
                { text_at(item, "SubscriptionArn"), text_at(item, "Protocol"), text_at(item, "Endpoint") });
    }
}

void add_resources(Estate& estate, AuditAccount const& account, std::span<AuditReading const> readings) {
    for (auto const& reading : readings) {
        if (reading.resources == nullptr)
            continue;
        auto regions = account.regions;
        if (reading.place == ReadingPlace::global)
            regions = { "" };
        for (auto const& region : regions)
            for (auto const& item : account.items(reading.name, region))
                for (auto& resource : reading.resources({ account.id, region, account.at }, item)) {
                    resource.region = region;
                    if (resource.item == nullptr)
                        resource.item = &item;
                    estate.regions[region].resources.push_back(std::move(resource));
                }
    }
}

// Many lists do not tell the tags of their items; GetResources tells those of everything that has any.
// https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/API_GetResources.html
void add_tags(std::vector<AuditResource>& resources, JsonArray const& tagged) {
    std::map<std::string, Json const*> by_arn;
    for (auto const& item : tagged)
        by_arn.emplace(text_at(item, "ResourceARN"), &item);
    for (auto& resource : resources)
        if (auto const found = by_arn.find(resource.resource.arn); found != by_arn.end())
            for (auto const& tag : list_at(*found->second, "Tags"))
                resource.tags.emplace(text_at(tag, "Key"), text_at(tag, "Value"));
}

} // namespace

Estate estate_of(AuditAccount const& account, std::span<AuditReading const> readings) {
    Estate estate;
    estate.account = &account;
    for (auto const& region : account.regions) {
        auto& here = estate.regions[region];
        add_alarms(here, account, region);
        add_topics(here, account, region);
    }
    add_resources(estate, account, readings);
    for (auto const& region : account.regions) {
        add_tags(estate.regions[region].resources, account.items("tags", region));
        if (region == "us-east-1") // Global resources are tagged there.
            add_tags(estate.regions[""].resources, account.items("tags", region));
    }
    mark_gone_resources(estate);
    return estate;
}

std::vector<EstateAlarm const*> EstateRegion::alarms_of(AuditResource const& resource) const {
    // An alarm may name more dimensions than those that make the resource: a volume's instance, a service's
    // operation.
    std::vector<EstateAlarm const*> found;
    auto const names_it = [&](std::string const& key) {
        if (!key.starts_with(resource.metric_namespace + "\n"))
            return false;
        return std::all_of(resource.dimensions.begin(), resource.dimensions.end(), [&](auto const& dimension) {
            auto const line = "\n" + dimension.first + "=" + dimension.second;
            auto const at = key.find(line);
            return at != std::string::npos && (at + line.size() == key.size() || key[at + line.size()] == '\n');
        });
    };
    auto const first = alarms_by_resource.lower_bound(resource.metric_namespace + "\n");
    for (auto one = first; one != alarms_by_resource.end(); ++one) {
        if (!one->first.starts_with(resource.metric_namespace + "\n"))
            break;
        if (names_it(one->first))
            for (auto const index : one->second)
                if (std::find(found.begin(), found.end(), &alarms[index]) == found.end())
                    found.push_back(&alarms[index]);
    }
    return found;
}

namespace {

AlarmHearing hearing_by_actions(Estate const& estate, std::string const& region, EstateAlarm const& alarm) {
    if (alarm.alarm_actions.empty())
        return { false, "it has no ALARM action" };
    if (!alarm.actions_enabled)
        return { false, "its actions are disabled" };
    std::string why = "its actions tell nobody";
    AuditListing const* unread = nullptr;
    bool foreign = false; // A topic of another account can not be seen from here.
    auto const& topics = estate.account->listing("sns_topics", region);
    auto const& subscriptions = estate.account->listing("sns_subscriptions", region);
    for (auto const& action : alarm.alarm_actions) {
        if (!action.starts_with("arn:aws:sns:") && action.find(":sns:") == std::string::npos) {
            if (tells_somebody(action))
                return { true, "" };
            continue;
        }
        auto const* topic = estate.in(region).topic(action);
        if (topic == nullptr) {
            if (!is_own(action, estate.account->id, region))
                foreign = true;
            else if (!topics.whole())
                unread = &topics;
            else
                why = "its topic does not exist";
            continue;
        }
        if (!subscriptions.whole())
            unread = &subscriptions;
        for (auto const& subscription : topic->subscriptions)
            if (!subscription.pending())
                return { true, "" };
        why = topic->subscriptions.empty() ? "its topic has no subscription"
                                           : "nobody confirmed the subscription of its topic";
    }
    if (unread == nullptr && !foreign)
        return { false, why };
    return { false, "it is not known who is subscribed to its topic", false,
        unread == nullptr ? std::string() : unread->refused_action() };
}

} // namespace

AlarmHearing hearing_of(Estate const& estate, std::string const& region, EstateAlarm const& alarm) {
    auto hearing = hearing_by_actions(estate, region, alarm);
    if (hearing.heard)
        return hearing;
    auto const told_by_rule = rule_tells(estate, region, alarm);
    if (told_by_rule == true)
        return { true, "" };
    if (!told_by_rule && hearing.known)
        return { false, hearing.why_not + ", and whether an EventBridge rule tells of it is not known", false,
            refused_for_rules(estate, region) };
    return hearing;
}

} // namespace convops
