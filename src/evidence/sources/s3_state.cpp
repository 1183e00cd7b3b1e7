// The S3 buckets near the alarm: whether their request metrics are on (related_metrics reads them then), and where
// they are replicated to. Requests, 4xx, 5xx and slow-down answers are metrics that each bucket's owner must switch
// on.
#include "evidence/answering.h"

#include "base/text.h"

#include <array>

namespace convops {

namespace {

constexpr std::array iam_actions {
    IamAction { "s3:GetMetricsConfiguration", "whether the bucket's request metrics are on",
        "ListBucketMetricsConfigurations" },
    IamAction { "s3:GetReplicationConfiguration", "where the bucket is replicated to", "GetBucketReplication" },
};

constexpr SourceCard the_card {
    .name = "s3_state",
    .says = "S3 buckets: request metrics, replication.",
    .iam_actions = iam_actions,
    .stage = SourceStage::reading,
};

constexpr std::size_t most_buckets = 5;
constexpr std::size_t most_rules = 20;

// XML repeats an element without a wrapper: one of them reads as an object, two as a list.
std::vector<Json const*> repeated_at(Json const& json, std::string_view path) {
    std::vector<Json const*> out;
    auto const* value = find(json, path);
    if (value == nullptr)
        return out;
    if (auto const* list = value->if_array())
        for (auto const& item : *list)
            out.push_back(&item);
    else if (value->is_object())
        out.push_back(value);
    return out;
}

} // namespace

// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListBucketMetricsConfigurations.html
std::vector<Fact> s3_metrics_facts(Resource const& bucket, Json const& answer) {
    auto const configurations = repeated_at(answer, "MetricsConfiguration");
    std::vector<std::string> ids;
    bool whole = false;
    for (auto const* one : configurations) {
        if (ids.size() == most_rules)
            break;
        ids.push_back(shown(text_at(*one, "Id"), 64));
        auto const* filter = find(*one, "Filter");
        whole = whole || filter == nullptr || filter->is_null();
    }
    auto const names = join(ids, ", ");
    StateFact state { bucket, StateHealth::unknown,
        { { "request_metrics",
            ids.empty() ? "off"
                : whole ? "on"
                        : "on for a part" } } };
    return { fact_about(bucket, {},
        bucket.display()
            + (ids.empty() ? " publishes no request metrics, so its errors and slow-down answers can not be seen"
                           : std::string(" publishes request metrics") + (whole ? "" : " for a part of its objects")
                        + " (" + names + ")")
            + ".",
        std::move(state), { { "request_metrics", !ids.empty() }, { "filters", names } }) };
}

// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketReplication.html
std::vector<Fact> s3_replication_facts(Resource const& bucket, Json const& answer) {
    std::vector<Fact> facts;
    for (auto const* rule : repeated_at(answer, "Rule")) {
        auto const target = resource_from_arn(text_at(*rule, "Destination.Bucket"));
        if (!target || facts.size() >= 2 * most_rules)
            continue;
        auto const id = shown(text_at(*rule, "ID"), 80);
        bool const on = text_at(*rule, "Status") == "Enabled";
        facts.push_back(dependency_fact(bucket, *target, "replication rule " + id, {}));
        facts.push_back(fact_about(bucket, {},
            bucket.display() + (on ? " is replicated to " : " is not replicated any more to ") + target->display()
                + " (rule " + id + (on ? "" : ", disabled") + ").",
            // Those who read the bucket notice nothing.
            StateFact { bucket, StateHealth::unknown,
                { { "replication_rule", id }, { "replication", on ? "enabled" : "disabled" },
                    { "destination", target->name } } },
            { { "rule", id }, { "enabled", on } }));
    }
    return facts;
}

namespace {

Answer collect(Question const& question, Aws& aws) {
    Answering answering(the_card, question, aws);
    auto const buckets = near_of_type(question, "s3:bucket", most_buckets);
    std::vector<AwsCall> calls;
    for (auto const& bucket : buckets)
        for (auto const* operation : { "ListBucketMetricsConfigurations", "GetBucketReplication" })
            calls.push_back(call_of("s3", operation, { { "Bucket", bucket.name } }));
    // A bucket without replication answers 404 ReplicationConfigurationNotFoundError, which is no gap.
    auto const answers = answering.read_all(calls);
    for (std::size_t i = 0; i < buckets.size(); ++i) {
        if (answers[2 * i])
            answering.add(s3_metrics_facts(buckets[i], *answers[2 * i]), calls[2 * i]);
        if (answers[2 * i + 1])
            answering.add(s3_replication_facts(buckets[i], *answers[2 * i + 1]), calls[2 * i + 1]);
    }
    return answering.take();
}

} // namespace

sources::Registered make_s3_state() {
    return { &the_card, collect };
}

} // namespace convops
