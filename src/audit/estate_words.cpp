#include "audit/estate_words.h"

#include "audit/estate.h"
#include "base/text.h"

#include <array>

namespace convops {

// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
bool tells_somebody(std::string_view action) {
    return action.find(":lambda:") != std::string_view::npos
        || action.find(":ssm-incidents:") != std::string_view::npos || action.find(":ssm:") != std::string_view::npos
        || action.find(":aiops:") != std::string_view::npos;
}

bool is_own(std::string_view arn, std::string_view account, std::string_view region) {
    auto const parts = split(arn, ':');
    return parts.size() > 5 && parts[3] == region && parts[4] == account;
}

bool is_production(AuditResource const& resource) {
    constexpr std::array<std::string_view, 12> sandbox_words { "dev", "development", "test", "testing", "stage",
        "staging", "sandbox", "qa", "uat", "demo", "preview", "nonprod" };
    auto const is_sandbox_word = [&](std::string_view word) {
        return std::find(sandbox_words.begin(), sandbox_words.end(), word) != sandbox_words.end();
    };
    for (auto const& [name, value] : resource.tags) {
        auto const key = to_lower(name);
        if (key == "env" || key == "environment" || key == "stage" || key == "tier")
            return !is_sandbox_word(to_lower(value));
    }
    std::string word;
    for (auto const letter : to_lower(resource.resource.name) + "-") {
        if (letter != '-' && letter != '_' && letter != '.' && letter != '/') {
            word += letter;
            continue;
        }
        if (is_sandbox_word(word))
            return false;
        word.clear();
    }
    return true;
}

} // namespace convops
