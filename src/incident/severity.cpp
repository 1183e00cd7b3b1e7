#include "incident/severity.h"

#include "base/text.h"
#include "model/metric_evidence.h"

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

bool faces_users(Resource const& resource) {
    return resource.type == "elb:load_balancer" || resource.type == "elb:target_group"
        || resource.type == "apigateway:api" || resource.type == "cloudfront:distribution";
}

bool faces_customers(Alarm const& alarm) {
    return std::ranges::any_of(alarm.resources(), faces_users);
}

bool has_no_threshold(Alarm const& alarm) {
    return alarm.kind == AlarmKind::anomaly_band || alarm.kind == AlarmKind::watch;
}

std::optional<Severity> owners_word(Alarm const& alarm) {
    if (alarm.kind == AlarmKind::watch) // Its name is ours.
        return std::nullopt;
    for (auto const& row : words)
        if (has_word(alarm.name, row.word))
            return row.severity;
    return std::nullopt;
}

Severity severity_of(Alarm const& alarm) {
    if (auto const word = owners_word(alarm))
        return *word;
    if (alarm.kind == AlarmKind::watch) // Nobody has said yet that this number matters.
        return faces_customers(alarm) ? Severity::p3 : Severity::p4;
    if (faces_customers(alarm) || alarm.kind == AlarmKind::composite)
        return Severity::p2;
    return has_no_threshold(alarm) ? Severity::p4 : Severity::p3;
}

} // namespace

Severity severity_from_alarms(Incident const& incident) {
    auto worst = Severity::p4;
    for (auto const& [key, alarm] : incident.alarms)
        worst = std::min(worst, severity_of(alarm.latest));
    if (incident.alarms.size() >= many_alarms && worst > Severity::p2)
        worst = Severity::p2;
    return worst;
}

namespace {

// --- What an investigation knows ---

constexpr Minutes usual_before { 60 }; // what counts as the usual level
constexpr double far_over = 10; // times the threshold, or spreads from the usual level
constexpr double hardly_over = 1.2;
constexpr int many_dependants = 3;
constexpr std::size_t most_walked = 200; // resources, on the way to the callers

bool contains_any(std::string_view text, std::initializer_list<std::string_view> parts) {
    return std::ranges::any_of(parts, [&](std::string_view part) { return contains_ignoring_case(text, part); });
}

// 4XX is often the client's own fault, so it is not among them.
bool counts_errors(std::string_view metric) {
    return contains_any(metric, { "5XX", "ErrorRate", "UnHealthyHost", "ConnectionError" }) || metric == "Errors";
}

bool measures_waiting(std::string_view metric) {
    return contains_any(metric, { "Latency", "ResponseTime", "Duration" });
}

double middle_of(std::vector<double> values) {
    if (values.empty())
        return 0;
    std::nth_element(values.begin(), values.begin() + std::ptrdiff_t(values.size() / 2), values.end());
    return values[values.size() / 2];
}

// The alarm's own metric, as far as it was read.
MetricFact const* own_metric(Alarm const& alarm, Evidence const& evidence) {
    MetricFact const* found = nullptr;
    auto const* main = alarm.main_metric();
    for (auto const& [fact, metric] : evidence.all<MetricFact>()) {
        if (metric->series.empty() || metric->closeness != Closeness::alarm)
            continue;
        bool const same = main != nullptr && metric->series.metric == *main->metric;
        if (found == nullptr || (same && metric->series.statistic == main->statistic))
            found = metric;
    }
    return found;
}

// How far the worst value since the onset lies beyond the threshold; where a threshold says little, beyond the usual.
void measure_distance(SeverityJudgement& judgement, Alarm const& alarm, MetricFact const& metric, Time onset) {
    auto const& series = metric.series;
    auto values = series.within({ onset, Time::max() }).values;
    if (values.empty())
        values = { series.values.back() };
    bool const above = alarm.fires_above();
    double const worst = above ? *std::ranges::max_element(values) : *std::ranges::min_element(values);
    bool const percent = series.unit == "Percent";
    if (alarm.threshold && *alarm.threshold > 0 && !percent && !has_no_threshold(alarm)) {
        if (above)
            judgement.times_threshold = worst / *alarm.threshold;
        else if (worst <= 0)
            judgement.at_zero = true;
        else
            judgement.times_threshold = *alarm.threshold / worst;
        return;
    }
    auto const before = series.within({ onset - usual_before, onset }).values;
    constexpr std::size_t least_points = 10;
    if (before.size() < least_points)
        return;
    auto const usual = middle_of(before);
    auto distances = before;
    for (auto& value : distances)
        value = std::abs(value - usual);
    // 1.4826: the median distance of a normal distribution as a standard deviation. A flat line still wobbles by a
    // hundredth of its level.
    double const spread = std::max({ 1.4826 * middle_of(distances), std::abs(usual) / 100, percent ? 1.0 : 1e-9 });
    judgement.spreads = std::abs(worst - usual) / spread;
}

Standing standing_of(Alarm const& alarm, Diagnosis const& diagnosis, MetricFact const* metric) {
    if (diagnosis.verdict == IncidentVerdict::healthy || diagnosis.verdict == IncidentVerdict::self_healed)
        return Standing::healed;
    if (metric == nullptr || !alarm.threshold || has_no_threshold(alarm))
        return Standing::unknown;
    return exceeds(metric->series.values.back(), *alarm.threshold, alarm.comparison) ? Standing::happening
                                                                                     : Standing::healed;
}

// A resource that users reach and whose errors or waits rose with the incident, wherever the alarm itself is.
void find_what_users_meet(SeverityJudgement& judgement, Evidence const& evidence, Time onset) {
    for (auto const& [fact, metric] : evidence.all<MetricFact>()) {
        auto const& name = metric->series.metric.name;
        bool const errors = counts_errors(name);
        if (!faces_users(metric->resource) || (!errors && !measures_waiting(name)))
            continue;
        auto const before = middle_of(metric->series.within({ onset - usual_before, onset }).values);
        auto const since = metric->series.within({ onset, Time::max() }).values;
        constexpr double least_errors = 5; // in a period: fewer are noise
        constexpr double least_growth = 3;
        bool const rose = !since.empty() && middle_of(since) > least_growth * before
            && (!errors || middle_of(since) >= least_errors);
        auto const hit = errors ? Hit::user_errors : Hit::user_latency;
        if (rose && hit < judgement.hit) {
            judgement.hit = hit;
            judgement.where = metric->resource;
        }
    }
}

void judge_hit(SeverityJudgement& judgement, Alarm const& alarm, MetricFact const* metric, Evidence const& evidence,
    Time onset) {
    auto const* main = alarm.main_metric();
    auto const name = main != nullptr ? main->metric->name
        : metric != nullptr           ? metric->series.metric.name
                                      : std::string();
    auto const resources = alarm.resources();
    auto const facing = std::ranges::find_if(resources, faces_users);
    if (facing != resources.end()) {
        judgement.hit = counts_errors(name) ? Hit::user_errors
            : measures_waiting(name)        ? Hit::user_latency
                                            : Hit::user_facing;
        judgement.where = *facing;
    }
    find_what_users_meet(judgement, evidence, onset);
}

bool is_service(Resource const& resource) {
    return resource.type == "ecs:service" || resource.type == "lambda:function" || resource.type == "apigateway:api"
        || resource.type == "elb:load_balancer" || resource.type == "ec2:instance"
        || resource.type == "autoscaling:group" || resource.type == "states:machine";
}

// Callers, and theirs, of what the alarm and the first cause are about.
int dependants_of(Investigation const& investigation, Alarm const& alarm) {
    std::map<std::string, std::vector<Resource>> callers;
    for (auto const& [fact, edge] : investigation.evidence.all<DependencyFact>())
        if (edge->declared)
            callers[edge->to.key()].push_back(edge->from);
    auto open = alarm.resources();
    if (!investigation.diagnosis.causes.empty())
        open.push_back(investigation.diagnosis.causes.front().resource);
    std::set<std::string> seen;
    for (auto const& resource : open)
        seen.insert(resource.key());
    int count = 0;
    for (std::size_t i = 0; i < open.size() && open.size() < most_walked; ++i)
        for (auto const& caller : std::vector<Resource>(callers[open[i].key()]))
            if (seen.insert(caller.key()).second) {
                count += is_service(caller) ? 1 : 0;
                open.push_back(caller);
            }
    return count;
}

// Only a word of its own counts: "dev" in "orders-dev", not in "device".
std::string environment_of(Alarm const& alarm) {
    for (std::string_view const word :
        { "staging", "stage", "dev", "development", "test", "testing", "qa", "sandbox", "preprod", "demo" })
        if (has_word(alarm.name, word))
            return std::string(word);
    return {};
}

int points_of(SeverityJudgement const& judgement, Alarm const& alarm) {
    int points = judgement.hit == Hit::user_errors ? 3 : judgement.hit == Hit::internal ? 1 : 2;
    bool const far = judgement.at_zero || std::max(judgement.times_threshold, judgement.spreads) >= far_over;
    bool const near = judgement.times_threshold > 0 && judgement.times_threshold < hardly_over;
    points += far ? 1 : 0;
    points -= near && judgement.hit != Hit::user_errors ? 1 : 0;
    points += judgement.dependants >= many_dependants || judgement.alarms >= int(many_alarms) ? 1 : 0;
    points -= has_no_threshold(alarm) ? 1 : 0;
    return points;
}

Severity level_of(int points) {
    return points >= 5 ? Severity::p1 : points >= 3 ? Severity::p2 : points >= 1 ? Severity::p3 : Severity::p4;
}

} // namespace

SeverityJudgement judge_severity(Investigation const& investigation) {
    auto const& alarm = investigation.incident.leading_alarm();
    auto const& diagnosis = investigation.diagnosis;
    auto const onset = diagnosis.onset.value_or(alarm.changed_at - alarm.period() * alarm.evaluation_periods);
    auto const* metric = own_metric(alarm, investigation.evidence);
    SeverityJudgement judgement;
    judge_hit(judgement, alarm, metric, investigation.evidence, onset);
    if (metric != nullptr)
        measure_distance(judgement, alarm, *metric, onset);
    judgement.standing = standing_of(alarm, diagnosis, metric);
    judgement.dependants = dependants_of(investigation, alarm);
    judgement.environment = environment_of(alarm);
    std::optional<Severity> word;
    for (auto const& [key, each] : investigation.incident.alarms) {
        judgement.alarms += each.latest.state == AlarmState::alarm ? 1 : 0;
        if (auto const said = owners_word(each.latest); said && (!word || *said < *word))
            word = said;
    }
    judgement.owners_word = word.has_value();
    judgement.severity = word.value_or(level_of(points_of(judgement, alarm)));
    if (word)
        return judgement;
    // What is over, or is nobody's production, wakes nobody.
    if (diagnosis.verdict == IncidentVerdict::healthy)
        judgement.severity = Severity::p4;
    else if (judgement.standing == Standing::healed || !judgement.environment.empty())
        judgement.severity = std::max(judgement.severity, Severity::p3);
    return judgement;
}

} // namespace convops
