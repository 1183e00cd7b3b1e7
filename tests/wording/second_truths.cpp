#include "second_author.h"

#include "base/text.h"

#include <cmath>

namespace convops::second {

namespace {

std::string of_kind(CauseKind kind) { // "traffic surge"
    static std::map<CauseKind, std::string> const nouns {
        { CauseKind::traffic_surge, "a traffic surge" },
        { CauseKind::traffic_drop, "a drop in traffic" },
        { CauseKind::cpu_saturation, "CPU saturation" },
        { CauseKind::memory_exhaustion, "memory exhaustion" },
        { CauseKind::storage_exhaustion, "full storage" },
        { CauseKind::connection_exhaustion, "connection exhaustion" },
        { CauseKind::throttling, "throttling" },
        { CauseKind::deploy, "a deploy" },
        { CauseKind::config_change, "a configuration change" },
        { CauseKind::scaling_change, "a scaling change" },
        { CauseKind::failover, "a failover" },
    };
    auto const found = nouns.find(kind);
    return found == nouns.end() ? std::string() : found->second;
}

void moved(Desk& desk, MetricView const& m) {
    bool const up = m.direction > 0;
    auto const before = [&] { return desk.value(m.before, m.unit); };
    auto const since = [&] { return desk.value(m.since, m.unit); };
    std::vector<std::string> const id { m.id };
    auto const onset = *desk.investigation.diagnosis.onset;
    desk.say("metric went from to",
        desk.subject(m) + (up ? " went from " : " went from ") + before() + " to " + since() + ".", id);
    desk.say("metric rose or fell",
        desk.subject(m)
            + (up ? desk.dice.pick({ " rose", " climbed", " increased", " jumped" })
                  : desk.dice.pick({ " fell", " dropped", " decreased", " declined" }))
            + " from " + before() + " to " + since() + ".",
        id);
    desk.say("metric now, against before",
        desk.subject(m) + desk.dice.pick({ " is now ", " is at ", " has been at " }) + since() + ", "
            + (up ? "up" : "down") + " from " + before() + ".",
        id);
    desk.say("metric compared with",
        desk.subject(m) + " stands at " + since()
            + desk.dice.pick({ ", compared with ", ", compared to ", " versus " }) + before()
            + " before the incident.",
        id);
    desk.say("metric from, participle",
        desk.metric(m) + " on " + desk.named(m.resource) + " " + (up ? "climbed" : "dropped") + " to " + since()
            + desk.dice.pick({ " from a baseline of ", " from its earlier level of ", " from " }) + before() + ".",
        id);
    desk.say("metric about",
        desk.subject(m) + (up ? " rose" : " fell")
            + desk.dice.pick({ " to about ", " to around ", " to roughly ", " to approximately " })
            + desk.rough(m.since, m.unit) + ".",
        id);
    desk.say("metric with onset",
        desk.dice.pick({ "Since ", "From ", "Starting at " }) + desk.clock(onset) + ", " + desk.subject(m)
            + (up ? " rose from " : " fell from ") + before() + " to " + since() + ".",
        { m.id, "I1" });
    desk.say("metric passive",
        std::string(up ? "An increase" : "A decrease") + " in " + desk.metric(m) + " was observed on "
            + desk.named(m.resource) + ": " + before() + " before, " + since() + " since.",
        id);
    desk.say("metric saw",
        desk.named(m.resource) + " saw " + desk.metric(m) + (up ? " rise from " : " fall from ") + before() + " to "
            + since() + ".",
        id);
    desk.say("metric subordinate",
        "Before the incident, " + desk.subject(m) + " sat at " + before() + "; it has since "
            + (up ? "risen" : "fallen") + " to " + since() + ".",
        id);
    desk.say("metric range",
        desk.subject(m) + (up ? " increased" : " decreased") + " sharply (" + before() + " to " + since() + ").", id);
    auto const ratio = m.before > 0 ? m.since / m.before : 0;
    if (ratio > 1.9 && ratio < 2.1)
        desk.say("metric doubled",
            desk.subject(m) + desk.dice.pick({ " roughly doubled", " about doubled", " approximately doubled" })
                + ", from " + before() + " to " + since() + ".",
            id);
    if (ratio > 2.85 && ratio < 3.15)
        desk.say("metric tripled", desk.subject(m) + " roughly tripled to " + since() + ".", id);
    if (ratio > 0.45 && ratio < 0.55)
        desk.say("metric halved", desk.subject(m) + " roughly halved, from " + before() + " to " + since() + ".", id);
    if (ratio > 4 && ratio < 1000) {
        auto const fold = desk.rough(ratio, "");
        desk.say("metric n-fold",
            desk.subject(m) + " is about " + fold
                + desk.dice.pick(
                    { " times its usual level", " times higher than before", " times what it was before" })
                + ".",
            id);
    }
    if (m.since == 0 && m.before > 0)
        desk.say("metric to zero", desk.subject(m) + " dropped to zero.", id);
}

void steady(Desk& desk, MetricView const& m) {
    auto const since = desk.value(m.since, m.unit);
    std::vector<std::string> const id { m.id };
    desk.say("metric steady",
        desk.subject(m) + desk.dice.pick({ " stayed at ", " remained at ", " held steady at ", " stayed flat at " })
            + since + ".",
        id);
    desk.say("metric steady about",
        desk.subject(m)
            + desk.dice.pick({ " remained stable at about ", " stayed around ", " was unchanged at roughly " })
            + desk.rough(m.since, m.unit) + ".",
        id);
    desk.say("metric did not",
        desk.subject(m)
            + desk.dice.pick({ " did not rise", " did not change", " did not increase", " has not changed" }) + ".",
        id);
    desk.say("metric no change",
        "There was no " + std::string(desk.dice.pick({ "significant change", "notable change", "change" })) + " in "
            + desk.subject(m) + ".",
        id);
    desk.say("metric unchanged", desk.subject(m) + " was unchanged, at " + since + ".", id);
}

void alarm(Desk& desk) {
    auto const* m = desk.alarm_metric();
    auto const& lead = desk.investigation.incident.leading_alarm();
    if (lead.name.empty())
        return;
    desk.say("alarm fired",
        "The alarm " + lead.name
            + desk.dice.pick({ " fired at ", " went off at ", " went into ALARM at ", " was triggered at " })
            + desk.clock(lead.changed_at) + ".",
        { "I1" });
    if (m == nullptr)
        return;
    if (lead.threshold && m->direction != 0 && (m->since > *lead.threshold) == lead.fires_above()
        && m->since != *lead.threshold) {
        auto const limit = desk.value(*lead.threshold, m->unit);
        auto const since = desk.value(m->since, m->unit);
        bool const above = lead.fires_above();
        desk.say("against threshold",
            desk.subject(*m) + " is " + since + ", " + (above ? "above" : "below") + " the alarm threshold of "
                + limit + ".",
            { m->id });
        desk.say("exceeds threshold",
            desk.subject(*m) + (above ? " exceeded" : " fell below") + " the threshold of " + limit + ".", { m->id });
        desk.say("well past threshold",
            "At " + since + ", " + desk.subject(*m) + " is " + (above ? "over" : "under") + " the " + limit
                + " threshold.",
            { m->id });
        desk.say("alarm because",
            "The alarm " + lead.name + " fired because " + desk.subject(*m) + (above ? " exceeded " : " fell below ")
                + limit + ".",
            { m->id });
        auto const times = m->since / *lead.threshold;
        if (above && times > 2 && *lead.threshold > 0)
            desk.say("threshold times",
                desk.subject(*m) + " is about " + desk.rough(times, "") + " times the alarm threshold.", { m->id });
    }
}

void onset(Desk& desk) {
    if (!desk.investigation.diagnosis.onset || desk.investigation.diagnosis.verdict != IncidentVerdict::incident)
        return;
    auto const onset = *desk.investigation.diagnosis.onset;
    desk.say("onset",
        desk.dice.pick({ "The incident began at ", "The problem started at ", "It started at ",
            "The incident started around ", "Onset was at " })
            + desk.clock(onset) + ".",
        { "I1" });
    auto const fired = desk.investigation.incident.leading_alarm().changed_at;
    auto const gap = std::lround(double((fired - onset).count()) / 60000);
    if (gap >= 3 && gap < 50 && near(double((fired - onset).count()) / 60000, double(gap), 0.07))
        desk.say("onset before alarm",
            "The incident began at " + desk.minute(onset) + ", about " + std::to_string(gap)
                + " minutes before the alarm fired.",
            { "I1" });
}

void ruled_out(Desk& desk) {
    auto const& all = desk.investigation.diagnosis.ruled_out;
    for (std::size_t i = 0; i < all.size(); ++i) {
        auto const noun = of_kind(all[i].kind);
        if (noun.empty())
            continue;
        std::vector<std::string> cites { "R" + std::to_string(i + 1) };
        desk.say("ruled out",
            noun + desk.dice.pick({ " was ruled out", " can be ruled out", " has been ruled out", " is ruled out" })
                + ".",
            cites);
        desk.say("not the cause",
            noun
                + desk.dice.pick({ " is not the cause", " does not explain this", " is unlikely to be the cause",
                    " is not behind this" })
                + ".",
            cites);
        desk.say("we ruled out",
            desk.dice.pick({ "We ruled out ", "The evidence rules out ", "The diagnosis rules out ",
                "There is no evidence of " })
                + noun + ".",
            cites);
        for (auto const& m : desk.metrics)
            if (!all[i].facts.empty() && m.id == all[i].facts.front().text && m.direction == 0) {
                desk.say("ruled out since",
                    noun + " was ruled out" + desk.dice.pick({ " because ", ", since ", ", as ", ": " })
                        + desk.subject(m) + desk.dice.pick({ " stayed at ", " remained at " })
                        + desk.value(m.since, m.unit) + ".",
                    { cites[0], m.id });
                desk.say("stayed so ruled out",
                    upper_first(desk.subject(m)) + " stayed at " + desk.value(m.since, m.unit) + ", "
                        + desk.dice.pick({ "so ", "which means that ", "hence " }) + noun + " can be ruled out.",
                    { cites[0], m.id });
                desk.say("not the cause, while",
                    noun + " is not the cause, with " + desk.subject(m) + " steady at " + desk.value(m.since, m.unit)
                        + ".",
                    { cites[0], m.id });
            }
    }
    if (all.size() > 1 && !of_kind(all[0].kind).empty() && !of_kind(all[1].kind).empty())
        desk.say("two ruled out",
            of_kind(all[0].kind) + " and " + of_kind(all[1].kind)
                + desk.dice.pick({ " were both ruled out.", " have been ruled out.", " can be ruled out." }),
            { "R1", "R2" });
}

} // namespace

void write_metrics(Desk& desk) {
    for (auto const& m : desk.metrics)
        m.direction == 0 ? steady(desk, m) : moved(desk, m);
    for (auto const& a : desk.metrics)
        for (auto const& b : desk.metrics)
            if (a.id == b.id)
                continue;
            else if (a.direction > 0 && b.direction > 0 && desk.dice.one_in(2))
                desk.say("two metrics",
                    desk.subject(a) + " rose to " + desk.value(a.since, a.unit)
                        + desk.dice.pick({ ", while ", " and ", ", and at the same time " }) + desk.subject(b)
                        + " climbed to " + desk.value(b.since, b.unit) + ".",
                    { a.id, b.id });
            else if (a.direction > 0 && b.direction == 0 && desk.dice.one_in(3))
                desk.say("rose while steady",
                    desk.subject(a) + " rose to " + desk.value(a.since, a.unit)
                        + desk.dice.pick({ ", but ", ", while ", ", whereas ", ", although " }) + desk.subject(b)
                        + " stayed at " + desk.value(b.since, b.unit) + ".",
                    { a.id, b.id });
    alarm(desk);
    onset(desk);
    ruled_out(desk);
}

namespace {

void cause_nouns(Desk& desk, CauseView const& view) {
    auto const& noun = view.noun;
    constexpr double likely_from = 0.6; // as the messages have it
    if (noun.empty() || view.cause->score < likely_from)
        return;
    auto cites = std::vector<std::string> { view.id };
    if (desk.dice.one_in(2))
        cites.insert(cites.end(), view.facts.begin(),
            view.facts.begin() + std::ptrdiff_t(std::min<std::size_t>(2, view.facts.size())));
    bool const single = desk.causes.size() == 1;
    bool const first = view.id == "C1";
    auto const percent = std::to_string(std::lround(view.cause->score * 100));
    if (single) {
        desk.say("most likely cause is",
            desk.dice.pick({ "The most likely cause is ", "The likely cause is ", "The probable cause is ",
                "Most likely cause: " })
                + noun + ".",
            cites);
        desk.say("most likely due to",
            desk.dice.pick({ "This is most likely due to ", "The incident was most likely caused by ",
                "This was probably caused by ", "The problem is likely the result of " })
                + noun + ".",
            cites);
        desk.say("confidence",
            "The most likely cause is " + noun
                + desk.dice.pick(std::vector<std::string> { ", with " + percent + "% confidence.",
                    " (" + percent + " %).", ", at a confidence of " + percent + " %." }),
            cites);
    } else {
        desk.say("a likely cause",
            desk.dice.pick({ "One likely cause is ", "One of the likely causes is ", "A likely cause is " }) + noun
                + ".",
            cites);
    }
    desk.say("points to",
        desk.dice.pick(
            { "The evidence points to ", "Everything points to ", "The facts point to ", "Evidence points towards " })
            + noun + ".",
        cites);
    desk.say("consistent with",
        desk.dice.pick({ "The evidence is consistent with ", "This is consistent with ",
            "What was observed is consistent with " })
            + noun + ".",
        cites);
    if (first)
        desk.say("noun likely caused",
            noun
                + desk.dice.pick({ " most likely caused this incident.", " is the most likely cause.",
                    " likely triggered the incident.", " appears to be the cause.", " probably led to this." }),
            cites);
    auto const* m = desk.alarm_metric();
    if (first && m != nullptr && m->direction != 0
        && desk.investigation.diagnosis.verdict == IncidentVerdict::incident) {
        cites.push_back(m->id);
        bool const up = m->direction > 0;
        desk.say("cause of metric",
            noun + " most likely " + desk.dice.pick({ "caused", "led to", "triggered", "explains" })
                + (up ? " the rise in " : " the drop in ") + desk.subject(*m) + ".",
            cites);
        desk.say("metric likely because",
            desk.subject(*m) + (up ? " rose" : " fell")
                + desk.dice.pick(
                    { ", most likely because of ", ", probably due to ", " most likely as a result of " })
                + noun + ".",
            cites);
    }
}

void cause_own_words(Desk& desk, CauseView const& view) {
    auto statement = view.cause->statement;
    if (desk.reader.utc_offset.count() != 0 && statement.find(':') != std::string::npos)
        return; // its clocks are in UTC
    desk.say("statement copied", statement.ends_with(".") ? statement : statement + ".", { view.id });
    if (desk.causes.size() == 1 && view.cause->score >= 0.6)
        desk.say("likely cause: statement", "Likely cause: " + statement + (statement.ends_with(".") ? "" : "."),
            { view.id });
}

void cause_change(Desk& desk, CauseView const& view) {
    std::vector<std::string> logs;
    for (auto const& id : view.facts)
        if (auto const* fact = desk.fact(id); fact != nullptr && std::holds_alternative<LogPatternFact>(fact->detail))
            logs.push_back(id);
    for (auto const& id : view.facts) {
        auto const* fact = desk.fact(id);
        auto const* change = fact == nullptr ? nullptr : std::get_if<ChangeFact>(&fact->detail);
        if (change == nullptr || change->failed || change->kind != ChangeKind::deploy
            || std::find(change->touched.begin(), change->touched.end(), view.cause->resource)
                == change->touched.end())
            continue;
        auto const& where = view.cause->resource;
        auto const at = fact->at;
        desk.say("deployed at",
            desk.named(where)
                + desk.dice.pick({ " was deployed at ", " was redeployed at ", " received a new deployment at ",
                    " got a new version at " })
                + desk.clock(at) + ".",
            { id });
        desk.say("a deploy at",
            "A " + std::string(desk.dice.pick({ "deploy", "deployment", "new deployment" })) + " of "
                + desk.named(where)
                + desk.dice.pick({ " went out at ", " took place at ", " happened at ", " started at " })
                + desk.clock(at) + ".",
            { id });
        if (desk.causes.size() == 1)
            desk.say("deploy cause at",
                "The most likely cause is the deploy of " + desk.named(where) + " at " + desk.clock(at) + ".",
                { view.id, id });
        desk.say("points to deploy at",
            "The evidence points to the " + desk.minute(at).substr(0, 5) + " deployment of " + where.short_name()
                + ".",
            { view.id, id });
        if (!change->actor.empty())
            desk.say("by whom",
                change->actor + " called " + change->event_name + " on " + desk.named(where) + " at " + desk.clock(at)
                    + ".",
                { id });
        if (desk.investigation.diagnosis.onset && *desk.investigation.diagnosis.onset > at) {
            auto const onset = *desk.investigation.diagnosis.onset;
            auto const gap = std::chrono::duration_cast<Seconds>(onset - at).count();
            if (gap > 600)
                continue; // not "shortly"
            desk.say("deploy before onset",
                desk.named(where) + " was deployed at " + desk.clock(at)
                    + desk.dice.pick({ ", shortly before the incident began.", ", before the incident began.",
                        ", just before the onset." }),
                { id, "I1" });
            desk.say("began after deploy",
                desk.dice.pick({ "The incident began shortly after the deploy of ",
                    "It started right after the deployment of ", "The problem began after the deploy of " })
                    + desk.named(where) + " at " + desk.clock(at) + ".",
                { id, "I1" });
            if (gap <= 60)
                desk.say("within a minute of",
                    "The incident began within a minute of the deploy of " + desk.named(where) + ".", { id, "I1" });
        }
        for (auto const& log : logs) {
            auto const first = std::get<LogPatternFact>(desk.fact(log)->detail).first_seen;
            if (first > at)
                desk.say("errors after deploy",
                    desk.dice.pick({ "The errors began ", "Log errors started " })
                        + std::to_string(std::chrono::duration_cast<Seconds>(first - at).count())
                        + desk.dice.pick({ " seconds after the deploy of ", " s after the deployment of " })
                        + desk.named(where) + ".",
                    { id, log });
        }
    }
}

} // namespace

void write_causes(Desk& desk) {
    for (auto const& view : desk.causes) {
        cause_nouns(desk, view);
        cause_own_words(desk, view);
        cause_change(desk, view);
    }
    if (desk.causes.size() == 2)
        desk.say("two causes",
            desk.dice.pick({ "There are two likely causes.", "Two independent causes are likely.",
                "Two causes are likely here." }),
            { "C1", "C2" });
}

} // namespace convops::second
