// The port Aws with every answer freed of secrets: what an investigation, a capsule and a message get to see.
#pragma once

#include "ports/aws.h"
#include "privacy/secrets.h"

namespace convops {

class SecretFreeAws final : public Aws {
public:
    explicit SecretFreeAws(Aws& inner)
        : inner_(inner) { }

    Result<Json> call(AwsCall const& call) override { return cleaned(inner_.call(call)); }
    std::vector<Result<Json>> call_all(std::span<AwsCall const> calls) override {
        auto answers = inner_.call_all(calls);
        for (auto& answer : answers)
            answer = cleaned(std::move(answer));
        return answers;
    }
    [[nodiscard]] int calls_made() const override { return inner_.calls_made(); }
    [[nodiscard]] std::string account() const override { return inner_.account(); }
    [[nodiscard]] std::string region() const override { return inner_.region(); }

private:
    static Result<Json> cleaned(Result<Json> answer) {
        if (!answer)
            return Error { answer.error().kind, without_secrets(answer.error().message) };
        remove_secrets(*answer);
        return answer;
    }
    Aws& inner_;
};

} // namespace convops
