// For tests of checks: an account of prepared answers. What a test does not mention was read and is empty.
#pragma once

#include "audit/audit.h"
#include "audit/seen_results.h"

#include <gtest/gtest.h>

#include <deque>

namespace convops {

class AccountUnderAudit {
public:
    static constexpr std::string_view now = "2026-11-28T10:00:00Z";

    AccountUnderAudit() {
        account_.id = "111122223333";
        account_.regions = { "eu-west-1" };
        account_.at = *parse_time(now);
        for (auto const& reading : readings())
            keep(reading.name, {});
    }

    // Adds items, a JSON array, to a reading.
    AccountUnderAudit& has(std::string_view reading, std::string_view items) {
        auto const parsed = parse_json(items);
        EXPECT_TRUE(parsed && parsed->is_array()) << "the test's JSON is broken: " << items;
        EXPECT_NE(card(reading), nullptr) << "no reading " << reading;
        auto listing = account_.listing(reading, place(reading));
        if (parsed && parsed->is_array())
            for (auto const& item : parsed->as_array())
                listing.items.push_back(item);
        account_.keep(reading, place(reading), std::move(listing));
        return *this;
    }
    // One alarm on the processor of a database that exists, in wire shape, with `fields` over it; null drops a field.
    AccountUnderAudit& has_alarm(std::string_view name, std::string_view fields = "{}") {
        if (auto const& databases = account_.listing("rds_instances", "eu-west-1");
            databases.items.empty() && databases.whole())
            has("rds_instances", R"([{"DBInstanceIdentifier":"orders-db","Engine":"postgres",
                "DBInstanceArn":"arn:aws:rds:eu-west-1:111122223333:db:orders-db","DBInstanceStatus":"available"}])");
        Json alarm { { "AlarmName", name },
            { "AlarmArn", "arn:aws:cloudwatch:eu-west-1:111122223333:alarm:" + std::string(name) },
            { "StateValue", "OK" }, { "StateUpdatedTimestamp", "2026-11-20T10:00:00Z" }, { "ActionsEnabled", "true" },
            { "AlarmActions", JsonArray { topic() } }, { "OKActions", JsonArray { topic() } },
            { "Namespace", "AWS/RDS" }, { "MetricName", "CPUUtilization" }, { "Statistic", "Average" },
            { "Dimensions", JsonArray { { { "Name", "DBInstanceIdentifier" }, { "Value", "orders-db" } } } },
            { "Period", "60" }, { "EvaluationPeriods", "3" }, { "DatapointsToAlarm", "3" }, { "Threshold", "80" },
            { "ComparisonOperator", "GreaterThanThreshold" }, { "AlarmDescription", "https://wiki/orders-db" } };
        auto const parsed = parse_json(fields);
        EXPECT_TRUE(parsed && parsed->is_object()) << "the test's JSON is broken: " << fields;
        if (parsed && parsed->is_object())
            for (auto const& [key, value] : parsed->as_object()) {
                alarm.as_object().erase(key);
                if (!value.is_null())
                    alarm.as_object()[key] = value;
            }
        return has("cloudwatch_alarms", to_text(JsonArray { alarm }));
    }
    AccountUnderAudit& denied(std::string_view reading) {
        AuditListing listing;
        listing.asked = true;
        listing.shortfall = AuditShortfall { ErrorKind::access_denied, "access denied",
            card(reading) == nullptr ? "" : std::string(card(reading)->iam_action) };
        account_.keep(reading, place(reading), std::move(listing));
        return *this;
    }
    // The call for one parent failed.
    AccountUnderAudit& denied_for(std::string_view reading, std::size_t parent) {
        auto listing = account_.listing(reading, place(reading));
        listing.failed_for[parent] = AuditShortfall { ErrorKind::access_denied, "access denied",
            card(reading) == nullptr ? "" : std::string(card(reading)->iam_action) };
        account_.keep(reading, place(reading), std::move(listing));
        return *this;
    }

    [[nodiscard]] std::vector<AuditJudgement> judged(AuditCheck const& check) const {
        return with_note(check, judgements_of(check, estate_of(account_, readings())));
    }
    [[nodiscard]] std::vector<AuditJudgement> judged(std::string_view check) const {
        for (auto const& one : audit_checks::all())
            if (one.name == check)
                return judged(one);
        ADD_FAILURE() << "no check " << check;
        return {};
    }
    // "fail", "pass", "unknown" for the thing whose name or ARN ends so; "" when it was not judged.
    [[nodiscard]] std::string says(std::string_view check, std::string_view thing) const {
        for (auto const& judgement : judged(check))
            if (judgement.resource.ends_with(thing))
                return std::string(to_string(judgement.result));
        return "";
    }
    [[nodiscard]] AuditJudgement about(std::string_view check, std::string_view thing) const {
        for (auto const& judgement : judged(check))
            if (judgement.resource.ends_with(thing))
                return judgement;
        ADD_FAILURE() << check << " says nothing about " << thing;
        return {};
    }

    static std::string topic() { return "arn:aws:sns:eu-west-1:111122223333:on-call"; }

private:
    static std::vector<AuditReading> const& readings() {
        static auto const all = all_readings();
        return all;
    }
    static AuditReading const* card(std::string_view name) {
        for (auto const& reading : readings())
            if (reading.name == name)
                return &reading;
        return nullptr;
    }
    static std::string place(std::string_view reading) {
        auto const* found = card(reading);
        return found != nullptr && found->place == ReadingPlace::global ? "" : "eu-west-1";
    }
    void keep(std::string_view reading, AuditListing listing) {
        listing.asked = true;
        account_.keep(reading, place(reading), std::move(listing));
    }

    AuditAccount account_;
};

} // namespace convops
