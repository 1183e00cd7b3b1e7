// Evidence: facts (what was read) and gaps (what could not be read, and why). A fact says one thing, in words for
// people and in a typed detail for the code that decides.
#pragma once

#include "base/ids.h"
#include "base/json.h"
#include "model/alarm.h"
#include "model/cause_kind.h"

namespace convops {

// --- Details: what a fact says, typed. One struct for each sort of thing that a source can observe. ---

enum class Closeness : std::uint8_t { alarm, resource, neighbour, elsewhere }; // how near to the alarm

struct MetricFact {
    Resource resource;
    Closeness closeness = Closeness::resource;
    Series series; // from hours before the alarm up to now
    std::vector<Series>
        history; // the same hours yesterday and last week, shifted to the time of `series`; may be empty
    std::optional<double> limit; // the value at which the resource is exhausted, when known
    std::string limit_basis; // "max_connections in parameter group default.postgres16"
};

enum class ChangeKind : std::uint8_t { deploy, config, scaling, permission, network, other };
std::string_view to_string(ChangeKind kind);

struct ChangeFact {
    ChangeKind kind = ChangeKind::other;
    std::string event_name; // "UpdateService"
    std::string event_source; // "ecs.amazonaws.com"
    std::string actor; // user or role name; hostile text
    std::vector<Resource> touched;
    std::string what; // "DB_POOL_SIZE 20 -> 2", when the source can tell; else empty
    bool failed = false; // the call was refused (errorCode); nothing changed
    bool automatic = false; // made by an AWS service (autoscaling, a schedule), not by a person or a pipeline
};

enum class LogSeverity : std::uint8_t { info, warning, error };

struct LogPatternFact {
    Resource resource; // whose log it is, as far as the group tells
    std::string group;
    std::string pattern; // "ERROR connection to <*> timed out after <*> ms"; hostile text
    std::string example; // one line of it; hostile text
    LogSeverity severity = LogSeverity::error;
    std::int64_t count = 0; // within the incident's window
    double usual_count = 0; // what the reference window before would predict for the same length; 0: new
    Time first_seen {};
    Time last_seen {};
    Series rate; // lines a minute
};

enum class ResourceEventKind : std::uint8_t {
    task_stopped,
    out_of_memory,
    restart,
    failover,
    storage_full,
    status_check_failed,
    target_unhealthy,
    scaled,
    deployment_started,
    deployment_finished,
    deployment_failed,
    placement_failed,
    maintenance,
    backup,
    throttled,
    scheduled_run,
    other,
};
std::string_view to_string(ResourceEventKind kind);

struct ResourceEventFact {
    Resource resource;
    ResourceEventKind kind = ResourceEventKind::other;
    std::string code; // "OutOfMemoryError", "RDS-EVENT-0049"
    std::string message; // AWS's words; hostile text
    int count = 1; // how many like it in the window
};

enum class StateHealth : std::uint8_t { healthy, degraded, failed, unknown };

struct StateFact {
    Resource resource;
    StateHealth health = StateHealth::unknown;
    std::map<std::string, std::string> attributes; // "status": "available", "runningCount": "3"
};

struct DependencyFact {
    Resource from; // calls
    Resource to; // is called
    std::string basis; // "target group of the listener", "DB_HOST in task definition checkout:42"
    bool declared = true; // false: inferred from names, networks or subnets, so weaker
};

struct LoadFact { // Performance Insights: average active sessions by SQL or wait
    Resource resource;
    std::string dimension; // "sql", "wait"
    std::string label; // hostile text
    double now = 0; // average active sessions since onset
    double before = 0; // in the reference window
};

struct ServiceEventFact { // AWS Health
    std::string service; // "RDS"
    std::string region;
    std::string code; // "AWS_RDS_OPERATIONAL_ISSUE"
    std::string status; // "open", "closed", "upcoming"
    std::string category; // "issue", "scheduledChange", "accountNotification"
    Window when;
};

struct AlarmTransitionFact {
    std::string alarm_name;
    AlarmState from = AlarmState::ok;
    AlarmState to = AlarmState::alarm;
};

struct LimitFact {
    Resource resource;
    std::string metric_name; // the metric that the limit is about: "DatabaseConnections"
    double limit = 0;
    std::string basis;
};

struct ScheduleFact {
    Resource rule;
    std::string expression; // "cron(0 2 * * ? *)"
    std::vector<Resource> targets;
};

struct SecurityFindingFact { // GuardDuty, Security Hub, Inspector
    Resource resource;
    std::string service; // as people call it: "GuardDuty", "Security Hub", "Inspector"
    std::string type; // "UnauthorizedAccess:EC2/SSHBruteForce"
    double severity = 0; // 0..10; GuardDuty's scale, the others' labels mapped onto it
    Time first_seen {};
    Time last_seen {};
};

struct CertificateFact { // ACM
    Resource certificate;
    std::string domain;
    std::string status; // "ISSUED", "EXPIRED", "PENDING_VALIDATION"
    std::optional<Time> expires_at;
    std::vector<Resource> used_by;
};

struct PastIncidentFact { // from the own store
    std::string incident; // its id
    CauseKind kind = CauseKind::unknown;
    Resource resource; // of its first cause
    Time opened_at {};
    std::optional<Time> resolved_at;
    double similarity = 0; // 0..1
    std::optional<bool> confirmed; // by people or by what followed; nullopt: nobody knows
    std::string what_fixed_it; // one sentence; empty: not known
};

using FactDetail = std::variant<std::monostate, MetricFact, ChangeFact, LogPatternFact, ResourceEventFact, StateFact,
    DependencyFact, LoadFact, ServiceEventFact, AlarmTransitionFact, LimitFact, ScheduleFact, SecurityFindingFact,
    CertificateFact, PastIncidentFact>;

struct Fact {
    FactId id; // "F7"; given by number_facts() when collection ends
    std::string source; // file name of the evidence source: "cloudtrail_changes"
    Time at {};
    std::string resource; // ARN or name; may be empty
    std::string statement; // one sentence with its numbers; hostile names inside are shown as data
    Json value; // the datum itself, for machines
    std::string link; // console URL
    std::string cli; // the aws command that reads the same
    FactDetail detail;
};

struct Gap {
    std::string source;
    std::string iam_action; // "logs:FilterLogEvents"; empty when no permission would have helped
    ErrorKind kind = ErrorKind::unavailable;
    std::string why; // "access denied", "no answer within 20 s"
    std::string would_have_told; // "which errors the service logged"
};

struct Evidence {
    std::vector<Fact> facts;
    std::vector<Gap> gaps;

    [[nodiscard]] Fact const* find(FactId const& id) const;
    [[nodiscard]] Gap const* gap_in(std::string_view source) const;
    [[nodiscard]] bool read(std::string_view source) const { return gap_in(source) == nullptr; }

    // Every fact whose detail is a T, with the detail: `for (auto [fact, change] : evidence.all<ChangeFact>())`.
    template <class T> [[nodiscard]] std::vector<std::pair<Fact const*, T const*>> all() const {
        std::vector<std::pair<Fact const*, T const*>> found;
        for (auto const& fact : facts)
            if (auto const* detail = std::get_if<T>(&fact.detail))
                found.emplace_back(&fact, detail);
        return found;
    }
};

// Sorts facts by source, time and statement, and gaps by source, then numbers the facts F1, F2, ...: the order in
// which parallel sources finished leaves no trace.
void number_facts(Evidence& evidence);

// The resources within `hops` dependency edges of `centre`, with their distance; callers and callees alike. The
// centre itself has distance 0. Bounded to `most` resources, nearest first.
std::vector<std::pair<Resource, int>> neighbourhood(
    Evidence const& evidence, std::vector<Resource> const& centre, int hops = 3, std::size_t most = 40);

} // namespace convops
