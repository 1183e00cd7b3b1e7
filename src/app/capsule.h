// Capsules: everything one investigation read, in one file, so that it can be run again offline, bit for bit.
#pragma once

#include "app/investigate.h"

#include <filesystem>
#include <mutex>

namespace convops {

// Passes calls on and keeps every answer.
class RecordingAws final : public Aws {
public:
    explicit RecordingAws(Aws& inner)
        : inner_(inner) { }
    Result<Json> call(AwsCall const& call) override;
    std::vector<Result<Json>> call_all(std::span<AwsCall const> calls) override;
    [[nodiscard]] int calls_made() const override { return inner_.calls_made(); }
    [[nodiscard]] std::string account() const override { return inner_.account(); }
    [[nodiscard]] std::string region() const override { return inner_.region(); }
    [[nodiscard]] JsonArray reads() const;

private:
    void keep(AwsCall const& call, Result<Json> const& answer);
    Aws& inner_;
    mutable std::mutex mutex_;
    JsonArray reads_; // guarded by mutex_
};

struct Capsule {
    Incident incident;
    Time now {}; // the asker's clock when the investigation began
    Depth depth = Depth::usual;
    std::string account;
    std::string region;
    std::vector<std::string> sources; // names of those that were asked; empty: all
    std::vector<Gap> late; // sources that their deadline ended: their answers were dropped and are dropped again
    Cost cost; // as measured then
    JsonArray reads;
};

// Runs an investigation and keeps what it read. The answers are freed of secrets before they are kept.
std::pair<Investigation, Capsule> investigate_and_record(
    Incident incident, Aws& aws, Clock& clock, InvestigationOptions const& options);

// The same investigation from the capsule alone: no socket, no clock.
Result<Investigation> replay(Capsule const& capsule);

Result<> save_capsule(Capsule const& capsule, std::filesystem::path const& file);
Result<Capsule> load_capsule(std::filesystem::path const& file);
std::string capsule_bytes(Capsule const& capsule);
Result<Capsule> capsule_from_bytes(std::string_view bytes);

} // namespace convops
