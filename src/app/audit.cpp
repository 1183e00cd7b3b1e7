#include "app/audit.h"

#include "audit/audit.h"
#include "base/text.h"

namespace convops {

AuditReport audit_account(Aws& aws, std::string const& id, std::span<std::string const> regions, Clock& clock,
    AuditObserver const& observer) {
    auto const began = clock.monotonic();
    auto const calls_before = aws.calls_made();
    auto const readings = all_readings();
    auto const account = read_account(aws, id, regions, clock.now(), readings, observer);
    auto const estate = estate_of(account, readings);
    auto report = audit(estate, audit_checks::all());
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
