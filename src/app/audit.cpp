#include "app/audit.h"

#include "audit/audit.h"
#include "audit/costs.h"
#include "audit/metric_history.h"
#include "audit/tuning.h"
#include "audit/untold.h"
#include "watch/detector.h"

namespace convops {

// The detector of the watch, over 14 days of one series: where it would have opened an anomaly.
std::vector<Time> unusual_times(Series const& series) {
    std::vector<Time> times;
    Detector detector;
    for (std::size_t i = 0; i < series.at.size(); ++i)
        if (auto const reading = detector.read(series.at[i], series.values[i]); reading && reading->opens())
            times.push_back(series.at[i]);
    return times;
}

AuditReport audit_account(Aws& aws, std::string const& id, std::span<std::string const> regions, Clock& clock,
    AuditObserver const& observer) {
    auto const began = clock.monotonic();
    auto const calls_before = aws.calls_made();
    auto const readings = all_readings();
    auto const account = read_account(aws, id, regions, clock.now(), readings, observer);
    auto estate = estate_of(account, readings);
    read_history(aws, estate);
    read_fine_metrics(aws, estate);
    auto report = audit(estate, audit_checks::all());
    auto const wrong = wrong_moments(estate, unusual_times);
    report.untold = untold_moments(estate, wrong);
    report.tunings = alarm_tunings(estate, wrong);
    report.costs = costs_of(estate);
    report.aws_calls = aws.calls_made() - calls_before;
    report.seconds = std::chrono::duration<double>(clock.monotonic() - began).count();
    return report;
}

} // namespace convops
