// What RDS itself says happened to the databases: failovers, restarts, full storage, maintenance, backups, parameter
// changes. RDS keeps these events for 14 days:
// https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DescribeEvents.html
#include "evidence/answering.h"

#include "base/text.h"

#include <array>

namespace convops {

namespace {

constexpr std::array iam_actions {
    IamAction { "rds:DescribeEvents", "whether a database failed over, restarted or ran out of storage" },
};

constexpr SourceCard the_card {
    .name = "rds_events",
    .says = "Failovers, restarts, full storage, maintenance and backups of RDS databases.",
    .iam_actions = iam_actions,
    .stage = SourceStage::alone,
    .looks_back = Minutes { 180 },
    .settles_after = Minutes { 5 },
};

constexpr int most_pages = 3; // of 100 events

// DescribeEvents gives no event id, only categories and words; the words stand here with the id that the guide gives
// them: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Events.Messages.html
// The first row that matches wins.
struct EventWords {
    std::string_view words;
    ResourceEventKind kind;
    std::string_view id;
};
constexpr std::array<EventWords, 22> event_words { {
    { "failover started", ResourceEventKind::failover, "RDS-EVENT-0013" },
    { "failover completed", ResourceEventKind::failover, "RDS-EVENT-0049" },
    { "failover", ResourceEventKind::failover, "" },
    { "storage has been exhausted", ResourceEventKind::storage_full, "RDS-EVENT-0007" },
    { "storage full", ResourceEventKind::storage_full, "" },
    { "free storage capacity", ResourceEventKind::storage_full, "RDS-EVENT-0089" },
    { "recovery of the db instance has started", ResourceEventKind::restart, "RDS-EVENT-0020" },
    { "recovery of the db instance is complete", ResourceEventKind::restart, "RDS-EVENT-0021" },
    { "db instance restarted", ResourceEventKind::restart, "RDS-EVENT-0006" },
    { "db instance shutdown", ResourceEventKind::restart, "RDS-EVENT-0004" },
    { "restarted", ResourceEventKind::restart, "" },
    { "backing up", ResourceEventKind::backup, "RDS-EVENT-0001" },
    { "finished db instance backup", ResourceEventKind::backup, "RDS-EVENT-0002" },
    { "backup", ResourceEventKind::backup, "" },
    { "snapshot", ResourceEventKind::backup, "" },
    { "maintenance", ResourceEventKind::maintenance, "" },
    { "patch", ResourceEventKind::maintenance, "" },
    { "upgrade", ResourceEventKind::maintenance, "" },
    { "instance class", ResourceEventKind::scaled, "" },
    { "allocated storage", ResourceEventKind::scaled, "" },
    { "out of memory", ResourceEventKind::out_of_memory, "" },
    { "applying modification", ResourceEventKind::maintenance, "" },
} };

} // namespace

std::vector<Fact> rds_event_facts(Json const& answer, Window look) {
    std::vector<Fact> facts;
    for (auto const& event : list_at(answer, "Events")) {
        auto const at = time_at(event, "Date");
        auto const message = text_at(event, "Message");
        if (!at || !look.contains(*at) || message.empty())
            continue;
        bool const cluster = contains_ignoring_case(text_at(event, "SourceType"), "cluster");
        Resource const resource { cluster ? "rds:cluster" : "rds:instance", text_at(event, "SourceIdentifier"),
            text_at(event, "SourceArn") };
        auto kind = ResourceEventKind::other;
        std::string code = text_at(event, "EventID");
        for (auto const& row : event_words)
            if (contains_ignoring_case(message, row.words)) {
                kind = row.kind;
                if (code.empty())
                    code = row.id;
                break;
            }
        if (auto const& categories = list_at(event, "EventCategories"); code.empty() && !categories.empty())
            if (auto const* text = categories.front().if_string())
                code = std::string(text->data(), text->size());
        auto const words = shown(message, 300);
        facts.push_back(fact_about(resource, *at,
            "At " + format_clock(*at) + " UTC RDS said of " + resource.display() + ": " + quoted_words(words) + ".",
            ResourceEventFact { resource, kind, shown(code, 60), words, 1 },
            { { "message", words }, { "date", format_time(*at) } }));
    }
    return facts;
}

namespace {

Answer collect(Question const& question, Aws& aws) {
    Answering answering(the_card, question, aws);
    // A length back from now: a start time would also be asked of the recording, and AWS's clock is the better one.
    std::vector<PagedRead> reads;
    for (auto const* type : { "db-instance", "db-cluster" })
        reads.push_back({ call_of("rds", "DescribeEvents",
                              { { "SourceType", type }, { "Duration", look_back(the_card, question.depth).count() },
                                  { "MaxRecords", 100 } }),
            "Events", "Marker", "Marker", most_pages });
    auto const lists = answering.read_lists(reads);
    Window const look { question.now - look_back(the_card, question.depth), question.now + Minutes { 1 } };
    std::set<std::string> seen; // A recording may answer both types with one list.
    for (std::size_t i = 0; i < lists.size(); ++i)
        for (auto& fact : rds_event_facts({ { "Events", lists[i] } }, look))
            if (seen.insert(fact.statement).second)
                answering.add(std::move(fact), reads[i].call);
    return answering.take();
}

} // namespace

sources::Registered make_rds_events() {
    return { &the_card, collect };
}

} // namespace convops
