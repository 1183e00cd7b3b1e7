// What an audit reads: one file per AWS service in inventory/, each a table of readings. AuditReading is generic; a
// file only says which call, which IAM action, which list of the answer, and what it is asked for.
#pragma once

#include "model/resource.h"
#include "ports/aws.h"

namespace convops {

enum class ReadingPlace : std::uint8_t { regional, global }; // global: asked once, in us-east-1

// The context of one request.
struct AuditPlace {
    std::string account;
    std::string region;
    Time now {};
};

// Something that CloudWatch keeps metrics of, as the audit looks at it.
struct AuditResource {
    Resource resource;
    std::string metric_namespace; // "AWS/RDS"; one item that has metrics in two namespaces is two of these
    std::map<std::string, std::string> dimensions; // that select it there
    std::string region; // filled by whoever reads; empty for global ones
    std::map<std::string, std::string> tags;
    std::optional<Time> created_at;
    Json const* item = nullptr; // as AWS sent it; lives as long as the AuditAccount
};

struct AuditReading {
    std::string_view name; // "sns_topic_attributes": what checks name as their need
    std::string_view service; // endpoint prefix, as AwsCall has it
    std::string_view operation;
    std::string_view iam_action; // "sns:GetTopicAttributes"
    std::string_view list_path {}; // of the answer; empty: the answer itself is the one item
    std::string_view token_in {}, token_out {}; // empty: one page only
    ReadingPlace place = ReadingPlace::regional;
    // Empty: asked once per Region. Otherwise asked for each item of that reading in the same Region, `batch` items
    // at a time.
    std::string_view parent {};
    std::size_t batch = 1;
    // May these two parents be asked for in one call? nullptr: any two.
    bool (*together)(Json const& one, Json const& other) = nullptr;
    // The parameters for these parents (empty span without a parent). nullopt: nothing to ask for.
    std::optional<JsonObject> (*params)(AuditPlace const& place, std::span<Json const* const> parents) = nullptr;
    int most_pages = 100;
    std::size_t most_calls = 5'000; // for a reading with a parent; more leaves it cut
    // A second list of the same answer, appended ("CompositeAlarms" beside "MetricAlarms"); which list an item came
    // from is in its "@list".
    std::string_view second_list_path {};
    // The monitored resources that an item is: none, one or several.
    std::vector<AuditResource> (*resources)(AuditPlace const& place, Json const& item) = nullptr;
    // What not_found means: nothing is set (a bucket without a policy), which is an answer, not a gap.
    bool absent_is_empty = true;
    // Words of an error that are an answer: the service is not switched on. Empty: no error is.
    std::string_view off_words {};
    // Which parents are worth a call, as indexes; nullptr: all. What is not chosen is not asked, and the list is
    // still whole: whoever judges it knows the choice.
    std::vector<std::size_t> (*choose)(JsonArray const& parents) = nullptr;
};

namespace audit_inventory {
using Registered = std::span<AuditReading const>;
std::vector<Registered> all(); // generated from the folder
} // namespace audit_inventory

// Every reading; a parent stands before its children.
std::vector<AuditReading> all_readings();

} // namespace convops
