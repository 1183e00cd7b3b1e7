// For tests: an account of prepared answers. Thread-safe, because callers ask in parallel.
#pragma once

#include "base/json.h"
#include "ports/aws.h"

#include <functional>
#include <map>
#include <mutex>

namespace convops {

class FakeAws final : public Aws {
public:
    using Respond = std::function<Result<Json>(AwsCall const&)>;

    // Later rules win. Operations without a rule get the empty answer, as from an account without such resources.
    FakeAws& on(std::string operation, Respond respond) {
        rules_[std::move(operation)] = std::move(respond);
        return *this;
    }
    FakeAws& on(std::string operation, std::string_view json) {
        auto const parsed = parse_json(json);
        return on(std::move(operation), [answer = parsed ? *parsed : Json("the test's JSON is broken")](auto const&) {
            return Result<Json>(answer);
        });
    }
    FakeAws& fail(std::string operation, ErrorKind kind, std::string message = "") {
        return on(std::move(operation), [=](auto const&) { return Result<Json>(Error { kind, message }); });
    }

    Result<Json> call(AwsCall const& call) override {
        Respond respond;
        {
            std::lock_guard const lock(mutex_);
            calls_.push_back(call);
            auto const rule = rules_.find(call.name());
            if (rule == rules_.end())
                return Json(JsonObject {});
            respond = rule->second;
        }
        return respond(call);
    }
    std::vector<Result<Json>> call_all(std::span<AwsCall const> calls) override {
        std::vector<Result<Json>> answers;
        for (auto const& one : calls)
            answers.push_back(call(one));
        return answers;
    }
    [[nodiscard]] int calls_made() const override {
        std::lock_guard const lock(mutex_);
        return static_cast<int>(calls_.size());
    }
    [[nodiscard]] std::string account() const override { return "111122223333"; }
    [[nodiscard]] std::string region() const override { return "eu-west-1"; }

    [[nodiscard]] std::vector<AwsCall> calls() const {
        std::lock_guard const lock(mutex_);
        return calls_;
    }
    [[nodiscard]] std::vector<AwsCall> calls(std::string_view operation) const {
        std::lock_guard const lock(mutex_);
        std::vector<AwsCall> found;
        for (auto const& call : calls_)
            if (call.name() == operation)
                found.push_back(call);
        return found;
    }

private:
    mutable std::mutex mutex_;
    std::map<std::string, Respond> rules_;
    std::vector<AwsCall> calls_;
};

} // namespace convops
