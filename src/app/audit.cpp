#include "app/audit.h"

#include "audit/audit.h"
#include "audit/costs.h"
#include "audit/metric_history.h"
#include "audit/tuning.h"
#include "audit/untold.h"
#include "base/text.h"
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
    AuditObserver const& observer, AuditScope const& scope) {
    auto const began = clock.monotonic();
    auto const calls_before = aws.calls_made();
    auto const account = read_account(aws, id, regions, clock.now(), scope.readings, observer);
    auto estate = estate_of(account, scope.readings);
    read_history(aws, estate, scope.history);
    if (scope.fine_metrics)
        read_fine_metrics(aws, estate);
    auto report = audit(estate, scope.checks);
    if (scope.whole) {
        auto const wrong = wrong_moments(estate, unusual_times);
        report.untold = untold_moments(estate, wrong);
        report.tunings = alarm_tunings(estate, wrong);
        report.costs = costs_of(estate);
    }
    say_what_was_left_out(report, scope);
    report.aws_calls = aws.calls_made() - calls_before;
    report.seconds = std::chrono::duration<double>(clock.monotonic() - began).count();
    return report;
}

// A Region of the partition that every account has.
// https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/partitions.html
static std::string always_enabled(std::string_view region) {
    if (region.starts_with("cn-"))
        return "cn-north-1";
    return region.starts_with("us-gov-") ? "us-gov-west-1" : "us-east-1";
}

Result<> check_regions(Aws& aws, std::span<std::string const> regions) {
    AwsCall call { .service = "ec2", .operation = "DescribeRegions", .params = { { "AllRegions", true } } };
    call.region = always_enabled(regions.empty() ? "" : regions.front());
    auto const answer = aws.call(call);
    if (!answer)
        return {};
    std::map<std::string, std::string> known; // name -> opt-in status
    for (auto const& item : list_at(*answer, "regionInfo"))
        known[text_at(item, "regionName")] = text_at(item, "optInStatus");
    if (known.empty())
        return {};
    std::vector<std::string> names;
    for (auto const& [name, status] : known)
        names.push_back(name);
    for (auto const& region : regions) {
        auto const found = known.find(region);
        auto const near = nearest(region, names);
        if (found == known.end())
            return Error { ErrorKind::invalid_input,
                "\"" + region + "\" is no Region of AWS" + (near.empty() ? "" : "; did you mean " + near + "?") };
        if (found->second == "not-opted-in")
            return Error { ErrorKind::invalid_input,
                region
                    + " is not enabled in this account: leave it out, or enable it with `aws account enable-region "
                    + "--region-name " + region + "`" };
    }
    return {};
}

} // namespace convops
