#include "evidence/policies.h"

#include "base/json.h"
#include "base/text.h"

#include <array>

namespace convops {

namespace {

constexpr std::size_t most_policy_bytes = 64 * 1024; // Lambda allows 20 KB, SQS less.
constexpr std::size_t most_statements = 100;
constexpr std::size_t most_senders = 20;

// A value or a list of values.
template <class Visit> void each_text(Json const& value, Visit visit) {
    if (auto const* text = value.if_string())
        visit(std::string_view(text->data(), text->size()));
    else if (auto const* list = value.if_array())
        for (auto const& item : *list)
            if (auto const* one = item.if_string())
                visit(std::string_view(one->data(), one->size()));
}

// A log group lets a subscription filter in, and calls nobody by itself.
bool is_a_sender(Resource const& resource) {
    constexpr auto senders = std::to_array<std::string_view>(
        { "apigateway:api", "sns:topic", "events:rule", "s3:bucket", "elb:target_group", "states:machine" });
    return std::find(senders.begin(), senders.end(), resource.type) != senders.end()
        && resource.name.find('*') == std::string::npos && !resource.name.empty();
}

} // namespace

// https://docs.aws.amazon.com/lambda/latest/dg/permissions-function-services.html
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-basic-examples-of-sqs-policies.html
std::vector<Resource> senders_in_policy(std::string_view policy) {
    std::vector<Resource> senders;
    auto const parsed = parse_json(policy, { .bytes = most_policy_bytes, .depth = 16 });
    if (!parsed)
        return senders;
    std::size_t read = 0;
    for (auto const& statement : list_at(*parsed, "Statement")) {
        if (read++ == most_statements)
            break;
        auto const* condition = find(statement, "Condition");
        auto const* operators = condition == nullptr ? nullptr : condition->if_object();
        if (text_at(statement, "Effect") != "Allow" || operators == nullptr)
            continue;
        for (auto const& operation : *operators)
            if (auto const* keys = operation.value().if_object())
                for (auto const& key : *keys)
                    if (to_lower(std::string_view(key.key().data(), key.key().size())) == "aws:sourcearn")
                        each_text(key.value(), [&](std::string_view arn) {
                            auto const sender = resource_from_arn(arn);
                            if (sender && is_a_sender(*sender) && senders.size() < most_senders
                                && std::find(senders.begin(), senders.end(), *sender) == senders.end())
                                senders.push_back(*sender);
                        });
    }
    return senders;
}

} // namespace convops
