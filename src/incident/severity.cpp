// Severity before anybody has looked: what the owner wrote into the alarm's name wins, then how close the resource is
// to the customer, then how much fires at once.
#include "base/text.h"
#include "incident/step.h"

#include <array>

namespace convops {

namespace {

struct Word {
    std::string_view word;
    Severity severity;
};
constexpr std::array words { Word { "p1", Severity::p1 }, Word { "sev1", Severity::p1 },
    Word { "sev-1", Severity::p1 }, Word { "critical", Severity::p1 }, Word { "p2", Severity::p2 },
    Word { "sev2", Severity::p2 }, Word { "sev-2", Severity::p2 }, Word { "p3", Severity::p3 },
    Word { "sev3", Severity::p3 }, Word { "warning", Severity::p3 }, Word { "p4", Severity::p4 },
    Word { "sev4", Severity::p4 } };

constexpr std::size_t many_alarms = 4; // this many at once is more than one broken resource

// "prod-P1-checkout" has the word p1, "http1" has not.
bool has_word(std::string_view text, std::string_view word) {
    auto const lower = to_lower(text);
    auto const part_of_word = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; };
    for (auto at = lower.find(word); at != std::string::npos; at = lower.find(word, at + 1)) {
        auto const end = at + word.size();
        if ((at == 0 || !part_of_word(lower[at - 1])) && (end == lower.size() || !part_of_word(lower[end])))
            return true;
    }
    return false;
}

bool faces_customers(Alarm const& alarm) {
    for (auto const& resource : alarm.resources())
        if (resource.type == "elb:load_balancer" || resource.type == "elb:target_group"
            || resource.type == "apigateway:api" || resource.type == "cloudfront:distribution")
            return true;
    return false;
}

std::pair<Severity, SeverityBasis> severity_of(Alarm const& alarm) {
    for (auto const& row : words)
        if (has_word(alarm.name, row.word))
            return { row.severity, SeverityBasis::by_name };
    if (faces_customers(alarm) || alarm.kind == AlarmKind::composite)
        return { Severity::p2, SeverityBasis::by_resource };
    return { alarm.kind == AlarmKind::anomaly_band ? Severity::p4 : Severity::p3, SeverityBasis::by_default };
}

std::pair<Severity, SeverityBasis> judged(Incident const& incident) {
    std::pair worst { Severity::p4, SeverityBasis::by_default };
    for (auto const& [key, alarm] : incident.alarms)
        if (auto const one = severity_of(alarm.latest); one.first < worst.first || incident.alarms.size() == 1)
            worst = one;
    if (incident.alarms.size() >= many_alarms && worst.first > Severity::p2)
        worst = { Severity::p2, SeverityBasis::by_number };
    return worst;
}

} // namespace

Severity severity_from_alarms(Incident const& incident) {
    return judged(incident).first;
}

SeverityBasis severity_basis(Incident const& incident) {
    return judged(incident).second;
}

} // namespace convops
