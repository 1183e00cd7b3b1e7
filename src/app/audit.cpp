#include "app/audit.h"

#include "audit/audit.h"

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

} // namespace convops
