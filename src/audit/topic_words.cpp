#include "audit/topic_words.h"

#include "base/text.h"

#include <algorithm>
#include <array>

namespace convops {

std::vector<EstateTopic const*> topics_of_alarms(EstateRegion const& here) {
    auto const used = alarm_topics(here);
    std::vector<EstateTopic const*> topics;
    for (auto const& topic : here.topics)
        if (used.contains(topic.arn))
            topics.push_back(&topic);
    return topics;
}

std::vector<EstateAlarm const*> senders_to(EstateRegion const& here, EstateTopic const& topic) {
    std::vector<EstateAlarm const*> senders;
    for (auto const& alarm : here.alarms)
        for (auto const* actions : { &alarm.alarm_actions, &alarm.ok_actions, &alarm.insufficient_data_actions })
            if (std::find(actions->begin(), actions->end(), topic.arn) != actions->end()) {
                senders.push_back(&alarm);
                break;
            }
    return senders;
}

std::string shown_endpoint(EstateSubscription const& subscription) {
    auto const& endpoint = subscription.endpoint;
    if (endpoint.starts_with("arn:"))
        return endpoint;
    if (auto const at = endpoint.find('@'); at != std::string::npos)
        return endpoint.substr(0, std::min<std::size_t>(1, at)) + "***" + endpoint.substr(at);
    if (auto const scheme = endpoint.find("://"); scheme != std::string::npos) {
        // The path of a webhook is its password, and so may be what stands before an '@'.
        auto const end = endpoint.find_first_of("/?#", scheme + 3);
        return endpoint.substr(0, end);
    }
    return "***" + endpoint.substr(endpoint.size() - std::min<std::size_t>(2, endpoint.size()));
}

bool is_shared_mailbox(std::string_view address) {
    constexpr std::array<std::string_view, 30> shared { "alert", "alarm", "oncall", "ops", "team", "sre", "devops",
        "support", "admin", "infra", "noc", "soc", "platform", "monitor", "pager", "incident", "aws", "cloud",
        "notif", "group", "engineering", "dev", "root", "help", "service", "security", "webmaster", "postmaster",
        "info", "it" };
    auto const at = address.find('@');
    auto const domain = to_lower(at == std::string_view::npos ? "" : address.substr(at + 1));
    for (std::string_view const tool : { "slack.com", "pagerduty.com", "opsgenie.net", "victorops.com", "teams.ms" })
        if (domain == tool || domain.ends_with("." + std::string(tool)))
            return true;
    std::string bare;
    for (auto const c : to_lower(address.substr(0, at)))
        if (c >= 'a' && c <= 'z')
            bare += c;
    return std::any_of(shared.begin(), shared.end(), [&](auto word) {
        // Short words must be nearly the whole: "it" is in "smith".
        return bare.find(word) != std::string::npos && (word.size() > 3 || bare.size() <= word.size() + 4);
    });
}

std::vector<EstateSubscription const*> confirmed(EstateTopic const& topic) {
    std::vector<EstateSubscription const*> all;
    for (auto const& subscription : topic.subscriptions)
        if (!subscription.pending())
            all.push_back(&subscription);
    return all;
}

AuditJudgement weighed(AuditJudgement judgement, std::string_view name) {
    AuditResource named;
    named.resource.name = name;
    judgement.weight = is_production(named) ? 1 : sandbox_weight;
    return judgement;
}

} // namespace convops
