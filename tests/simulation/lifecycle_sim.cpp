// The lifecycle of incidents under everything that goes wrong at once, from one seed:
//     lifecycle_sim [--seed N] [--runs M]
// Prints the seed first. Exit status 0: every promise held; 1: broken, with the seed of the run that shows it.
#include "app/log.h"
#include "simulation/world.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <random>

namespace convops::simulation {
namespace {

constexpr int most_steps = 60;

// What the senders do in one run: alarms that fire and recover, duplicated and delayed.
class Senders {
public:
    explicit Senders(World& world)
        : world_(world) { }

    void step() {
        auto& dice = world_.dice;
        auto const number = dice.below(6);
        auto const name = "alarm-" + std::to_string(number);
        auto& fires = fires_[name];
        auto state = fires ? AlarmState::ok : AlarmState::alarm;
        if (dice.chance(10))
            state = AlarmState::insufficient_data;
        else
            fires = !fires;
        auto const alarm = alarm_of(name, "db-" + std::to_string(number / 2), state, world_.clock.now());
        if (dice.chance(20))
            late_.push_back(alarm); // arrives after others
        else
            world_.accept(alarm);
        if (dice.chance(20))
            late_.push_back(alarm); // and once more
        if (!late_.empty() && dice.chance(40))
            send_one_late();
    }

    void finish() {
        while (!late_.empty())
            send_one_late();
        for (auto& [name, fires] : fires_)
            if (fires && world_.dice.chance(80)) { // the others are closed after a week
                auto const number = name.back() - '0';
                world_.accept(alarm_of(name, "db-" + std::to_string(number / 2), AlarmState::ok, world_.clock.now()));
            }
    }

private:
    void send_one_late() {
        auto const at = static_cast<std::ptrdiff_t>(world_.dice.below(late_.size()));
        auto const alarm = late_[static_cast<std::size_t>(at)];
        late_.erase(late_.begin() + at);
        world_.accept(alarm);
    }

    World& world_;
    std::map<std::string, bool> fires_;
    std::vector<Alarm> late_;
};

// People in the conversations: questions and deeper looks, some of them sent twice.
class People {
public:
    explicit People(World& world)
        : world_(world) { }

    void step() {
        auto& dice = world_.dice;
        if (!last_.request.empty() && dice.chance(20))
            send(last_);
        if (!dice.chance(25))
            return;
        auto const incidents = world_.incidents();
        if (incidents.empty())
            return;
        auto const& record = incidents[dice.below(incidents.size())];
        if (record.lanes.empty())
            return;
        auto const at = static_cast<std::ptrdiff_t>(dice.below(record.lanes.size()));
        auto const id = "request-" + std::to_string(++number_);
        last_ = { record.incident.id, std::next(record.lanes.begin(), at)->first, id,
            dice.chance(30) ? std::string() : "question " + id };
        send(last_);
    }

private:
    struct Request {
        IncidentId incident;
        std::string lane;
        std::string request;
        std::string text;
    };
    void send(Request const& what) { world_.ask(what.incident, what.lane, what.request, what.text); }

    World& world_;
    Request last_;
    int number_ = 0;
};

struct Report {
    std::vector<std::string> broken;
    std::size_t incidents = 0;
    std::size_t messages = 0;
    int crashes = 0;
    int repeats = 0;
};

Report run(std::uint64_t seed) {
    World world(seed);
    auto& dice = world.dice;
    auto const up_to = [&](std::uint64_t percent) { return static_cast<int>(dice.below(percent + 1)); };
    world.odds = { up_to(6), up_to(6), up_to(50), up_to(3), up_to(40), up_to(10), up_to(30) };
    Senders senders(world);
    People people(world);
    auto const steps = static_cast<int>(10 + dice.below(most_steps - 10));
    for (int i = 0; i < steps; ++i) {
        senders.step();
        people.step();
        if (dice.chance(10)) // NTP, a suspended machine, an operator
            world.clock.set(world.clock.now() + Seconds { static_cast<std::int64_t>(dice.below(1200)) - 600 });
        world.run_for(Seconds { static_cast<std::int64_t>(dice.below(600)) });
    }
    senders.finish();
    world.odds = {};
    world.run_for(Days { 20 });
    Report report { world.broken_promises(), world.incidents().size(), world.sent.size(), world.crashes, 0 };
    std::set<std::string> keys;
    for (auto const& message : world.sent)
        report.repeats += keys.insert(message.key).second ? 0 : 1;
    return report;
}

} // namespace
} // namespace convops::simulation

int main(int argc, char** argv) {
    convops::set_log_level(convops::LogLevel::error); // Thousands of deliveries are given up on purpose.
    std::uint64_t seed = std::random_device {}();
    int runs = 1;
    for (int i = 1; i < argc; ++i) {
        if (std::strcmp(argv[i], "--seed") == 0 && i + 1 < argc)
            seed = std::strtoull(argv[++i], nullptr, 10);
        else if (std::strcmp(argv[i], "--runs") == 0 && i + 1 < argc)
            runs = std::atoi(argv[++i]);
        else {
            std::fprintf(stderr, "usage: lifecycle_sim [--seed N] [--runs M]\n");
            return 2;
        }
    }
    std::printf("seed %llu, runs %d\n", static_cast<unsigned long long>(seed), runs);
    std::fflush(stdout);
    int failed = 0;
    std::size_t incidents = 0;
    std::size_t messages = 0;
    int crashes = 0;
    int repeats = 0;
    for (int i = 0; i < runs; ++i) {
        auto const report = convops::simulation::run(seed + static_cast<std::uint64_t>(i));
        incidents += report.incidents;
        messages += report.messages;
        crashes += report.crashes;
        repeats += report.repeats;
        for (auto const& promise : report.broken)
            std::printf("seed %llu: %s\n", static_cast<unsigned long long>(seed) + i, promise.c_str());
        failed += report.broken.empty() ? 0 : 1;
    }
    std::printf("%zu incidents, %zu messages, %d crashes, %d marked repeats, %d runs failed\n", incidents, messages,
        crashes, repeats, failed);
    return failed == 0 ? 0 : 1;
}
