// SQS queues: how much waits in them, and where failed messages go. The age of the oldest message is a metric, not an
// attribute.
#include "evidence/answering.h"
#include "evidence/policies.h"

#include "base/text.h"

#include <array>

namespace convops {

namespace {

constexpr std::array iam_actions {
    IamAction { "sqs:ListQueues", "which queues exist" },
    IamAction { "sqs:GetQueueAttributes", "how many messages wait, and the dead-letter queue" },
};

constexpr SourceCard the_card {
    .name = "sqs_state",
    .says = "SQS queues: messages waiting, in flight, dead-letter queues.",
    .iam_actions = iam_actions,
    .stage = SourceStage::map,
};

constexpr std::size_t most_queues = 10;

std::string name_of(std::string const& url) {
    return url.substr(url.rfind('/') + 1);
}

} // namespace

std::vector<Fact> sqs_queue_facts(std::string const& name, Json const& answer) {
    auto const* attributes = find(answer, "Attributes");
    if (attributes == nullptr)
        return {};
    Resource const queue { "sqs:queue", name, text_at(*attributes, "QueueArn") };
    auto const waiting = number_at(*attributes, "ApproximateNumberOfMessages").value_or(0);
    auto const in_flight = number_at(*attributes, "ApproximateNumberOfMessagesNotVisible").value_or(0);
    StateFact state { queue, StateHealth::unknown, {} }; // Depth alone is neither good nor bad.
    for (auto const* key : { "ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible",
             "ApproximateNumberOfMessagesDelayed", "VisibilityTimeout", "MessageRetentionPeriod" })
        if (auto const value = text_at(*attributes, key); !value.empty())
            state.attributes[key] = shown(value, 40);
    std::vector<Fact> facts;
    // The policy is JSON in a text.
    if (auto const policy = parse_json(text_at(*attributes, "RedrivePolicy"), { .bytes = 4096, .depth = 8 });
        policy) {
        if (auto const dead = resource_from_arn(text_at(*policy, "deadLetterTargetArn"))) {
            state.attributes["dead_letter_queue"] = dead->name;
            facts.push_back(dependency_fact(queue, *dead,
                "dead-letter queue after " + shown(text_at(*policy, "maxReceiveCount"), 20) + " receives", {}));
        }
    }
    for (auto const& sender : senders_in_policy(text_at(*attributes, "Policy")))
        facts.push_back(dependency_fact(sender, queue, "the queue's policy lets it send", {}));
    facts.insert(facts.begin(),
        fact_about(queue, {},
            queue.display() + " holds " + format_number(waiting) + " waiting messages, " + format_number(in_flight)
                + " in flight.",
            std::move(state), { { "waiting", waiting }, { "in_flight", in_flight } }));
    return facts;
}

namespace {

Answer collect(Question const& question, Aws& aws) {
    Answering answering(the_card, question, aws);
    auto const listed = answering.read_pages(
        { call_of("sqs", "ListQueues", { { "MaxResults", 1000 } }), "QueueUrls", "NextToken", "NextToken", 1 });
    std::vector<std::string> urls;
    for (auto const& url : listed)
        if (auto const* text = url.if_string())
            urls.emplace_back(text->data(), text->size());
    // Without the list the alarm's own queue is still known: a queue's URL follows from its name.
    for (auto const& queue : near_of_type(question, "sqs:queue", 5)) {
        auto const known
            = std::any_of(urls.begin(), urls.end(), [&](auto const& url) { return name_of(url) == queue.name; });
        if (!known && !question.account.empty())
            urls.push_back(
                "https://sqs." + question.region + ".amazonaws.com/" + question.account + "/" + queue.name);
    }
    std::stable_sort(urls.begin(), urls.end(), [&](auto const& a, auto const& b) {
        auto const near = [&](auto const& url) { return is_centre(question, { "sqs:queue", name_of(url), {} }); };
        return near(a) && !near(b);
    });
    if (urls.size() > most_queues) {
        answering.not_read(
            std::to_string(urls.size() - most_queues) + " more queues were not read", "how full they are");
        urls.resize(most_queues);
    }
    std::vector<AwsCall> calls;
    for (auto const& url : urls)
        calls.push_back(call_of(
            "sqs", "GetQueueAttributes", { { "QueueUrl", url }, { "AttributeNames", JsonArray { Json("All") } } }));
    auto const answers = answering.read_all(calls);
    for (std::size_t i = 0; i < answers.size(); ++i)
        if (answers[i])
            answering.add(sqs_queue_facts(name_of(urls[i]), *answers[i]), calls[i]);
    return answering.take();
}

} // namespace

sources::Registered make_sqs_state() {
    return { &the_card, collect };
}

} // namespace convops
