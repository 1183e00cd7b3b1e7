// The load of a storm: what is posted, when, and by whom.
#pragma once

#include "adapters/recorded/account.h"
#include "app/demo_topic.h"
#include "app/settings.h"
#include "ports/clock.h"

namespace convops::storm {

inline constexpr std::string_view certificate_url
    = "https://sns.demo.amazonaws.com/SimpleNotificationService-demo.pem";

// The connections of the storm: one account, several Regions and environments, each with its topic.
std::vector<Settings::Connection> connections(RecordedAccount const& account);

struct Delivery {
    std::size_t connection = 0;
    std::string message; // the alarm as CloudWatch writes it
    std::string body; // signed
    Milliseconds due { 0 }; // from the begin
    bool duplicate = false; // the same body was to be posted before
};

struct LoadOptions {
    int alarms = 10'000;
    Milliseconds duration { 60'000 };
    Time begins_at {};
};
// A few hundred resources with several alarms each: incidents open, are joined, recover and flap; one connection has
// far more than its share; every twentieth delivery comes twice. The same for the same seed; signed by all cores.
Result<std::vector<Delivery>> make_load(
    RecordedAccount const& account, DemoTopic const& topic, LoadOptions const& options);

struct Posted {
    double milliseconds = 0; // from when it was due to its acknowledgement
    bool acknowledged = false;
    int tries = 0;
};
// Posts each delivery when it is due, over kept connections and new ones, again when it is not acknowledged.
std::vector<Posted> post_all(std::span<Delivery const> load, std::vector<Settings::Connection> const& connections,
    std::uint16_t port, Clock& clock);

// Connections that send one byte of a header a second, from many addresses, and come back when they are cut.
class SlowConnections {
public:
    SlowConnections(std::size_t count, std::uint16_t port, Clock& clock);
    ~SlowConnections();
    SlowConnections(SlowConnections const&) = delete;
    SlowConnections& operator=(SlowConnections const&) = delete;
    // Ends them; how many were cut by the server.
    int stop();

private:
    struct Attack;
    std::unique_ptr<Attack> attack_;
};

} // namespace convops::storm
