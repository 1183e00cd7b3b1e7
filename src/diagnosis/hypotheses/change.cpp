// Somebody, or a pipeline, changed something shortly before: deploy, configuration, scaling, permission, network.
#include "base/text.h"
#include "diagnosis/mechanism.h"
#include "diagnosis/weighing.h"

#include <array>

namespace convops {

namespace {

// Calls that start work or restart a thing belong to other families (scheduled_job, failover).
bool belongs_elsewhere(ChangeReading const& change) {
    static constexpr auto others = std::to_array<std::string_view>({ "RunTask", "StartTask", "StartExecution",
        "SubmitJob", "StartJobRun", "StartQueryExecution", "RunJobFlow", "FailoverDBCluster", "RebootDBInstance",
        "FailoverGlobalCluster", "TestFailover", "RebootCacheCluster", "StartExportTask" });
    return !change.event_names.empty()
        && std::all_of(change.event_names.begin(), change.event_names.end(),
            [](std::string const& name) { return std::find(others.begin(), others.end(), name) != others.end(); });
}

// Merged in GitHub or pushed as an image, and no record says that it was deployed.
bool is_only_made(ChangeReading const& change) {
    return !change.event_names.empty()
        && std::all_of(change.event_names.begin(), change.event_names.end(),
            [](std::string const& name) { return name == "merge" || name == "PutImage"; });
}

bool is_only_merged(ChangeReading const& change) {
    return is_only_made(change) && change.event_names.front() == "merge";
}

// Only capacity was changed, under the name of a general update (UpdateTable of DynamoDB).
bool is_capacity_only(ChangeReading const& change) {
    auto const pieces = split(change.what, change.what.find(';') == std::string::npos ? ',' : ';');
    return !trim(change.what).empty() && std::all_of(pieces.begin(), pieces.end(), [](std::string const& piece) {
        auto const lower = to_lower(piece);
        return lower.find("capacityunits") != std::string::npos || lower.find("desiredcapacity") != std::string::npos
            || lower.find("desiredcount") != std::string::npos;
    });
}

CauseKind cause_kind(ChangeReading const& change) {
    if (change.kind == ChangeKind::config && is_capacity_only(change))
        return CauseKind::scaling_change;
    switch (change.kind) {
    case ChangeKind::deploy:
        return CauseKind::deploy;
    case ChangeKind::scaling:
        return CauseKind::scaling_change;
    case ChangeKind::permission:
        return CauseKind::permission_change;
    case ChangeKind::network:
        return CauseKind::network;
    case ChangeKind::config:
    case ChangeKind::other:
        return CauseKind::config_change;
    }
    return CauseKind::config_change;
}

std::string subject(ChangeReading const& change) {
    auto const name = change.resource.name.empty() ? std::string() : change.resource.display();
    auto const call
        = change.event_names.empty() ? std::string() : " (" + quoted(change.event_names.front(), 60) + ")";
    auto const on = [&](std::string_view noun) { return std::string(noun) + (name.empty() ? call : " of " + name); };
    switch (change.kind) {
    case ChangeKind::deploy:
        return on(is_only_merged(change) ? "Merge" : "Deploy");
    case ChangeKind::scaling:
        return on("Scaling");
    case ChangeKind::permission:
        return on("Permission change");
    case ChangeKind::network:
        return on("Network change");
    case ChangeKind::config:
        return on("Configuration change");
    case ChangeKind::other:
        return on("Change");
    }
    return on("Change");
}

std::string after_that(Context const& context, ChangeReading const& change, Corroboration const* sign) {
    if (sign != nullptr) {
        auto const delay = std::max(Milliseconds { 0 }, sign->at - change.at);
        bool const is_metric = std::holds_alternative<MetricFact>(sign->fact->detail);
        if (is_metric)
            return "; " + sign->words;
        return "; " + sign->words + (delay < Seconds { 1 } ? " at once" : " " + format_duration(delay) + " later");
    }
    auto const* reading = context.alarm_reading();
    if (reading == nullptr || !context.onset)
        return "";
    auto const delay = *context.onset - change.at;
    return "; " + reading->metric->series.metric.name + " of " + reading->resource().display()
        + " left its normal level "
        + (delay <= Milliseconds { 0 } ? "within the same period" : format_duration(delay) + " later");
}

// What differs, where the records tell: the pieces with an arrow, a changed number first. The rest of a request
// (network mode, launch type) is the same as before.
std::string differences(std::string const& what) {
    std::vector<std::string> numbers;
    std::vector<std::string> others;
    for (auto const& piece : split(what, ';')) {
        if (piece.find("->") == std::string::npos && piece.find("→") == std::string::npos)
            continue;
        auto& list = direction_of_change(piece) != 0 ? numbers : others;
        if (std::find(list.begin(), list.end(), trim(piece)) == list.end())
            list.push_back(trim(piece));
    }
    if (numbers.empty() && others.empty())
        return what;
    numbers.insert(numbers.end(), others.begin(), others.end());
    return join(numbers, "; ");
}

std::string statement(Context const& context, ChangeReading const& change, Corroboration const* sign) {
    auto text = subject(change) + " at " + format_clock(change.at);
    bool const is_difference
        = change.what.find("->") != std::string::npos || change.what.find("→") != std::string::npos;
    if (!change.what.empty() && !is_difference) {
        // What was asked for; what it was before is not known. A new version's request repeats all that did not
        // change.
        if (change.kind != ChangeKind::deploy)
            text += " (" + replace_all(shorten(clean_utf8(change.what), 80), "\n", " ") + ")";
    } else if (!change.what.empty()) {
        auto const different = differences(change.what);
        auto const what = shorten(clean_utf8(different), 90);
        int const direction = different.find(';') == std::string::npos ? direction_of_change(different) : 0;
        text += direction < 0 ? " lowered " : direction > 0 ? " raised " : " changed ";
        text += replace_all(replace_all(what, "\n", " "), "->", "→");
    }
    return text + after_that(context, change, sign) + ".";
}

double place_weight(Context const& context, ChangeReading const& change) {
    auto const& position = change.position;
    switch (position.relation) {
    case Relation::same:
        return 1.2;
    case Relation::callee:
        return position.distance <= 1 ? 1.2 : position.distance == 2 ? 1.0 : 0.6;
    case Relation::caller:
        return 0.1;
    case Relation::sibling:
        return -0.4;
    case Relation::related:
        return -1.0;
    case Relation::unknown:
        return context.topology.has_map() ? -0.6 : -0.1;
    case Relation::unrelated:
        return -3.2;
    }
    return 0;
}

// A rule that lets more in than before cuts nobody off.
bool only_opens(ChangeReading const& change) {
    return !change.event_names.empty()
        && std::all_of(change.event_names.begin(), change.event_names.end(),
            [](std::string const& name) { return name.starts_with("AuthorizeSecurityGroup"); });
}

double kind_weight(ChangeReading const& change, bool corroborated) {
    if (only_opens(change))
        return -6;
    switch (change.kind) {
    case ChangeKind::deploy:
        return 0.4;
    case ChangeKind::config:
        return 0.2;
    case ChangeKind::scaling: {
        // A reserved concurrency is a bound, whatever it was before.
        bool const bounds
            = !change.event_names.empty() && change.event_names.front().starts_with("PutFunctionConcurrency");
        int const direction = bounds && direction_of_change(change.what) == 0 ? -1 : direction_of_change(change.what);
        return direction < 0 ? 0.8 : direction > 0 ? -1.2 : 0;
    }
    case ChangeKind::permission:
        return corroborated ? 0.6 : -1.6;
    case ChangeKind::network:
        return corroborated ? 0.4 : -0.9;
    case ChangeKind::other:
        return -0.9;
    }
    return 0;
}

// The moment from which the change is judged: the alarm's onset, or the earlier onset of something that the change
// could have set off and that leads there (memory that fills for an hour).
Milliseconds lead_of(Context const& context, ChangeReading const& change, std::vector<Corroboration> const& signs) {
    auto lead = std::max(Milliseconds { 0 }, context.onset_or_alarm() - change.at);
    for (auto const& sign : signs)
        if (sign.log_odds >= 0.8)
            lead = std::min(lead, std::max(Milliseconds { 0 }, sign.at - change.at));
    return lead;
}

// The group shrank right after its bounds were set: that was what the change did. It hurts when the day's load comes.
Fact const* shrank(Context const& context, ChangeReading const& change) {
    for (auto const& reading : context.events)
        if (change.resource.type == "autoscaling:group" && reading.event->resource == change.resource
            && reading.event->kind == ResourceEventKind::scaled && reading.event->message.starts_with("Terminating")
            && reading.fact->at >= change.at && reading.fact->at <= change.at + Minutes { 15 })
            return reading.fact;
    return nullptr;
}

MetricReading const* full_member(Context const& context, ChangeReading const& change) {
    constexpr double full = 90;
    for (auto const& reading : context.metrics)
        if (reading.signal == Signal::cpu && reading.metric->series.unit == "Percent"
            && reading.series.highest >= full && is_near(reading.position)
            && (reading.resource() == change.resource || context.topology.calls(change.resource, reading.resource())))
            return &reading;
    return nullptr;
}

// Fewer hosts, and those that are left are full: hours may lie between the two.
void weigh_shrinking(Context const& context, ChangeReading const& change, Candidate& candidate) {
    auto const* fewer = shrank(context, change);
    auto const* full = fewer == nullptr ? nullptr : full_member(context, change);
    if (full == nullptr || context.onset_or_alarm() - change.at > Hours { 4 })
        return;
    for (auto& weight : candidate.weights) // that hours lie between the two speaks against nothing
        if (weight.fact == change.facts.front())
            weight.log_odds = std::max(weight.log_odds, 0.4);
    candidate.weigh(2.4, fewer);
    candidate.weigh(1.2, full->fact);
    candidate.corroborated = true;
}

std::optional<Candidate> candidate_for(Context const& context, ChangeReading const& change) {
    if (belongs_elsewhere(change))
        return std::nullopt;
    // A deploy rolls out over minutes, but nothing that came after the onset can have caused it.
    auto const latest = context.onset_or_alarm() + context.onset_width + Seconds { 15 };
    if (change.at > latest)
        return std::nullopt;
    auto const signs = corroborations(context, change, mechanisms_of(change));
    Candidate candidate;
    candidate.kind = cause_kind(change);
    candidate.resource = change.resource;
    candidate.began_at = change.at;
    candidate.prior = -2.4;
    bool first = true;
    for (auto const* fact : change.facts) {
        candidate.weigh(first ? proximity_weight(lead_of(context, change, signs)) : 0.1, fact);
        first = false;
    }
    candidate.weigh(place_weight(context, change));
    double from_signs = 0;
    std::size_t cited = 0;
    for (auto const& sign : signs) {
        double const worth = std::min(sign.log_odds * (cited == 0 ? 1.0 : 0.4), 3.2 - from_signs);
        if (cited == 4 || worth <= 0)
            break;
        candidate.weigh(worth, sign.fact);
        from_signs += worth;
        ++cited;
    }
    // New errors of no known meaning may have any cause.
    candidate.corroborated = from_signs >= 1.0 && signs.front().log_odds >= 1.2;
    candidate.weigh(kind_weight(change, candidate.corroborated));
    weigh_shrinking(context, change, candidate);
    if (is_only_made(change))
        candidate.weigh(-1.4); // It reaches nothing before something deploys it.
    if (change.failed)
        candidate.weigh(-5);
    if (change.automatic)
        candidate.weigh(-1.6);
    candidate.statement = statement(context, change, signs.empty() ? nullptr : &signs.front());
    return candidate;
}

std::vector<Candidate> propose(Context const& context) {
    std::vector<Candidate> found;
    for (auto const& change : context.changes)
        if (auto candidate = candidate_for(context, change))
            found.push_back(std::move(*candidate));
    return found;
}

} // namespace

Hypothesis make_change() {
    return { "change", propose };
}

} // namespace convops
