// Watches the connections of a server all the time: polls on its own timer, keeps what it learned in the store, and
// gives what lasts to the incident engine, as an alarm would come.
//
//     poll -> detector -> an anomaly lasts -> engine.accept() -> investigation -> nine checks -> told, or held back
//                      \-> over within ten minutes -> recorded with its reason, in the digest
#pragma once

#include "app/engine.h"
#include "app/mute_book.h"
#include "app/watch_points.h"

#include <condition_variable>
#include <thread>

namespace convops {

struct WatchServiceSettings {
    WatcherSettings watcher; // its budget is that of all connections together
    std::vector<std::string> only_tags; // "Environment=production"; empty: every resource
    std::vector<std::string> without_tags;
    bool digest = true;
    int digest_hour = 9; // local
    std::string digest_time_zone = "UTC";
};

struct WatchServiceWorld {
    Store& store;
    Clock& clock;
    IncidentEngine& engine;
    MuteBook& mutes;
    WorkspaceId workspace;
    std::vector<std::pair<ConnectionId, std::string>> connections; // with the account, as far as it is configured
    std::function<Result<std::unique_ptr<Aws>>(ConnectionId const&)> open_aws;
    std::vector<Route> routes; // of the digest
};

class WatchService {
public:
    WatchService(WatchServiceWorld world, WatchServiceSettings settings);
    ~WatchService(); // stop()
    WatchService(WatchService const&) = delete;
    WatchService& operator=(WatchService const&) = delete;

    // Everything that is due now, in the calling thread. What fails is logged and tried again when it is due again.
    void run_due();
    void start(); // a thread of its own
    void stop(); // finishes the pass that runs; idempotent
    void save_all(); // what was learned; otherwise it is saved little by little

private:
    struct Watched {
        Watched(ConnectionId connection, std::string of_account, WatcherSettings const& settings)
            : id(std::move(connection))
            , account(std::move(of_account))
            , watcher(settings) { }
        ConnectionId id;
        std::string account;
        std::string region;
        Watcher watcher;
        WatchPass untold; // what the store would not take; tried again with the next pass
        std::unique_ptr<Aws> aws; // a session, for some minutes
        Time opened_at {};
        Time next_discovery {};
        std::map<std::string, std::set<std::string>> tags; // of each resource, by key: "Environment=production"
        std::size_t save_next = 0; // series
        std::string usage_day;
        std::size_t requested = 0; // of this day
        int calls = 0;
    };
    [[nodiscard]] bool admits(
        std::map<std::string, std::set<std::string>> const& tags_of, Resource const& resource) const;
    Result<Aws*> session(Watched& watched);
    void discover(Watched& watched, Aws& aws, Time now);
    Result<> learn_tags(Watched& watched, Aws& aws);
    void poll(Watched& watched, Aws& aws, Time now);
    Result<> tell(Watched& watched, WatchPass const& pass, Time now);
    template <class Told, class Tell> Result<> tell_all(std::vector<Told>& waiting, Tell const& tell);
    Result<> raise(Watched& watched, Anomaly const& anomaly, Time now);
    Result<> record_healed(Watched& watched, AnomalyOver const& over, Time now);
    Result<> resolve(Watched& watched, AnomalyOver const& over, Time now);
    Result<> count_usage(Watched& watched, WatchPass const& pass, Time now);
    Result<> save(Watched& watched, std::size_t series, Time now);
    std::optional<std::string> stored(ConnectionId const& connection, std::string const& key);
    void send_digest(Time now);
    void run();

    WatchServiceWorld world_;
    WatchServiceSettings settings_;
    std::vector<std::unique_ptr<Watched>> watched_;
    void open_points(Watched const& watched, Time now);
    Result<> keep_points(Time now);
    std::unique_ptr<WatchPoints> points_; // opened with the first discovery
    std::string digest_sent_; // local date
    std::mutex mutex_;
    std::condition_variable stopping_;
    bool stop_asked_ = false;
    std::thread thread_;
};

// What the store knows of the cost of a day, all connections together: metrics requested.
struct WatchUsage {
    std::size_t metrics = 0; // watched
    std::size_t requested = 0;
};
Result<WatchUsage> watch_usage(Store& store, WorkspaceId const& workspace, Window window, Time now);

} // namespace convops
