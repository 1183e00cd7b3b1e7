// The audit measured on a made account of any size: own time, memory, and how the number of calls grows.
#pragma once

#include "base/result.h"

#include <cstddef>
#include <string>

namespace convops {

struct AuditLoad {
    std::size_t resources = 5'000; // a fifth each: EC2 instances, functions, tables, queues, database instances
    std::size_t alarms = 2'000; // on the first of them
};

struct AuditLoadFigures {
    std::size_t resources = 0, alarms = 0; // as the report counts them
    int aws_calls = 0;
    double seconds = 0; // answers cost nothing here: own time alone
    std::size_t findings = 0;
    std::string page; // the report as HTML
};

enum class AuditLoadPage : std::uint8_t { none, html };

AuditLoadFigures bench_audit(AuditLoad const& load, AuditLoadPage page = AuditLoadPage::none);

} // namespace convops
