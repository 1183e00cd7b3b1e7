// Refuses the calls for which an investigation had no budget left: collect_evidence() hands them on without any time.
// It stands below whoever records, so that a capsule holds the refusal and a replay tells the same gaps.
#pragma once

#include "ports/aws.h"

namespace convops {

class BudgetedAws final : public Aws {
public:
    explicit BudgetedAws(Aws& inner)
        : inner_(inner) { }

    Result<Json> call(AwsCall const& call) override {
        return is_refused(call) ? Result<Json>(refusal()) : inner_.call(call);
    }
    std::vector<Result<Json>> call_all(std::span<AwsCall const> calls) override {
        std::vector<AwsCall> sent;
        for (auto const& one : calls)
            if (!is_refused(one))
                sent.push_back(one);
        auto answers = sent.empty() ? std::vector<Result<Json>> {} : inner_.call_all(sent);
        std::vector<Result<Json>> all;
        all.reserve(calls.size());
        auto next = answers.begin();
        for (auto const& one : calls)
            if (is_refused(one))
                all.emplace_back(refusal());
            else
                all.push_back(std::move(*next++));
        return all;
    }
    [[nodiscard]] int calls_made() const override { return inner_.calls_made(); }
    [[nodiscard]] std::string account() const override { return inner_.account(); }
    [[nodiscard]] std::string region() const override { return inner_.region(); }

private:
    static bool is_refused(AwsCall const& call) { return call.time_left <= Milliseconds { 0 }; }
    static Error refusal() {
        return { ErrorKind::unavailable, "not asked: no AWS call was left for it in this investigation" };
    }
    Aws& inner_;
};

} // namespace convops
