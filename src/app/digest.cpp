#include "app/digest.h"

#include "app/anomaly_store.h"
#include "app/watch_points.h"
#include "app/watch_service.h"
#include "base/text.h"
#include "message/watch_report.h"
#include "watch/plan.h"

namespace convops {

namespace {

constexpr Hours digest_length { 24 };
constexpr std::size_t most_pages = 50;
constexpr std::size_t page = 200;
constexpr std::size_t most_anomalies = 5'000;
constexpr std::size_t most_held = 500; // told by name; all are counted
constexpr int often = 4; // firings within the digest's window make a flapper

HeldBecause because_of(Hold const& hold) {
    if (hold.kind == HoldKind::mute)
        return HeldBecause::muted;
    return hold.by == "self_healed" ? HeldBecause::healed
        : hold.by == "aws_side"     ? HeldBecause::aws_side
        : hold.by == "is_chronic"   ? HeldBecause::chronic
                                    : HeldBecause::other;
}

class Gathering {
public:
    explicit Gathering(Window of) { digest_.of = of; }

    void add(IncidentRecord const& record) {
        if (record.merged_into)
            return;
        if (record.hold && record.hold->kind != HoldKind::checks)
            hold(record.incident.leading_alarm().name, record.incident.opened_at, because_of(*record.hold));
        else if (!record.hold)
            ++digest_.told;
        for (auto const& [key, alarm] : record.incident.alarms) {
            auto const times = std::count_if(
                alarm.fired_at.begin(), alarm.fired_at.end(), [&](Time at) { return digest_.of.contains(at); });
            firings_[alarm.latest.name] += static_cast<int>(times);
        }
    }
    void add(AnomalyRecord const& record) {
        if (!record.incident.empty())
            return; // its incident speaks for it
        hold(record.alarm, record.anomaly.since,
            record.decision.check == "self_healed" ? HeldBecause::healed : HeldBecause::other);
        ++firings_[record.alarm];
    }
    Digest done() && {
        for (auto const& [name, times] : firings_)
            if (times >= often)
                digest_.flappers.push_back({ name, times });
        std::stable_sort(digest_.flappers.begin(), digest_.flappers.end(),
            [](Flapper const& a, Flapper const& b) { return a.times > b.times; });
        return std::move(digest_);
    }

    Digest digest_;

private:
    void hold(std::string const& name, Time since, HeldBecause because) {
        ++digest_.held_in_all;
        if (digest_.held.size() < most_held)
            digest_.held.push_back({ name, since, because });
    }

    std::map<std::string, int> firings_;
};

} // namespace

Result<Digest> digest_of(
    IncidentEngine& engine, Store& store, MuteBook* mutes, WorkspaceId const& workspace, Time now) {
    Window const of { now - digest_length, now };
    Gathering gathering(of);
    auto after = IncidentEngine::before_any_of(of.from);
    for (std::size_t i = 0; i < most_pages; ++i) {
        auto const records = TRY(engine.list(workspace, page, after));
        for (auto const& record : records)
            gathering.add(record);
        if (records.size() < page)
            break;
        after = records.back().incident.id;
    }
    for (auto const& record : TRY(anomalies_since(store, workspace, of.from, most_anomalies, now)))
        gathering.add(record);
    auto digest = std::move(gathering).done();
    if (mutes != nullptr)
        for (auto const& rule : TRY(mutes->rules())) {
            auto const end = rule.recurs() ? rule.until : rule.once.to;
            if (end > now && end - now <= digest_length)
                digest.mutes.push_back({ target_of(rule), end });
        }
    auto const usage = TRY(watch_usage(store, workspace, of, now));
    digest.metrics = usage.metrics;
    digest.requested = usage.requested;
    digest.usd = double(usage.requested) * usd_per_metric_requested;
    return digest;
}

Result<std::string> explain_anomaly(
    IncidentEngine& engine, Store& store, WorkspaceId const& workspace, std::string const& id, Time now) {
    auto record = TRY(find_anomaly(store, workspace, id, now));
    std::string held;
    if (!record.incident.empty())
        if (auto const incident = engine.load(workspace, record.incident)) {
            record.decision = incident->decision.value_or(
                AnomalyDecision { AnomalyFate::told, {}, "An alarm was part of its incident." });
            if (incident->hold)
                held = incident->hold->reason;
        }
    auto const& anomaly = record.anomaly;
    auto const shown = [](std::string_view text) { return shorten(replace_all(clean_utf8(text), "\n", " "), 400); };
    std::string text = shown(record.alarm) + "\n";
    text += "since     " + format_time(anomaly.since)
        + (record.over_at ? ", over at " + format_time(*record.over_at) : ", not over") + "\n";
    text += "value     " + format_value(anomaly.value, anomaly.unit) + ", usual "
        + format_value(anomaly.usual, anomaly.unit) + " (" + format_number(anomaly.sigma()) + " σ; "
        + shown(anomaly.explanation) + ")\n";
    // A day before it, and what came after, as far as it is kept.
    constexpr std::size_t columns = 48;
    auto const until = std::min(now, record.over_at.value_or(now) + Hours { 2 });
    if (auto const course
        = course_of(store, workspace, record.alarm, { anomaly.since - Days { 1 }, until }, columns, now);
        course && !course->empty())
        text += "course    " + sparkline(*course, columns) + "\n";
    text += "decision  " + std::string(to_string(record.decision.fate))
        + (record.decision.check.empty() ? "" : " by " + shown(record.decision.check)) + "\n";
    text += "reason    " + shown(record.decision.reason) + "\n";
    if (!held.empty())
        text += "held back " + shown(held) + "\n";
    if (!record.incident.empty())
        text += "incident  " + shown(record.incident.text) + "\n";
    return text;
}

} // namespace convops
