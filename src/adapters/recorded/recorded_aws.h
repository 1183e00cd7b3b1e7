// Answers AWS calls from a recorded account: the demo, the golden scenarios and the fault sweep read it through the
// port that the live client implements. It returns nothing that is later than the asker's clock.
#pragma once

#include "adapters/recorded/account.h"
#include "ports/aws.h"
#include "ports/clock.h"

#include <atomic>

namespace convops {

class RecordedAws final : public Aws {
public:
    RecordedAws(std::shared_ptr<RecordedAccount const> account, Clock& clock);

    Result<Json> call(AwsCall const& call) override;
    std::vector<Result<Json>> call_all(std::span<AwsCall const> calls) override;
    [[nodiscard]] int calls_made() const override { return calls_; }
    [[nodiscard]] std::string account() const override { return account_->account; }
    [[nodiscard]] std::string region() const override { return account_->region; }

private:
    std::shared_ptr<RecordedAccount const> account_;
    Clock& clock_;
    std::atomic<int> calls_ { 0 };
};

// Each answers one operation from the recording; pure.
Result<Json> recorded_metric_data(RecordedAccount const& account, JsonObject const& params, Time now);
Result<Json> recorded_metric_list(RecordedAccount const& account, JsonObject const& params, Time now);
Result<Json> recorded_alarms(RecordedAccount const& account, JsonObject const& params);
Result<Json> recorded_log_groups(RecordedAccount const& account, JsonObject const& params, Time now);
Result<Json> recorded_log_events(RecordedAccount const& account, JsonObject const& params, Time now);
Result<Json> recorded_trail(RecordedAccount const& account, JsonObject const& params, Time now);

// One metric at one statistic and period, aggregated as CloudWatch does: buckets aligned to the period, labelled by
// start.
Series aggregate(RecordedMetric const& metric, std::string_view statistic, Seconds period, Window window);

// CloudWatch Logs filter syntax for unstructured lines: `?a ?b` any, `a b` all, `-a` none, quotes keep blanks. A JSON
// or space-delimited pattern ({...}, [...]) matches every line.
bool matches_filter_pattern(std::string_view line, std::string_view pattern);

} // namespace convops
