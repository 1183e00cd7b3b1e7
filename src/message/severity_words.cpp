// "P1: 12 × the threshold, errors for users at load balancer shop, 4 services depend on it, still happening."
#include "message/fact_words.h"

#include "base/text.h"

namespace convops {

std::string severity_words(SeverityJudgement const& judgement, Reader const& reader) {
    constexpr double least_told = 1.2; // times the threshold: less is the threshold itself
    constexpr double least_spreads_told = 10;
    auto const& say_it = words(reader.language);
    std::vector<std::string> reasons;
    auto const rounded = [&](double number) {
        return value_words(number < 10 ? std::round(number * 10) / 10 : std::round(number), "", say_it);
    };
    if (judgement.owners_word)
        reasons.push_back(say_it.by_owners_word.text());
    if (judgement.at_zero)
        reasons.push_back(say_it.down_to_zero.text());
    else if (judgement.times_threshold >= least_told)
        reasons.push_back(say(say_it.times_over, { rounded(judgement.times_threshold) }));
    else if (judgement.spreads >= least_spreads_told)
        reasons.push_back(say_it.far_from_usual.text());
    if (judgement.hit != Hit::internal)
        reasons.push_back(say(judgement.hit == Hit::user_errors ? say_it.users_get_errors
                : judgement.hit == Hit::user_latency            ? say_it.users_wait
                                                                : say_it.users_near,
            { resource_words(judgement.where, reader.language) }));
    if (judgement.dependants > 0)
        reasons.push_back(judgement.dependants == 1
                ? say_it.one_dependant.text()
                : say(say_it.dependants, { std::to_string(judgement.dependants) }));
    if (judgement.alarms > 1)
        reasons.push_back(say(say_it.alarms_fire, { std::to_string(judgement.alarms) }));
    if (judgement.standing != Standing::unknown)
        reasons.push_back(
            judgement.standing == Standing::happening ? say_it.still_happening.text() : say_it.over_by_now.text());
    if (!judgement.environment.empty())
        reasons.push_back(say(say_it.in_environment, { judgement.environment }));
    // That it still happens is no reason by itself; the first line says it.
    if (reasons.empty() || (reasons.size() == 1 && judgement.standing != Standing::unknown))
        return {};
    return say(say_it.severity_why, { to_string(judgement.severity), join(reasons, ", ") });
}

std::string severity_words(SeverityJudgement judgement, Incident const& incident, Reader const& reader) {
    if (incident.state == IncidentState::resolved && judgement.standing == Standing::happening)
        judgement.standing = Standing::unknown;
    return severity_words(judgement, reader);
}

} // namespace convops
