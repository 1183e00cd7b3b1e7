// Who changed what in the account before the alarm: deploys, configuration, permissions, security groups, scaling.
#include "base/text.h"
#include "evidence/read.h"
#include "evidence/trail.h"

namespace convops {

namespace {

constexpr IamAction iam_actions[] = {
    { "cloudtrail:LookupEvents", "what was changed in the account before the alarm" },
};

constexpr SourceCard the_card {
    .name = "cloudtrail_changes",
    .says = "Changes made to the account in the 90 minutes before the alarm.",
    .iam_actions = iam_actions,
    .stage = SourceStage::alone,
    .looks_back = Minutes { 90 },
    .looks_back_deep = Hours { 24 },
    // "CloudTrail typically delivers events within an average of about 5 minutes of an API call. This time is not
    // guaranteed"; its page used to say 15, and the event history can lag that much.
    // https://docs.aws.amazon.com/awscloudtrail/latest/userguide/get-and-view-cloudtrail-log-files.html
    .settles_after = Minutes { 15 },
};

// 50 events a page at two requests a second:
// https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html
constexpr int most_pages = 6;
constexpr int most_global_pages = 2;
constexpr std::size_t most_facts = 200;
constexpr std::size_t most_alike = 5; // the newest of events that differ in nothing but time
constexpr JsonLimits record_limits { .bytes = 256 * 1024, .depth = 32 };

AwsCall lookup_call(Question const& question, std::string_view key, std::string_view value) {
    return call_of("cloudtrail", "LookupEvents",
        { { "LookupAttributes", JsonArray { JsonObject { { "AttributeKey", key }, { "AttributeValue", value } } } },
            { "StartTime", format_time(question.alarm_at - look_back(the_card, question.depth)) },
            { "EndTime", format_time(question.now) }, { "MaxResults", 50 } });
}

// IAM's events are recorded in us-east-1 only, whichever Region the workload runs in.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/cloudtrail-integration.html
std::vector<PagedRead> reads_for(Question const& question) {
    std::vector<PagedRead> reads;
    reads.push_back({ lookup_call(question, "ReadOnly", "false"), "Events", "NextToken", "NextToken", most_pages });
    bool const main_partition
        = !question.region.starts_with("cn-") && question.region.find("-gov-") == std::string::npos;
    if (main_partition && !question.region.empty() && question.region != "us-east-1") {
        auto call = lookup_call(question, "EventSource", "iam.amazonaws.com");
        call.region = "us-east-1";
        reads.push_back({ std::move(call), "Events", "NextToken", "NextToken", most_global_pages });
    }
    return reads;
}

// The whole record is JSON in a string. One that can not be read still has its name, time and user beside it.
Json record_of(Json const& event) {
    if (auto record = parse_json(text_at(event, "CloudTrailEvent"), record_limits); record && record->is_object())
        return *std::move(record);
    JsonObject record { { "eventName", text_at(event, "EventName") },
        { "eventSource", text_at(event, "EventSource") }, { "eventID", text_at(event, "EventId") },
        { "readOnly", flag_at(event, "ReadOnly") } };
    if (auto const at = time_at(event, "EventTime"))
        record["eventTime"] = format_time(*at);
    record["userIdentity"] = JsonObject { { "userName", text_at(event, "Username") } };
    return record;
}

std::string likeness(Fact const& fact, ChangeFact const& change) {
    return change.event_source + "|" + change.event_name + "|" + change.actor + "|" + fact.resource + "|"
        + change.what + (change.failed ? "|failed" : "");
}

struct Reading {
    std::set<std::string> seen; // event ids: the global trail may repeat what the Region's has
    std::map<std::string, std::size_t> alike;
    std::size_t facts = 0;
    std::size_t telling = 0; // of a kind that may bring a workload down
    bool cut = false;
};

void add_facts(Answering& answering, JsonArray const& events, AwsCall const& read_by, Reading& reading) {
    auto const& question = answering.question();
    for (auto const& event : events) {
        auto const record = record_of(event);
        auto fact = change_fact_from(record);
        auto const* change = fact ? std::get_if<ChangeFact>(&fact->detail) : nullptr;
        if (change == nullptr || fact->at > question.now || !reading.seen.insert(text_at(event, "EventId")).second)
            continue;
        if (reading.alike[likeness(*fact, *change)]++ >= most_alike)
            continue;
        if (reading.facts == reach(question.depth, most_facts)) {
            reading.cut = true;
            return;
        }
        ++reading.facts;
        reading.telling += change->kind == ChangeKind::other || change->failed ? 0 : 1;
        auto const region = read_by.region.empty() ? question.region : read_by.region;
        fact->link = trail_event_page(text_at(event, "EventId"), region);
        auto one = call_of("cloudtrail", "LookupEvents",
            { { "LookupAttributes",
                JsonArray { JsonObject { { "AttributeKey", "EventId" },
                    { "AttributeValue", shown(text_at(event, "EventId"), 64) } } } } });
        one.region = region;
        answering.add(*std::move(fact), one);
    }
}

Answer collect(Question const& question, Aws& aws) {
    Answering answering(the_card, question, aws);
    auto const reads = reads_for(question);
    auto const lists = answering.read_lists(reads);
    Reading reading;
    for (std::size_t i = 0; i < lists.size(); ++i)
        add_facts(answering, lists[i], reads[i].call, reading);
    if (reading.cut)
        answering.not_read(
            "more than " + std::to_string(reach(question.depth, most_facts)) + " changes; the oldest were left out",
            "the older changes before the alarm");
    auto answer = answering.take();
    // An empty trail proves nothing yet when the alarm is this young.
    if (reading.telling == 0 && answer.gaps.empty() && question.now - question.alarm_at < the_card.settles_after)
        answer.gaps.push_back({ std::string(the_card.name), "", ErrorKind::unavailable,
            "CloudTrail delivers events up to 15 minutes late; nothing seen yet",
            std::string(iam_actions[0].would_have_told) });
    return answer;
}

} // namespace

EvidenceSource make_cloudtrail_changes() {
    return { &the_card, collect };
}

} // namespace convops
