// Two weeks of an account with 200 metrics, watched by the production code over a simulated clock: incidents, blips,
// deploys, troubles of AWS and flappers are planted; what people were told is compared with what was planted.
#pragma once

#include "app/performer.h"
#include "app/watch_service.h"
#include "simulation/chat_world.h"
#include "simulation/world.h"

namespace convops::simulation {

enum class Planted : std::uint8_t { incident, blip, deploy, aws_side, flapper };
std::string_view to_string(Planted planted);

struct Plant {
    Planted what = Planted::incident;
    std::size_t resource = 0;
    Window when;
    double size = 0; // in spreads of the metric's noise
    bool told = false; // a message about it was delivered
    bool found = false; // the detector spoke within it
    std::string held; // why nobody was told
    std::string why_told; // of noise
};

// Four kinds of resources in turn; each has some metrics, which move together.
class FleetAws final : public Aws {
public:
    FleetAws(SimulatedClock& clock, std::vector<Plant> const& plants, std::uint64_t seed)
        : clock_(clock)
        , plants_(plants)
        , seed_(seed) { }

    static constexpr std::size_t resources = 80;
    static std::vector<MetricId> metrics(); // 200
    static std::size_t resource_of_name(std::string_view name); // "db-4": 4

    Result<Json> call(AwsCall const& call) override;
    std::vector<Result<Json>> call_all(std::span<AwsCall const> calls) override;
    [[nodiscard]] int calls_made() const override { return calls_; }
    [[nodiscard]] std::string account() const override { return "111122223333"; }
    [[nodiscard]] std::string region() const override { return "eu-west-1"; }
    [[nodiscard]] double value(MetricId const& metric, Time at) const;

private:
    [[nodiscard]] Json list() const;
    [[nodiscard]] Json points(AwsCall const& call) const;
    [[nodiscard]] Json trail(AwsCall const& call) const;
    [[nodiscard]] Json health() const;

    SimulatedClock& clock_;
    std::vector<Plant> const& plants_;
    std::uint64_t seed_;
    int calls_ = 0;
};

struct FortnightResult {
    std::vector<Plant> plants;
    std::size_t told_of_nothing = 0; // messages about resources where nothing was planted at that time
    std::vector<std::string> those; // their names
    std::size_t healed = 0; // anomalies that were over before an investigation
    std::size_t investigations = 0;
    std::size_t without_reason = 0; // held back without a reason on record
    std::size_t digests = 0;
};

FortnightResult run_fortnight(std::uint64_t seed);
std::string table_of(FortnightResult const& result);

} // namespace convops::simulation
