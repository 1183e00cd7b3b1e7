#include "evidence/security_facts.h"

#include "base/text.h"

#include <array>

namespace convops {

namespace {

// How far the resource is from the alarm, in calls; nothing when the map does not connect them.
std::optional<int> distance_of(Resource const& resource, Question const& question) {
    if (is_centre(question, resource))
        return 0;
    for (auto const& [near, distance] : question.nearby)
        if (near == resource)
            return distance;
    return std::nullopt;
}

std::string words_for(SecurityReport const& report, Time at) {
    auto const& finding = report.finding;
    auto text = finding.service + " reports " + quoted_words(finding.type, 120) + " on "
        + shown(finding.resource.display(), 160) + " (severity " + format_number(finding.severity) + " of 10), "
        + (at == finding.first_seen ? "first" : "last") + " seen at " + format_clock(at) + " on "
        + format_time(at).substr(0, 10);
    if (!report.title.empty())
        text += ": " + quoted_words(report.title, 200);
    return text + ".";
}

} // namespace

double severity_of_label(std::string_view label) {
    constexpr auto bands = std::to_array<std::pair<std::string_view, double>>(
        { { "CRITICAL", 9.5 }, { "HIGH", 8.0 }, { "MEDIUM", 5.5 }, { "LOW", 2.5 } });
    for (auto const& [name, severity] : bands)
        if (name == label)
            return severity;
    return 0;
}

bool belongs_to_incident(SecurityReport const& report, Question const& question, Window look) {
    auto const& finding = report.finding;
    if (finding.first_seen > question.now)
        return false; // Asked about the past, it was not known yet.
    bool const active = report.stays || finding.last_seen >= look.from;
    bool const is_new = look.contains(finding.first_seen);
    return (active && distance_of(finding.resource, question)) || (is_new && finding.severity >= severe);
}

Fact security_fact(SecurityReport const& report, Window look) {
    auto const& finding = report.finding;
    auto const at
        = look.contains(finding.first_seen) ? finding.first_seen : std::max(finding.first_seen, finding.last_seen);
    auto fact = fact_about(finding.resource, at, words_for(report, at), finding,
        { { "id", shown(report.id, 300) }, { "type", shown(finding.type, 200) }, { "severity", finding.severity },
            { "title", shown(report.title, 300) }, { "first_seen", format_time(finding.first_seen) },
            { "last_seen", format_time(finding.last_seen) } });
    if (!report.link.empty())
        fact.link = report.link;
    return fact;
}

Fact not_enabled_fact(std::string_view service, Question const& question) {
    auto const words = std::string(service) + " is not enabled in this Region";
    auto fact = fact_about({ "account", question.account, {} }, question.now, words + ".",
        StateFact { { "account", question.account, {} }, StateHealth::unknown, { { "status", "not enabled" } } },
        { { "enabled", false } });
    return fact;
}

Window findings_window(SourceCard const& card, Question const& question) {
    return { question.alarm_at - look_back(card, question.depth), question.now + Milliseconds { 1 } };
}

Answer answer_not_enabled(Answering& answering, std::string_view service, AwsCall const& read_by) {
    answering.add(not_enabled_fact(service, answering.question()), read_by);
    return answering.take();
}

Answer answer_with(Answering& answering, std::vector<SecurityReport> reports, Window look, AwsCall const& read_by,
    std::size_t most) {
    auto const& question = answering.question();
    std::erase_if(
        reports, [&](SecurityReport const& report) { return !belongs_to_incident(report, question, look); });
    constexpr int not_near = 1'000;
    auto const rank = [&](SecurityReport const& report) {
        return std::tuple(distance_of(report.finding.resource, question).value_or(not_near), -report.finding.severity,
            report.finding.type, report.id);
    };
    std::stable_sort(reports.begin(), reports.end(),
        [&](SecurityReport const& a, SecurityReport const& b) { return rank(a) < rank(b); });
    auto const bound = reach(question.depth, most);
    if (reports.size() > bound) {
        answering.not_read(std::to_string(reports.size()) + " findings concern this; the " + std::to_string(bound)
                + " nearest and most severe were taken",
            "the less severe findings");
        reports.resize(bound);
    }
    for (auto const& report : reports)
        answering.add(security_fact(report, look), read_by);
    return answering.take();
}

} // namespace convops
