// A recorded account among hundreds of other resources, for measuring: further services behind the same load
// balancer, databases, functions, queues, tables, their metrics, changes and log lines, made as they are asked for.
// They are healthy; the recorded fault stays the only one.
#pragma once

#include "ports/aws.h"
#include "ports/clock.h"

#include <atomic>

namespace convops {

struct Crowd {
    int resources = 0;
    int metrics = 0; // of all of them together
    int log_lines = 0; // half of them in the log groups that are there already
};

class CrowdedAws final : public Aws {
public:
    CrowdedAws(Aws& inner, Clock& clock, Crowd const& crowd);
    Result<Json> call(AwsCall const& call) override;
    std::vector<Result<Json>> call_all(std::span<AwsCall const> calls) override;
    [[nodiscard]] int calls_made() const override { return calls_; }
    [[nodiscard]] std::string account() const override { return inner_.account(); }
    [[nodiscard]] std::string region() const override { return inner_.region(); }

private:
    Result<Json> services(AwsCall const& call);
    Result<Json> task_definition(AwsCall const& call);
    Result<Json> listed(AwsCall const& call, std::string_view list, std::string_view token_in,
        std::string_view token_out, std::size_t page, std::function<JsonArray()> const& crowd);
    Result<Json> metrics(AwsCall const& call);
    Result<Json> metric_data(AwsCall const& call);
    Result<Json> log_groups(AwsCall const& call);
    Result<Json> log_events(AwsCall const& call);
    Result<Json> trail(AwsCall const& call);
    // The recorded item once for each member of the crowd, under its name.
    [[nodiscard]] JsonArray clones(Json const& answer, std::string_view list, int from, int to) const;

    Aws& inner_;
    Clock& clock_;
    Crowd crowd_;
    std::atomic<int> calls_ { 0 };
};

} // namespace convops
