// The port Aws with one operation failing in one way: the fault sweep replaces each recorded answer in turn.
#pragma once

#include "ports/aws.h"

#include <mutex>
#include <set>

namespace convops {

enum class FaultKind : std::uint8_t { none, denied, throttled, timed_out, truncated, hostile };
std::string_view to_string(FaultKind kind);

struct Fault {
    std::string operation; // "ecs:DescribeServices"
    FaultKind kind = FaultKind::none;
};

class FaultyAws final : public Aws {
public:
    FaultyAws(Aws& inner, Fault fault)
        : inner_(inner)
        , fault_(std::move(fault)) { }

    Result<Json> call(AwsCall const& call) override;
    std::vector<Result<Json>> call_all(std::span<AwsCall const> calls) override;
    [[nodiscard]] int calls_made() const override { return inner_.calls_made(); }
    [[nodiscard]] std::string account() const override { return inner_.account(); }
    [[nodiscard]] std::string region() const override { return inner_.region(); }
    [[nodiscard]] std::set<std::string> operations_seen() const;

private:
    Aws& inner_;
    Fault fault_;
    mutable std::mutex mutex_;
    std::set<std::string> seen_; // guarded by mutex_
};

} // namespace convops
