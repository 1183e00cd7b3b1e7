// What EC2 Auto Scaling did lately and what it could not do (no capacity in the zone, a failed launch).
#include "evidence/answering.h"

#include "base/text.h"

#include <array>

namespace convops {

namespace {

constexpr std::array iam_actions {
    IamAction {
        "autoscaling:DescribeScalingActivities", "whether instances were added, replaced or could not be launched" },
};

constexpr SourceCard the_card {
    .name = "autoscaling_activity",
    .says = "Auto Scaling activities: scaling, replacements, failed launches.",
    .iam_actions = iam_actions,
    .stage = SourceStage::alone,
    .looks_back = Minutes { 180 },
};

constexpr int most_pages = 2; // of 100 activities, newest first

} // namespace

// https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_Activity.html
std::vector<Fact> autoscaling_activity_facts(Json const& activity, Window look) {
    auto const at = time_at(activity, "StartTime");
    if (!at || !look.contains(*at))
        return {};
    Resource const group { "autoscaling:group", text_at(activity, "AutoScalingGroupName"), {} };
    auto const code = shown(text_at(activity, "StatusCode"), 60);
    auto const description = shown(text_at(activity, "Description"), 200);
    auto const message = shown(text_at(activity, "StatusMessage"), 300);
    auto const cause = text_at(activity, "Cause");
    bool const failed = code == "Failed" || code == "Cancelled";
    bool const unhealthy
        = contains_ignoring_case(cause, "health check") || contains_ignoring_case(cause, "unhealthy");
    auto const kind = failed ? ResourceEventKind::placement_failed
        : unhealthy          ? ResourceEventKind::status_check_failed
                             : ResourceEventKind::scaled;
    auto statement = "At " + format_clock(*at) + " UTC " + group.display() + ": " + description
        + (failed           ? " failed" + (message.empty() ? "" : ": " + message)
                : unhealthy ? " after a failed health check"
                            : "")
        + ".";
    return { fact_about(group, *at, std::move(statement),
        ResourceEventFact { group, kind, code, failed ? message : description, 1 },
        { { "status", code }, { "description", description }, { "cause", shown(cause, 400) } }) };
}

namespace {

Answer collect(Question const& question, Aws& aws) {
    Answering answering(the_card, question, aws);
    auto const call = call_of("autoscaling", "DescribeScalingActivities", { { "MaxRecords", 100 } });
    Window const look { question.now - look_back(the_card, question.depth), question.now + Minutes { 1 } };
    auto const first = answering.read(call);
    if (!first)
        return answering.take();
    JsonArray activities = list_at(*first, "Activities");
    auto const token = text_at(*first, "NextToken");
    auto const oldest = activities.empty() ? std::nullopt : time_at(activities.back(), "StartTime");
    if (!token.empty() && oldest
        && look.contains(*oldest)) { // Newest first: another page only while still in the window.
        auto next = call;
        next.params["NextToken"] = token;
        for (auto& activity : answering.read_pages({ next, "Activities", "NextToken", "NextToken", most_pages - 1 }))
            activities.push_back(activity);
    }
    for (auto const& activity : activities)
        answering.add(autoscaling_activity_facts(activity, look), call);
    return answering.take();
}

} // namespace

sources::Registered make_autoscaling_activity() {
    return { &the_card, collect };
}

} // namespace convops
