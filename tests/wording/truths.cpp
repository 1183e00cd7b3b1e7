// True drafts: what a careful writer might say of each thing that an investigation holds, in several styles.
#include "base/text.h"
#include "draft.h"
#include "model/metric_evidence.h"

namespace convops {

namespace {

constexpr std::size_t most_metrics = 14; // per investigation; the nearest first

class Author {
public:
    Author(Investigation const& investigation, Dice& dice)
        : all_(investigation)
        , dice_(dice) { }

    std::vector<Draft> write();

private:
    void add(std::string sort, std::vector<std::string> cites, std::vector<Piece> pieces) {
        drafts_.push_back({ std::move(pieces), std::move(cites), std::move(sort) });
    }
    void about_causes();
    void about_relations(Cause const& cause, std::string const& id);
    void about_metrics();
    void about_move(Fact const& fact, MetricFact const& metric, double before, double since);
    void about_alarm();
    void about_logs();
    void about_changes();
    void about_events();
    void about_ruled_out();
    void about_gaps();
    void about_actions();
    void about_verdict();

    Investigation const& all_;
    Dice& dice_;
    std::vector<Draft> drafts_;
};

std::string numbered(char letter, std::size_t index) {
    return std::string(1, letter) + std::to_string(index + 1);
}

std::string lower_first(std::string text) {
    if (text.size() > 1 && text[0] >= 'A' && text[0] <= 'Z' && text[1] >= 'a' && text[1] <= 'z')
        text[0] = char(text[0] - 'A' + 'a');
    return text;
}

std::string without_stop(std::string text) {
    while (text.ends_with('.'))
        text.pop_back();
    return text;
}

void Author::about_causes() {
    auto const& causes = all_.diagnosis.causes;
    if (all_.diagnosis.verdict != IncidentVerdict::incident)
        return;
    for (std::size_t i = 0; i < causes.size(); ++i) {
        auto const id = numbered('C', i);
        auto const plain = without_stop(causes[i].statement);
        auto said = pieces_of(plain, all_);
        add("cause as stated", { id }, [&] {
            auto copy = said;
            copy.push_back(words("."));
            return copy;
        }());
        auto with_lead = [&](std::string lead) {
            auto copy = pieces_of(lower_first(plain), all_);
            copy.insert(copy.begin(), words(std::move(lead)));
            copy.push_back(words("."));
            return copy;
        };
        if (i == 0) {
            add("cause with a lead", { id },
                with_lead(dice_.pick({ "The most likely cause: ", "Most likely, ", "The likely cause is this: ",
                    "What probably caused this: ", "Root cause, as far as we can tell: " })));
            auto scored = with_lead("The likely cause (");
            scored.insert(scored.begin() + 1, number(std::round(causes[i].score * 100), "Percent"));
            scored.insert(scored.begin() + 2, words("): "));
            add("cause with its score", { id }, std::move(scored));
        } else {
            add("lesser cause", { id }, with_lead(dice_.pick({ "Another possible cause: ", "Also possible: " })));
        }
        about_relations(causes[i], id);
    }
    if (causes.size() > 1)
        add("number of causes", { "C1", "C2" },
            { words("We found "), number(double(causes.size()), "count"), words(" possible causes.") });
}

// Cause and effect in one sentence: the cause led to what the alarm shows.
void Author::about_relations(Cause const& cause, std::string const& id) {
    auto const* main = all_.incident.leading_alarm().main_metric();
    if (main == nullptr || !main->metric)
        return;
    auto const resource = resource_of(*main->metric);
    if (!resource)
        return;
    auto const effect = std::vector<Piece> { metric_named(main->metric->name), words(" of "), name_of(*resource) };
    auto const with = [&](std::vector<Piece> pieces) { add("cause and effect", { id, "I1" }, std::move(pieces)); };
    if (cause.kind == CauseKind::deploy) {
        with({ words("the deploy of "), name_of(cause.resource, true), words(" most likely caused the alarm on "),
            effect[0], effect[1], effect[2], words(".") });
        with({ words("alarm "), words(all_.incident.leading_alarm().name), words(" fired because of the deploy of "),
            name_of(cause.resource), words(".") });
    } else if (cause.kind == CauseKind::traffic_surge) {
        with({ words("a surge of traffic at "), name_of(cause.resource), words(" led to the alarm on "), effect[0],
            words(".") });
    } else if (cause.kind == CauseKind::storage_exhaustion) {
        with({ words("the alarm is most likely due to full storage on "), name_of(cause.resource), words(".") });
    } else if (cause.kind == CauseKind::failover) {
        with({ words("the failover of "), name_of(cause.resource), words(" triggered the alarm on "), effect[0],
            words(".") });
    } else if (cause.kind == CauseKind::config_change) {
        with({ words("the configuration change of "), name_of(cause.resource),
            words(" is the likely cause of the alarm.") });
    }
}

void Author::about_move(Fact const& fact, MetricFact const& metric, double before, double since) {
    auto const& unit = metric.series.unit;
    auto const cites = std::vector<std::string> { fact.id.text };
    auto const subject
        = std::vector<Piece> { metric_named(metric.series.metric.name), words(" of "), name_of(metric.resource) };
    bool const up = since > before;
    auto const from = number(before, unit);
    auto const to = number(since, unit);
    auto const verb_said = up
        ? verb(dice_.pick({ " rose ", " went up ", " climbed ", " increased ", " jumped " }), 1)
        : verb(dice_.pick({ " fell ", " dropped ", " went down ", " decreased ", " sank " }), -1);
    switch (dice_.below(7)) {
    case 0:
        add("metric moved", cites,
            { subject[0], subject[1], subject[2], verb_said, words("from "), from, words(" to "), to, words(".") });
        break;
    case 1:
        add("metric moved", cites,
            { subject[0], subject[1], subject[2], words(": "), from, words(" before, "), to, words(" since.") });
        break;
    case 2:
        add("metric moved", cites,
            { subject[0], words(" on "), subject[2], words(" is "), to, words(", "),
                verb(up ? "up" : "down", up ? 1 : -1), words(" from "), from, words(".") });
        break;
    case 3:
        add("metric moved", cites,
            { words("since the onset at "), clock_of(*all_.diagnosis.onset), words(", "), subject[0], words(" of "),
                subject[2], verb_said, words("to "), to, words("; it was "), from, words(" before.") });
        break;
    case 4:
        add("metric moved", cites,
            { words("while "), subject[0], words(" of "), name_of(metric.resource, true), words(" was "), from,
                words(" before the onset, it has been "), to, words(" since.") });
        break;
    case 5:
        add("metric moved", cites, { subject[0], subject[1], subject[2], verb_said, words("to "), to, words(".") });
        break;
    default:
        add("metric moved", cites,
            { words("we saw "), subject[0], words(" of "), subject[2],
                words(up ? " going up from " : " going down from "), from, words(" to "), to,
                words(" after the onset.") });
    }
    double const ratio = before > 0 ? since / before : 0;
    if (ratio > 1.9 && ratio < 2.1)
        add("ratio", cites, { subject[0], subject[1], subject[2], words(" about doubled.") });
    if (ratio > 0.48 && ratio < 0.52)
        add("ratio", cites, { subject[0], subject[1], subject[2], words(" about halved.") });
    if (ratio >= 3 && ratio < 60)
        add("ratio", cites,
            { subject[0], subject[1], subject[2], words(" is about "), number(std::round(ratio), "count"),
                words(" times what it was before.") });
}

void Author::about_metrics() {
    if (!all_.diagnosis.onset)
        return;
    std::size_t said = 0;
    for (auto const& [fact, metric] : all_.evidence.all<MetricFact>()) {
        if (said == most_metrics)
            break;
        auto const levels = levels_around(*metric, *all_.diagnosis.onset);
        if (!levels || !levels->moved())
            continue;
        about_move(*fact, *metric, levels->before, levels->since);
        ++said;
    }
}

void Author::about_alarm() {
    auto const& alarm = all_.incident.leading_alarm();
    add("alarm fired", { "I1" },
        { words("alarm " + alarm.name + " fired at "), clock_of(alarm.changed_at), words(".") });
    for (auto const& [fact, metric] : all_.evidence.all<MetricFact>()) {
        if (fact->source != "alarm_metric" || metric->series.empty() || !alarm.threshold
            || fact->statement.find("the alarm fires") == std::string::npos)
            continue;
        auto const& unit = metric->series.unit;
        auto const at = fact->statement.find(" was ");
        if (at == std::string::npos)
            continue;
        // The worst value and its time, as the fact says them.
        auto const said = pieces_of(fact->statement.substr(at, fact->statement.find(';') - at), all_);
        std::vector<Piece> numbers, clocks;
        for (auto const& piece : said)
            (piece.kind == Piece::Kind::number ? numbers : clocks).push_back(piece);
        std::erase_if(clocks, [](Piece const& piece) { return piece.kind != Piece::Kind::clock; });
        if (numbers.empty() || clocks.empty())
            continue;
        auto const cite = std::vector<std::string> { fact->id.text };
        auto const compared = alarm.fires_above() ? std::string("above") : std::string("below");
        add("alarm metric", cite,
            { metric_named(metric->series.metric.name), words(" of "), name_of(metric->resource), words(" reached "),
                numbers[0], words(" at "), clocks[0], words(", " + compared + " the threshold of "),
                number(*alarm.threshold, unit), words(".") });
        add("alarm metric", cite,
            { words("at "), clocks[0], words(", "), metric_named(metric->series.metric.name), words(" of "),
                name_of(metric->resource, true), words(" stood at "), numbers[0],
                words("; the alarm fires " + compared + " "), number(*alarm.threshold, unit), words(".") });
        if (all_.diagnosis.onset)
            add("onset", { fact->id.text, "I1" },
                { words("it began at "), clock_of(*all_.diagnosis.onset), words(".") });
        break;
    }
}

void Author::about_logs() {
    std::size_t said = 0;
    for (auto const& [fact, log] : all_.evidence.all<LogPatternFact>()) {
        if (said++ == 4)
            break;
        // A phrase of the pattern without wildcards, at most five words.
        auto phrase = log->pattern;
        std::string best;
        for (auto const& part : split(replace_all(phrase, "<*>", "\x01"), '\x01')) {
            auto const trimmed = trim(part);
            if (trimmed.size() > best.size() && trimmed.find('"') == std::string::npos)
                best = trimmed;
        }
        auto tokens = split(best, ' ');
        if (tokens.size() > 5)
            tokens.resize(5);
        best = join(tokens, " ");
        if (best.size() < 6 || best.find("://") != std::string::npos)
            continue;
        auto const cite = std::vector<std::string> { fact->id.text };
        auto const count = number(double(log->count), "count");
        add("log pattern", cite,
            { quote(best), words(" appears "), count, words(" times in " + log->group + " since "),
                clock_of(log->first_seen), words(".") });
        add("log pattern", cite,
            { words("since "), clock_of(log->first_seen), words(" the log " + log->group + " shows "), quote(best),
                words(" "), count, words(" times.") });
        if (log->usual_count <= 0 && fact->statement.find("never in the hour before") != std::string::npos)
            add("log pattern new", cite,
                { quote(best),
                    words(dice_.pick({ " is new: it was not seen in the hour before.",
                        " was never seen in the hour before.", " did not appear in the hour before." })) });
    }
}

void Author::about_changes() {
    std::size_t said = 0;
    for (auto const& [fact, change] : all_.evidence.all<ChangeFact>()) {
        if (change->failed || change->touched.empty() || change->actor.empty() || fact->source != "cloudtrail_changes"
            || said++ == 4)
            continue;
        auto const cite = std::vector<std::string> { fact->id.text };
        add("change", cite,
            { words(change->actor + " called " + change->event_name + " on "), name_of(change->touched.front()),
                words(" at "), clock_of(fact->at), words(".") });
        add("change", cite,
            { words("at "), clock_of(fact->at), words(", " + change->actor + " ran " + change->event_name + " on "),
                name_of(change->touched.front()), words(".") });
    }
    for (auto const& [fact, change] : all_.evidence.all<ChangeFact>()) {
        auto const arrow = change->what.find(" → ");
        if (fact->source != "ecs_state" || arrow == std::string::npos || change->touched.empty())
            continue;
        auto const start = change->what.rfind("; ", arrow);
        auto const piece = change->what.substr(start == std::string::npos ? 0 : start + 2);
        auto const one = piece.substr(0, piece.find("; "));
        add("change of a setting", { fact->id.text },
            { words("the deploy of "), name_of(change->touched.front()), words(" at "), clock_of(fact->at),
                words(" changed "
                    + replace_all(one.substr(0, one.rfind(" (compared")), " → ", dice_.one_in(2) ? " → " : " to ")
                    + ".") });
    }
}

void Author::about_events() {
    std::size_t said = 0;
    for (auto const& [fact, event] : all_.evidence.all<ResourceEventFact>()) {
        if (said++ == 4)
            break;
        auto const cite = std::vector<std::string> { fact->id.text };
        if (fact->source == "rds_events")
            add("event", cite,
                { words("RDS reported "), quote(without_stop(event->message)), words(" for "),
                    name_of(event->resource), words(" at "), clock_of(fact->at), words(".") });
        if (event->kind == ResourceEventKind::out_of_memory && fact->statement.find(" stopped ") != std::string::npos)
            add("event", cite,
                { number(event->count, "count"), words(event->count == 1 ? " task of " : " tasks of "),
                    name_of(event->resource), words(" stopped for lack of memory.") });
    }
}

void Author::about_ruled_out() {
    constexpr std::array<std::pair<CauseKind, char const*>, 7> phrases {
        { { CauseKind::traffic_surge, "A traffic surge" }, { CauseKind::cpu_saturation, "A full processor" },
            { CauseKind::memory_exhaustion, "Memory exhaustion" }, { CauseKind::storage_exhaustion, "Full storage" },
            { CauseKind::connection_exhaustion, "Exhausted connections" }, { CauseKind::throttling, "Throttling" },
            { CauseKind::host_failure, "A host failure" } }
    };
    auto const& ruled_out = all_.diagnosis.ruled_out;
    for (std::size_t i = 0; i < ruled_out.size(); ++i) {
        auto const id = numbered('R', i);
        for (auto const& [kind, phrase] : phrases) {
            if (kind != ruled_out[i].kind)
                continue;
            auto pieces = pieces_of(without_stop(ruled_out[i].why), all_);
            pieces.insert(pieces.begin(),
                words(phrase
                    + dice_.pick({ " is ruled out: ", " can be excluded: ", " is not the cause: ",
                        " was ruled out because " })));
            pieces.push_back(words("."));
            add("ruled out", { id }, std::move(pieces));
            add("ruled out", { id },
                { words(phrase),
                    words(dice_.pick({ " is ruled out.", " is not the cause.", " was not the cause." })) });
        }
    }
}

void Author::about_gaps() {
    auto const& gaps = all_.evidence.gaps;
    for (std::size_t i = 0; i < std::min<std::size_t>(gaps.size(), 3); ++i) {
        auto const id = numbered('G', i);
        auto const source = replace_all(gaps[i].source, "_", " ");
        if (gaps[i].kind == ErrorKind::access_denied)
            add("gap", { id },
                { words(dice_.pick({ "We could not read ", "We were not able to read " }) + source
                    + ": access was denied.") });
        else
            add("gap", { id }, { words("We could not read " + source + ".") });
    }
}

void Author::about_actions() {
    for (std::size_t i = 0; i < all_.actions.size(); ++i) {
        auto const id = numbered('A', i);
        auto const& said = all_.actions[i].statement;
        add("action", { id }, { words(said) });
        add("action", { id }, { words("Suggested: " + lower_first(said)) });
    }
}

void Author::about_verdict() {
    switch (all_.diagnosis.verdict) {
    case IncidentVerdict::healthy:
        add("verdict", { "I1" }, { words("Everything that we read looks healthy.") });
        break;
    case IncidentVerdict::self_healed:
        add("verdict", { "I1" },
            { words(dice_.pick(
                { "It healed itself.", "The problem has healed itself; the metric is back to normal." })) });
        break;
    case IncidentVerdict::aws_side:
        add("verdict", { "I1", "C1" }, { words("This is on AWS's side.") });
        break;
    case IncidentVerdict::unknown:
        add("verdict", { "I1" },
            { words(dice_.pick({ "The cause is not known.", "We do not know the cause yet." })) });
        break;
    case IncidentVerdict::incident:
        break;
    }
}

std::vector<Draft> Author::write() {
    about_causes();
    about_metrics();
    about_alarm();
    about_logs();
    about_changes();
    about_events();
    about_ruled_out();
    about_gaps();
    about_actions();
    about_verdict();
    return std::move(drafts_);
}

} // namespace

std::vector<Draft> foreign_truths(Investigation const& investigation, std::string_view language, Dice& dice);

std::vector<Draft> truths_about(Investigation const& investigation, std::string_view language, Dice& dice) {
    if (language != "en")
        return foreign_truths(investigation, language, dice);
    return Author(investigation, dice).write();
}

} // namespace convops
