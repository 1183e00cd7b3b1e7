#include "app/watch_once.h"

#include "app/capsule.h"
#include "base/text.h"

namespace convops {

namespace {

constexpr Seconds read_by { 300 }; // datapoints of one pass: a week of them is what the detector learns well from
constexpr std::size_t most_alarms_of_group = 20;

Gap gap_of(WatchGap const& gap) {
    auto const told = gap.metrics == 0
        ? std::string("which metrics there are")
        : "whether " + std::to_string(gap.metrics) + (gap.metrics == 1 ? " metric is odd" : " metrics are odd");
    return { gap.iam_action == "cloudwatch:ListMetrics" ? "metric_list" : "metric_data", gap.iam_action, gap.kind,
        gap.why, told };
}

WatchCost cost_of(WatchDiscovery const& discovery, double budget) {
    auto const& choice = discovery.choice;
    auto const& plan = discovery.plan;
    return { choice.listed, choice.excluded, choice.untelling, choice.over_limit, plan.metrics, plan.cut, plan.every,
        plan.calls_a_month, plan.usd_a_month, budget };
}

// What is off now, or was until just now.
void find_odd(Watcher const& watcher, WatchPass const& pass, Time now, Hours lately, WatchReport& report) {
    for (auto const* list : { &pass.healed, &pass.over })
        for (auto const& over : *list)
            if (now - over.over_at < lately) {
                WatchFinding finding;
                finding.anomaly = over.anomaly;
                finding.over_at = over.over_at;
                finding.decision = { AnomalyFate::suppressed, "self_healed",
                    "It was " + over.why + " after " + format_duration(over.over_at - over.anomaly.since) + "." };
                report.findings.push_back(std::move(finding));
            }
    for (std::size_t i = 0; i < watcher.size(); ++i) {
        auto const& open = watcher.series(i).open();
        if (!open)
            continue;
        WatchFinding finding;
        finding.anomaly = *open;
        report.findings.push_back(std::move(finding));
    }
    std::map<std::string, std::size_t> by_key;
    for (std::size_t i = 0; i < watcher.size(); ++i)
        by_key.emplace(watcher.key(i), i);
    for (auto& finding : report.findings) {
        WatchedMetric const metric { finding.anomaly.metric, finding.anomaly.statistic, {}, {} };
        if (auto const found = by_key.find(Watcher::key_of(metric)); found != by_key.end())
            finding.recent = watcher.series(found->second).recent(watcher.metric(found->second));
    }
}

std::vector<Fact> cited(Investigation const& investigation) {
    std::set<std::string> wanted;
    for (auto const& finding : investigation.findings)
        for (auto const& id : finding.facts)
            wanted.insert(id.text);
    std::vector<Fact> facts;
    for (auto const& fact : investigation.evidence.facts)
        if (wanted.contains(fact.id.text))
            facts.push_back(fact);
    return facts;
}

Incident incident_for(std::vector<WatchFinding*> const& group, WatchReport const& report) {
    auto incident = incident_of(alarm_of(group.front()->anomaly, report.account, report.region));
    for (auto const* finding : group) {
        if (incident.alarms.size() == most_alarms_of_group)
            break;
        auto alarm = alarm_of(finding->anomaly, report.account, report.region);
        incident.opened_at = std::min(incident.opened_at, alarm.changed_at);
        incident.alarms.emplace(alarm.name, IncidentAlarm { alarm, { alarm.changed_at } });
    }
    return incident;
}

// Anomalies of one resource are one incident: its evidence is read once.
void check_groups(Aws& aws, Clock& clock, WatchOnceOptions const& options, WatchReport& report) {
    std::map<std::string, std::vector<WatchFinding*>> by_resource;
    std::vector<std::string> order; // the farthest off first
    for (auto& finding : report.findings) {
        if (finding.over_at)
            continue;
        auto& group = by_resource[finding.anomaly.resource.key()];
        if (group.empty())
            order.push_back(finding.anomaly.resource.key());
        group.push_back(&finding);
    }
    auto const count = std::min(order.size(), options.most_checked);
    for (std::size_t i = 0; i < order.size(); ++i) {
        auto const& group = by_resource[order[i]];
        if (i >= count) {
            for (auto* finding : group)
                finding->decision = { AnomalyFate::told, {},
                    "Not checked: " + std::to_string(options.most_checked) + " resources were checked before it." };
            continue;
        }
        // As any investigation: within its budget of calls, without secrets. Nobody remembers anything here.
        auto const investigation = investigate_and_record(incident_for(group, report), aws, clock, {}).first;
        auto const decision = decide(investigation.findings);
        for (auto* finding : group) {
            finding->decision = decision;
            finding->checks = investigation.findings;
            finding->facts = cited(investigation);
            finding->gaps = investigation.evidence.gaps;
            if (!investigation.diagnosis.causes.empty())
                finding->cause = investigation.diagnosis.causes.front().statement;
        }
        if (options.checked)
            options.checked(i + 1, count);
    }
}

void sort_by_distance(std::vector<WatchFinding>& findings) {
    std::stable_sort(findings.begin(), findings.end(), [](WatchFinding const& a, WatchFinding const& b) {
        return std::fabs(a.anomaly.sigma()) > std::fabs(b.anomaly.sigma());
    });
}

} // namespace

Result<WatchReport> watch_once(Aws& aws, Clock& clock, WatchOnceOptions const& options) {
    auto const started = clock.monotonic();
    auto const now = clock.now();
    WatcherSettings settings;
    settings.rules = options.rules;
    settings.budget.usd_a_month = options.usd_a_month;
    settings.budget.soonest = read_by;
    settings.first_points = static_cast<int>(Days { options.days } / read_by);
    settings.patience = Minutes { 0 };
    settings.oldest_news = Hours { 24 * 365 };
    Watcher watcher(settings);
    auto const discovery = watcher.discover(aws, now);
    if (discovery.choice.listed == 0 && !discovery.gaps.empty())
        return Error { discovery.gaps.front().kind,
            "cloudwatch ListMetrics: " + discovery.gaps.front().why + " (" + discovery.gaps.front().iam_action
                + ")" };
    WatchReport report;
    report.account = options.account;
    report.region = aws.region();
    report.at = now;
    report.period = discovery.period;
    report.history = { floor_to(now, read_by) - Days { options.days }, floor_to(now, read_by) };
    report.cost = cost_of(discovery, options.usd_a_month);
    report.spent.list_calls = discovery.calls;
    for (auto const& gap : discovery.gaps)
        report.gaps.push_back(gap_of(gap));
    if (options.planned)
        options.planned(report);

    auto const pass = watcher.poll(aws, now, options.polled);
    for (auto const& gap : pass.gaps)
        report.gaps.push_back(gap_of(gap));
    report.spent.data_calls = pass.calls;
    report.spent.metrics_requested = pass.metrics_requested;
    for (std::size_t i = 0; i < watcher.size(); ++i)
        report.read += watcher.series(i).points() > 0 ? 1 : 0;
    report.learning = watcher.learning() - (watcher.size() - report.read);
    find_odd(watcher, pass, now, options.lately, report);
    sort_by_distance(report.findings);
    auto const before = aws.calls_made();
    check_groups(aws, clock, options, report);
    std::stable_sort(report.findings.begin(), report.findings.end(), [](auto const& a, auto const& b) {
        auto const rank = [](WatchFinding const& each) {
            return each.decision.fate == AnomalyFate::told ? 0 : each.decision.fate == AnomalyFate::digest ? 1 : 2;
        };
        return rank(a) < rank(b);
    });
    report.spent.check_calls = aws.calls_made() - before;
    report.spent.usd = static_cast<double>(report.spent.metrics_requested) * usd_per_metric_requested
        + static_cast<double>(report.spent.list_calls) * usd_per_request;
    report.spent.seconds = std::chrono::duration<double>(clock.monotonic() - started).count();
    return report;
}

} // namespace convops
