// What CodeDeploy and CloudFormation rolled out before the alarm, what that touched, and how it ended.
#include "base/text.h"
#include "evidence/stack_facts.h"

#include <array>

namespace convops {

namespace {

constexpr std::array iam_actions {
    IamAction { "codedeploy:ListDeployments", "what CodeDeploy rolled out" },
    IamAction { "codedeploy:BatchGetDeployments", "what CodeDeploy rolled out" },
    IamAction { "cloudformation:ListStacks", "which stacks were changed" },
    IamAction { "cloudformation:DescribeStackEvents", "what a change of a stack touched and whether it failed" },
};

constexpr SourceCard the_card {
    .name = "deployments",
    .says = "Deployments of CodeDeploy and changes of CloudFormation stacks.",
    .iam_actions = iam_actions,
    .stage = SourceStage::reading,
    .looks_back = Minutes { 90 },
    .looks_back_deep = Hours { 24 },
    .deadline = Seconds { 15 },
};

constexpr int most_deployment_pages = 1; // 100 ids
// "The maximum number of deployment IDs you can specify is 25."
// https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_BatchGetDeployments.html
constexpr std::size_t most_deployments = 25;
constexpr int most_stack_pages = 5; // of 100
constexpr std::size_t most_stacks = 5; // whose events are read

AwsCall list_deployments(Window look) {
    return call_of("codedeploy", "ListDeployments",
        { { "createTimeRange",
            JsonObject { { "start", format_time(look.from) }, { "end", format_time(look.to) } } } });
}

// Deleted stacks stay in the list for 90 days:
// https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ListStacks.html
AwsCall list_stacks() {
    return call_of("cloudformation", "ListStacks",
        { { "StackStatusFilter",
            JsonArray { "CREATE_IN_PROGRESS", "CREATE_FAILED", "CREATE_COMPLETE", "ROLLBACK_IN_PROGRESS",
                "ROLLBACK_FAILED", "ROLLBACK_COMPLETE", "DELETE_IN_PROGRESS", "DELETE_FAILED", "UPDATE_IN_PROGRESS",
                "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", "UPDATE_COMPLETE", "UPDATE_FAILED",
                "UPDATE_ROLLBACK_IN_PROGRESS", "UPDATE_ROLLBACK_FAILED",
                "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS", "UPDATE_ROLLBACK_COMPLETE", "IMPORT_COMPLETE" } } });
}

// The stacks that began to change within the look-back, the newest first. A long change may have begun before it.
std::vector<std::string> changed_stacks(JsonArray const& stacks, Window look) {
    std::vector<std::pair<Time, std::string>> changed;
    for (auto const& stack : stacks) {
        auto at = time_at(stack, "LastUpdatedTime");
        at = at ? at : time_at(stack, "CreationTime");
        bool const running = text_at(stack, "StackStatus").ends_with("IN_PROGRESS");
        auto const id = text_at(stack, "StackId", text_at(stack, "StackName"));
        if (at && !id.empty() && *at < look.to && (*at >= look.from || running))
            changed.emplace_back(*at, id);
    }
    std::stable_sort(changed.begin(), changed.end(), [](auto const& a, auto const& b) { return a.first > b.first; });
    std::vector<std::string> ids;
    for (auto& [at, id] : changed)
        ids.push_back(std::move(id));
    return ids;
}

void read_deployments(Answering& answering, JsonArray const& ids, Window look) {
    if (ids.empty())
        return;
    JsonArray wanted;
    for (auto const& id : ids)
        if (wanted.size() < most_deployments)
            wanted.push_back(id);
    if (ids.size() > most_deployments)
        answering.not_read(std::to_string(ids.size()) + " deployments; " + std::to_string(most_deployments) + " read",
            "the other deployments");
    auto const call = call_of("codedeploy", "BatchGetDeployments", { { "deploymentIds", std::move(wanted) } });
    if (auto const answer = answering.read(call))
        for (auto const& deployment : list_at(*answer, "deploymentsInfo"))
            answering.add(codedeploy_facts(deployment, answering.question(), look), call);
}

// AWS answers the newest event first, so one page holds the latest change.
void read_stacks(Answering& answering, JsonArray const& stacks, Window look) {
    auto ids = changed_stacks(stacks, look);
    auto const most = reach(answering.question().depth, most_stacks);
    if (ids.size() > most) {
        answering.not_read(
            std::to_string(ids.size()) + " stacks changed; the newest " + std::to_string(most) + " read",
            "what the other stacks changed");
        ids.resize(most);
    }
    std::vector<AwsCall> calls;
    for (auto const& id : ids)
        calls.push_back(call_of("cloudformation", "DescribeStackEvents", { { "StackName", id } }));
    auto const answers = answering.read_all(calls);
    for (std::size_t i = 0; i < calls.size(); ++i)
        if (answers[i])
            answering.add(stack_facts(list_at(*answers[i], "StackEvents"), answering.question(), look), calls[i]);
}

Answer collect(Question const& question, Aws& aws) {
    Answering answering(the_card, question, aws);
    Window const look { question.alarm_at - look_back(the_card, question.depth), question.now + Milliseconds { 1 } };
    auto const lists = answering.read_lists(
        { { list_deployments(look), "deployments", "nextToken", "nextToken", most_deployment_pages },
            { list_stacks(), "StackSummaries", "NextToken", "NextToken", most_stack_pages } });
    read_deployments(answering, lists[0], look);
    read_stacks(answering, lists[1], look);
    return answering.take();
}

} // namespace

sources::Registered make_deployments() {
    return { &the_card, collect };
}

} // namespace convops
