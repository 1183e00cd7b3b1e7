// The account as checks look at it: typed views of what was read, built once. Points into the AuditAccount.
#pragma once

#include "audit/account.h"
#include "model/alarm.h"

namespace convops {

// What an alarm watches and is not there any more.
struct GoneResource {
    Resource resource;
    std::string dimension; // "InstanceId"
    std::string nearest; // the name of one that exists and is written alike; empty: none
};

struct EstateAlarm {
    Alarm alarm;
    bool actions_enabled = true;
    std::vector<std::string> alarm_actions, ok_actions, insufficient_data_actions; // ARNs
    std::string suppressor; // composite: ActionsSuppressor
    std::optional<Time> configured_at;
    std::optional<Time> state_since;
    std::optional<GoneResource> gone; // known only where its kind of resource was read whole
    Json const* item = nullptr;
    [[nodiscard]] bool composite() const { return alarm.kind == AlarmKind::composite; }
};

struct EstateSubscription {
    std::string arn; // "PendingConfirmation" until somebody confirms
    std::string protocol; // "email", "https", "lambda", "sqs", "sms", ...
    std::string endpoint;
    [[nodiscard]] bool pending() const { return !arn.starts_with("arn:"); }
};

struct EstateTopic {
    std::string arn;
    std::vector<EstateSubscription> subscriptions;
    Json const* attributes = nullptr; // of GetTopicAttributes; nullptr: could not be read
};

struct EstateRegion {
    std::vector<EstateAlarm> alarms;
    std::vector<EstateTopic> topics;
    std::vector<AuditResource> resources;
    [[nodiscard]] EstateAlarm const* alarm_named(std::string_view name) const;
    [[nodiscard]] EstateTopic const* topic(std::string_view arn) const;
    // Alarms whose metrics (also inside metric math) name this resource by namespace and dimensions.
    [[nodiscard]] std::vector<EstateAlarm const*> alarms_of(AuditResource const& resource) const;

    std::map<std::string, std::size_t, std::less<>> alarm_index, topic_index; // by name, by ARN
    std::map<std::string, std::vector<std::size_t>, std::less<>> alarms_by_resource; // key of resource_key()
};

// 14 days of datapoints, by metric and statistic; see metric_history.h.
struct EstateHistory {
    std::vector<Series> series;
    std::map<std::string, std::size_t, std::less<>> index; // by history_key()
    std::vector<MetricId> denied; // that could not be read
    std::optional<AuditShortfall> shortfall; // why, when calls failed
    std::size_t left_out = 0; // series beyond the bound on calls
    std::vector<MetricId> fine; // custom metrics with several points a minute, of those that were asked
};

struct Estate {
    AuditAccount const* account = nullptr;
    std::map<std::string, EstateRegion> regions; // by Region; global resources under ""
    std::map<std::string, EstateHistory> history; // by Region; empty until read

    [[nodiscard]] EstateRegion const& in(std::string const& region) const; // an unknown Region is empty
    [[nodiscard]] Time now() const { return account->at; }
    [[nodiscard]] JsonArray const& items(std::string_view reading, std::string const& region) const {
        return account->items(reading, region);
    }
};

Estate estate_of(AuditAccount const& account, std::span<AuditReading const> readings);

// "AWS/RDS" and { DBInstanceIdentifier: orders } as one text: equal for an alarm's metric and the resource it
// watches.
std::string resource_key(std::string_view metric_namespace, std::map<std::string, std::string> const& dimensions);

// Does anybody hear of it? An enabled action that leads to a person, a queue, a function or an incident tool.
struct AlarmHearing {
    bool heard = false;
    std::string why_not; // "it has no ALARM action"; empty when heard
    bool known = true; // false: the topics, subscriptions or rules could not be read
    std::string iam_action {}; // not known: what was refused; empty when no permission of this account would help
};
AlarmHearing hearing_of(Estate const& estate, std::string const& region, EstateAlarm const& alarm);

// Tags or the name say that it is not production ("env=dev", "orders-staging"). Without a word it is production.
bool is_production(AuditResource const& resource);

} // namespace convops
