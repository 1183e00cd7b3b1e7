// True drafts in other words: a second author, written after the checker stood and without looking at its lexicon, so
// that its figure says how the checker does on phrasings that it was not built with.
#include "base/text.h"
#include "draft.h"
#include "model/metric_evidence.h"

namespace convops {

std::vector<Draft> truths_in_other_words(Investigation const& all, Dice& dice) {
    std::vector<Draft> drafts;
    auto const add = [&](char const* sort, std::vector<std::string> cites, std::vector<Piece> pieces) {
        drafts.push_back({ std::move(pieces), std::move(cites), std::string("unseen: ") + sort });
    };
    auto const& diagnosis = all.diagnosis;
    std::size_t said = 0;
    for (auto const& [fact, metric] : all.evidence.all<MetricFact>()) {
        auto const levels = diagnosis.onset ? levels_around(*metric, *diagnosis.onset) : std::nullopt;
        if (!levels || !levels->moved() || said++ == 8)
            continue;
        bool const up = levels->since > levels->before;
        auto const before = number(levels->before, metric->series.unit);
        auto const since = number(levels->since, metric->series.unit);
        auto const name = metric_named(metric->series.metric.name);
        auto const resource = name_of(metric->resource);
        switch (dice.below(6)) {
        case 0:
            add("metric", { fact->id.text },
                { words("on "), resource, words(", "), name, words(" has gone "), words(up ? "up" : "down"),
                    words(" from "), before, words(" to "), since, words(" since the onset.") });
            break;
        case 1:
            add("metric", { fact->id.text },
                { name, words(" of "), resource, words(" used to be "), before, words(" and is now "), since,
                    words(".") });
            break;
        case 2:
            add("metric", { fact->id.text },
                { words("before the onset "), name, words(" of "), resource, words(" was at "), before,
                    words("; afterwards it was at "), since, words(".") });
            break;
        case 3:
            add("metric", { fact->id.text },
                { name, words(" for "), resource, words(" moved from "), before, words(" to "), since, words(".") });
            break;
        case 4:
            add("metric", { fact->id.text },
                { words("we see "), name, words(" of "), resource, words(" at "), since, words(", compared with "),
                    before, words(" earlier.") });
            break;
        default:
            add("metric", { fact->id.text },
                { resource, words(": "), name, words(up ? " climbed to " : " dropped to "), since, words(" (from "),
                    before, words(").") });
        }
    }
    said = 0;
    for (auto const& [fact, log] : all.evidence.all<LogPatternFact>()) {
        auto const part = trim(log->pattern.substr(0, log->pattern.find("<*>")));
        if (said++ == 3 || part.size() < 6 || part.find('"') != std::string::npos
            || part.find("://") != std::string::npos)
            continue;
        auto const count = number(double(log->count), "count");
        add("log", { fact->id.text },
            { words("from "), clock_of(log->first_seen), words(" on, "), words(log->group), words(" logged "),
                quote(part), words(" "), count, words(" times.") });
        add("log", { fact->id.text },
            { words("there were "), count, words(" log lines like "), quote(part), words(" in "), words(log->group),
                words(".") });
    }
    said = 0;
    for (auto const& [fact, change] : all.evidence.all<ChangeFact>()) {
        if (fact->source != "cloudtrail_changes" || change->failed || change->touched.empty() || change->actor.empty()
            || said++ == 3)
            continue;
        add("change", { fact->id.text },
            { words(change->event_name + " was called by " + change->actor + " at "), clock_of(fact->at),
                words(", on "), name_of(change->touched.front()), words(".") });
    }
    for (std::size_t i = 0; i < diagnosis.ruled_out.size(); ++i)
        if (diagnosis.ruled_out[i].kind == CauseKind::traffic_surge)
            add("ruled out", { "R" + std::to_string(i + 1) },
                { words(dice.pick({ "Traffic did not cause this.", "It is not due to traffic.",
                    "We can rule out a surge in traffic.", "More traffic is not the explanation." })) });
    if (!diagnosis.causes.empty() && diagnosis.verdict == IncidentVerdict::incident) {
        auto const& first = diagnosis.causes.front();
        auto const& alarm = all.incident.leading_alarm();
        if (first.kind == CauseKind::deploy && first.began_at && first.score >= 0.6) {
            add("cause", { "C1" },
                { words("everything points to the deploy of "), name_of(first.resource), words(" at "),
                    clock_of(*first.began_at), words(".") });
            add("cause", { "C1" },
                { words("it looks like the rollout of "), name_of(first.resource), words(" at "),
                    clock_of(*first.began_at), words(" is behind this.") });
            add("cause", { "C1", "I1" },
                { words("alarm " + alarm.name + " went off after the deploy of "), name_of(first.resource),
                    words(".") });
        }
    }
    return drafts;
}

} // namespace convops
