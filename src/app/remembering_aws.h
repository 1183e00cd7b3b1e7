// The port Aws with ConvOps' own memory beside it: calls of the service "convops" are answered from the store, with
// the workspace of the incident that is investigated; the question cannot name one. Without a store nothing is
// remembered. Everything else goes on to AWS.
#pragma once

#include "ports/aws.h"
#include "ports/store.h"

namespace convops {

class RememberingAws final : public Aws {
public:
    RememberingAws(
        Aws& inner, Store* store, WorkspaceId workspace, IncidentId incident, Time now, ConnectionId connection = {})
        : inner_(inner)
        , store_(store)
        , workspace_(std::move(workspace))
        , incident_(std::move(incident))
        , now_(now)
        , connection_(std::move(connection)) { }

    Result<Json> call(AwsCall const& call) override;
    std::vector<Result<Json>> call_all(std::span<AwsCall const> calls) override;
    [[nodiscard]] int calls_made() const override { return inner_.calls_made(); } // memory costs no call
    [[nodiscard]] std::string account() const override { return inner_.account(); }
    [[nodiscard]] std::string region() const override { return inner_.region(); }

private:
    Result<Json> remember(AwsCall const& call);
    Result<Json> anomalies_of(Json const& asked);

    Aws& inner_;
    Store* store_;
    WorkspaceId workspace_;
    IncidentId incident_;
    Time now_;
    ConnectionId connection_;
};

} // namespace convops
