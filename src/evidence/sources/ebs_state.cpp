// The EBS volumes of the instances near the alarm: state, volume status checks, and how much each may read and write,
// so that io_saturation knows the limit that operations run against.
#include "evidence/answering.h"

#include "base/text.h"

#include <array>

namespace convops {

namespace {

constexpr std::array iam_actions {
    IamAction { "ec2:DescribeVolumes", "the limits of the volumes near the alarm" },
    IamAction { "ec2:DescribeVolumeStatus", "which volumes are impaired" },
};

constexpr SourceCard the_card {
    .name = "ebs_state",
    .says = "EBS volumes: state, status checks, limits of IOPS and throughput.",
    .iam_actions = iam_actions,
    .stage = SourceStage::reading,
};

constexpr std::size_t most_volumes = 40;
constexpr std::size_t most_instances = 20;

JsonArray names_of(std::vector<Resource> const& resources) {
    JsonArray names;
    for (auto const& resource : resources)
        names.emplace_back(resource.name);
    return names;
}

void add_limit(std::vector<Fact>& facts, Resource const& volume, std::string_view metric, double limit,
    std::string const& basis, std::string const& words) {
    facts.push_back(fact_about(volume, {}, volume.display() + " allows " + words + " (" + basis + ").",
        LimitFact { volume, std::string(metric), limit, basis }, { { "limit", limit } }));
}

} // namespace

// One volume of DescribeVolumes: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Volume.html
std::vector<Fact> ebs_volume_facts(Json const& volume) {
    Resource const resource { "ebs:volume", text_at(volume, "volumeId"), {} };
    auto const type = shown(text_at(volume, "volumeType"), 20);
    auto const state = shown(text_at(volume, "status"), 40);
    auto const size = number_at(volume, "size").value_or(0);
    std::vector<Fact> facts;
    StateFact detail { resource,
        state == "in-use" || state == "available" ? StateHealth::healthy
            : state.empty()                       ? StateHealth::unknown
            : state == "error"                    ? StateHealth::failed
                                                  : StateHealth::degraded,
        { { "status", state }, { "type", type }, { "size_gib", format_number(size) } } };
    facts.push_back(fact_about(resource, {},
        resource.display() + " (" + type + ", " + format_number(size) + " GiB) is " + state + ".", std::move(detail),
        { { "status", state }, { "type", type }, { "size_gib", size } }));
    auto const iops = number_at(volume, "iops").value_or(0);
    if (iops > 0) {
        // gp2 bursts to 3,000 IOPS while it has credits; its number is what is left without them.
        // https://docs.aws.amazon.com/ebs/latest/userguide/general-purpose.html
        bool const bursts = type == "gp2" && iops < 3'000;
        auto const basis = bursts ? "baseline of the gp2 volume; 3,000 while it has burst credits"
                                  : "provisioned IOPS of the " + type + " volume";
        add_limit(facts, resource, bursts ? "VolumeBaselineIOPS" : "VolumeIOPS", iops, basis,
            format_number(iops) + " operations a second");
    }
    if (auto const throughput = number_at(volume, "throughput").value_or(0); throughput > 0)
        add_limit(facts, resource, "VolumeThroughput", throughput * 1024 * 1024,
            "provisioned throughput of the " + type + " volume", format_number(throughput) + " MiB a second");
    return facts;
}

// One entry of DescribeVolumeStatus; nothing when all is well.
// https://docs.aws.amazon.com/ebs/latest/userguide/monitoring-volume-checks.html
std::vector<Fact> ebs_status_facts(Json const& status, Time now) {
    Resource const resource { "ebs:volume", text_at(status, "volumeId"), {} };
    std::vector<Fact> facts;
    auto const word = shown(text_at(status, "volumeStatus.status"), 40);
    if (word == "impaired" || word == "warning") {
        std::string checks;
        for (auto const& detail : list_at(status, "volumeStatus.details"))
            if (auto const result = text_at(detail, "status"); result != "passed" && result != "not-applicable")
                checks += (checks.empty() ? "" : ", ") + shown(text_at(detail, "name"), 40) + " " + shown(result, 40);
        auto at = now;
        for (auto const& event : list_at(status, "eventsSet"))
            if (auto const began = time_at(event, "notBefore"))
                at = std::min(at, *began);
        auto const since = at == now ? std::string() : " since " + format_clock(at) + " UTC";
        facts.push_back(fact_about(resource, at,
            resource.display() + " fails its status checks" + since + ": " + word
                + (checks.empty() ? "" : " (" + checks + ")") + ".",
            ResourceEventFact {
                resource, ResourceEventKind::status_check_failed, word, checks.empty() ? word : checks, 1 },
            { { "status", word }, { "checks", checks } }));
    }
    return facts;
}

namespace {

Answer collect(Question const& question, Aws& aws) {
    Answering answering(the_card, question, aws);
    auto const own = near_of_type(question, "ebs:volume", most_volumes);
    auto const instances = near_of_type(question, "ec2:instance", most_instances);
    std::vector<PagedRead> reads;
    if (!own.empty())
        reads.push_back({ call_of("ec2", "DescribeVolumes", { { "VolumeIds", names_of(own) } }), "volumeSet",
            "NextToken", "nextToken", 1 });
    if (!instances.empty())
        reads.push_back({ call_of("ec2", "DescribeVolumes",
                              { { "Filters",
                                  JsonArray { JsonObject { { "Name", "attachment.instance-id" },
                                      { "Values", names_of(instances) } } } } }),
            "volumeSet", "NextToken", "nextToken", 1 });
    if (reads.empty())
        return answering.take();
    std::vector<Resource> volumes = own;
    std::set<std::string> told;
    auto const lists = answering.read_lists(reads);
    for (std::size_t i = 0; i < lists.size(); ++i)
        for (auto const& volume : lists[i]) {
            auto const id = text_at(volume, "volumeId");
            if (id.empty() || told.size() == reach(question.depth, most_volumes) || !told.insert(id).second)
                continue;
            answering.add(ebs_volume_facts(volume),
                call_of("ec2", "DescribeVolumes", { { "VolumeIds", JsonArray { Json(id) } } }));
            if (Resource const resource { "ebs:volume", id, {} };
                std::find(volumes.begin(), volumes.end(), resource) == volumes.end())
                volumes.push_back(resource);
        }
    if (volumes.empty())
        return answering.take();
    auto const call = call_of("ec2", "DescribeVolumeStatus", { { "VolumeIds", names_of(volumes) } });
    for (auto const& status : answering.read_pages({ call, "volumeStatusSet", "NextToken", "nextToken", 1 }))
        answering.add(ebs_status_facts(status, question.now), call);
    return answering.take();
}

} // namespace

sources::Registered make_ebs_state() {
    return { &the_card, collect };
}

} // namespace convops
