// Incidents under everything that goes wrong at once, from one seed:
//     lifecycle_sim [--seed N] [--runs M] [--jobs J] [--full-every K]
// Most seeds run the engine and the outbox over a performer that only counts (world.h); every Kth runs the whole
// program without its sockets (full_world.h). Prints the seed first. Exit status 0: every promise held; 1: broken,
// with the seed of the run that shows it.
#include "app/log.h"
#include "simulation/full_world.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <random>
#include <sys/wait.h>
#include <unistd.h>

namespace convops::simulation {
namespace {

constexpr int most_steps = 24;
constexpr int most_full_steps = 10;
constexpr int most_jobs = 64;

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
    std::uint64_t incidents = 0;
    std::uint64_t messages = 0;
    std::uint64_t crashes = 0;
    std::uint64_t repeats = 0;
    std::uint64_t full = 0;
    std::uint64_t failed = 0;
    void add(Report const& other) {
        incidents += other.incidents;
        messages += other.messages;
        crashes += other.crashes;
        repeats += other.repeats;
        full += other.full;
        failed += other.failed;
    }
};

void print_broken(std::uint64_t seed, std::vector<std::string> const& broken) {
    for (auto const& promise : broken)
        std::printf("seed %llu: %s\n", static_cast<unsigned long long>(seed), promise.c_str());
}

Report run(std::uint64_t seed) {
    World world(seed);
    auto& dice = world.dice;
    auto const up_to = [&](std::uint64_t percent) { return static_cast<int>(dice.below(percent + 1)); };
    world.odds = { up_to(6), up_to(6), up_to(50), up_to(3), up_to(40), up_to(10), up_to(30) };
    Senders senders(world);
    auto const steps = static_cast<int>(2 + dice.below(most_steps - 2));
    for (int i = 0; i < steps; ++i) {
        senders.step();
        if (dice.chance(10)) // NTP, a suspended machine, an operator
            world.clock.set(world.clock.now() + Seconds { static_cast<std::int64_t>(dice.below(1200)) - 600 });
        world.run_for(Seconds { static_cast<std::int64_t>(dice.below(600)) });
    }
    senders.finish();
    world.odds = {};
    world.run_for(Days { 20 });
    auto const broken = world.broken_promises();
    print_broken(seed, broken);
    Report report { world.incidents().size(), world.sent.size(), static_cast<std::uint64_t>(world.crashes), 0, 0,
        broken.empty() ? 0U : 1U };
    std::set<std::string> keys;
    for (auto const& message : world.sent)
        report.repeats += keys.insert(message.key).second ? 0 : 1;
    return report;
}

// An alarm on one of a few resources of either workspace, twice at times, and in any order.
void full_step(FullWorld& world, std::map<std::string, bool>& fires) {
    auto& dice = world.dice;
    auto const workspace = dice.chance(70) ? acme : globex;
    auto const number = std::to_string(dice.below(4));
    auto& fired = fires[workspace.text + number];
    auto const alarm
        = alarm_of("alarm-" + number, "db-" + number, fired ? AlarmState::ok : AlarmState::alarm, world.clock.now());
    fired = !fired;
    auto const incident = world.accept(workspace, alarm);
    if (dice.chance(20))
        world.accept(workspace, alarm);
    if (!incident.empty() && dice.chance(15))
        world.ask(workspace, incident, "request-" + std::to_string(dice.below(1'000)));
    if (dice.chance(10))
        world.clock.set(world.clock.now() + Seconds { static_cast<std::int64_t>(dice.below(1200)) - 600 });
    world.run_for(Seconds { static_cast<std::int64_t>(dice.below(400)) });
}

Report run_full(std::uint64_t seed) {
    FullWorld world(seed);
    auto& dice = world.dice;
    auto const up_to = [&](std::uint64_t percent) { return static_cast<int>(dice.below(percent + 1)); };
    world.chat.odds = { up_to(15), up_to(15), up_to(15), up_to(30), up_to(6) };
    world.crash_at_commit = up_to(5);
    world.store_fails = up_to(15);
    world.aws_fails = dice.chance(30) ? 95 : up_to(40); // at times everything is throttled or denied
    std::map<std::string, bool> fires;
    auto const steps = static_cast<int>(1 + dice.below(most_full_steps));
    for (int i = 0; i < steps; ++i)
        full_step(world, fires);
    world.chat.odds = {};
    world.crash_at_commit = world.store_fails = 0;
    world.run_for(Days { 10 }); // what has no OK is closed after a week
    auto const broken = world.broken_promises();
    print_broken(seed, broken);
    return { world.incidents(), world.chat.taken.size(), static_cast<std::uint64_t>(world.crashes),
        static_cast<std::uint64_t>(world.chat.posts_repeated), 1, broken.empty() ? 0U : 1U };
}

struct Plan {
    std::uint64_t seed = std::random_device {}();
    std::uint64_t runs = 1;
    std::uint64_t jobs = 1;
    std::uint64_t full_every = 10;
};

// Every `jobs`th seed from the `job`th on.
Report run_share(Plan const& plan, std::uint64_t job) {
    Report total;
    for (auto i = job; i < plan.runs; i += plan.jobs) {
        auto const seed = plan.seed + i;
        total.add(plan.full_every > 0 && seed % plan.full_every == 0 ? run_full(seed) : run(seed));
        std::fflush(stdout);
    }
    return total;
}

// A process per job: a simulated world has no threads, and a world that dies takes no other with it.
Report run_all(Plan const& plan) {
    if (plan.jobs == 1)
        return run_share(plan, 0);
    Report total;
    std::vector<int> pipes;
    for (std::uint64_t job = 0; job < plan.jobs; ++job) {
        std::array<int, 2> ends {};
        if (pipe(ends.data()) != 0)
            std::abort();
        if (fork() == 0) {
            auto const report = run_share(plan, job);
            auto const written = write(ends[1], &report, sizeof report);
            _exit(written == sizeof report ? 0 : 1);
        }
        close(ends[1]);
        pipes.push_back(ends[0]);
    }
    for (auto const end : pipes) {
        Report report;
        if (read(end, &report, sizeof report) != sizeof report)
            report.failed = 1; // it died
        total.add(report);
        close(end);
    }
    while (wait(nullptr) > 0) { }
    return total;
}

bool read_arguments(int argc, char** argv, Plan& plan) {
    std::map<std::string, std::uint64_t*> const known { { "--seed", &plan.seed }, { "--runs", &plan.runs },
        { "--jobs", &plan.jobs }, { "--full-every", &plan.full_every } };
    for (int i = 1; i < argc; i += 2) {
        auto const at = known.find(argv[i]);
        if (at == known.end() || i + 1 >= argc)
            return false;
        *at->second = std::strtoull(argv[i + 1], nullptr, 10);
    }
    return plan.jobs >= 1 && plan.jobs <= most_jobs;
}

} // namespace
} // namespace convops::simulation

int main(int argc, char** argv) {
    using namespace convops::simulation;
    convops::set_log_level(convops::LogLevel::error); // Thousands of deliveries are given up on purpose.
    Plan plan;
    if (!read_arguments(argc, argv, plan)) {
        std::fprintf(stderr, "usage: lifecycle_sim [--seed N] [--runs M] [--jobs J] [--full-every K]\n");
        return 2;
    }
    std::printf("seed %llu, runs %llu\n", static_cast<unsigned long long>(plan.seed),
        static_cast<unsigned long long>(plan.runs));
    std::fflush(stdout);
    auto const began = std::chrono::steady_clock::now();
    auto const total = run_all(plan);
    auto const seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
    std::printf("%llu incidents, %llu messages, %llu crashes, %llu marked repeats, %llu full runs, %llu runs failed, "
                "%.0f seeds/s\n",
        static_cast<unsigned long long>(total.incidents), static_cast<unsigned long long>(total.messages),
        static_cast<unsigned long long>(total.crashes), static_cast<unsigned long long>(total.repeats),
        static_cast<unsigned long long>(total.full), static_cast<unsigned long long>(total.failed),
        static_cast<double>(plan.runs) / seconds);
    return total.failed == 0 ? 0 : 1;
}
