// True drafts in German, Spanish and Hindi: metrics, logs, the alarm, deploys, what was ruled out.
#include "base/text.h"
#include "draft.h"
#include "model/metric_evidence.h"

namespace convops {

namespace {

// "{m}" metric, "{r}" resource, "{b}" before, "{s}" since, "{n}" count, "{t}" time, "{q}" quote, "{g}" log group,
// "{a}" alarm, "{v}" what was changed, "{h}" threshold.
struct Phrases {
    std::string_view language;
    std::vector<std::string> rose, fell, before_since, alarm_fired, alarm_metric, log, log_new, deploy,
        storage_ruled_out, traffic_ruled_out, deploy_cause;
};

std::vector<Phrases> const& phrase_books() {
    static std::vector<Phrases> const books {
        { "de",
            { "{m} von {r} stieg von {b} auf {s}.", "{m} von {r} ist von {b} auf {s} gestiegen.",
                "Seit {o} ist {m} von {r} auf {s} gestiegen." },
            { "{m} von {r} fiel von {b} auf {s}.", "{m} von {r} ist von {b} auf {s} gefallen.",
                "{m} von {r} sank auf {s}." },
            { "{m} von {r}: vorher {b}, seitdem {s}.", "{m} von {r} lag vorher bei {b} und liegt jetzt bei {s}." },
            { "Der Alarm {a} wurde um {t} ausgelöst.", "Um {t} hat der Alarm {a} ausgelöst." },
            { "{m} von {r} erreichte {s} um {t}, über dem Schwellwert von {h}." },
            { "{q} erscheint seit {t} {n} Mal in {g}." }, { "{q} ist neu: in der Stunde davor kam es nie vor." },
            { "Der Deploy von {r} um {t} änderte {v}." }, { "Voller Speicherplatz ist ausgeschlossen." },
            { "Ein Anstieg der Anfragen ist ausgeschlossen.", "Mehr Traffic ist nicht die Ursache." },
            { "Die wahrscheinliche Ursache ist der Deploy von {r} um {t}.",
                "Der Deploy von {r} hat den Alarm wahrscheinlich verursacht." } },
        { "es", { "{m} de {r} subió de {b} a {s}.", "{m} de {r} aumentó de {b} a {s}." },
            { "{m} de {r} bajó de {b} a {s}.", "{m} de {r} cayó de {b} a {s}." },
            { "{m} de {r}: {b} antes, {s} desde entonces.", "{m} de {r} era {b} antes y ahora es {s}." },
            { "La alarma {a} se activó a las {t}.", "A las {t} se activó la alarma {a}." },
            { "{m} de {r} alcanzó {s} a las {t}, por encima del umbral de {h}." },
            { "{q} aparece {n} veces en {g} desde las {t}." }, { "{q} es nuevo: no apareció en la hora anterior." },
            { "El despliegue de {r} a las {t} cambió {v}." }, { "El almacenamiento lleno queda descartado." },
            { "Un aumento del tráfico queda descartado.", "El tráfico no es la causa." },
            { "La causa probable es el despliegue de {r} a las {t}.",
                "El despliegue de {r} probablemente causó la alarma." } },
        { "hi", { "{r} का {m} {b} से बढ़कर {s} हो गया।", "{r} का {m} {b} से {s} तक बढ़ा।" },
            { "{r} का {m} {b} से घटकर {s} हो गया।", "{r} का {m} {b} से {s} तक गिरा।" },
            { "{r} का {m}: पहले {b}, अब {s}।" }, { "अलार्म {a} {t} पर बजा।" },
            { "{r} का {m} {t} पर {s} था, {h} की सीमा से ऊपर।" }, { "{q} {t} से {g} में {n} बार दिखा।" },
            { "{q} नया है: पिछले घंटे में यह नहीं दिखा।" }, { "{t} पर {r} के डिप्लॉय ने {v} बदला।" },
            { "भरा हुआ स्टोरेज कारण नहीं है।" }, { "ट्रैफ़िक में वृद्धि कारण नहीं है।" },
            { "संभावित कारण {t} पर {r} का डिप्लॉय है।" } },
    };
    return books;
}

using Fill = std::map<char, Piece>;

std::vector<Piece> fill(std::string const& phrase, Fill const& with) {
    std::vector<Piece> out;
    std::size_t start = 0;
    for (std::size_t i = 0; i + 2 < phrase.size(); ++i) {
        if (phrase[i] != '{' || phrase[i + 2] != '}')
            continue;
        auto const found = with.find(phrase[i + 1]);
        if (found == with.end())
            return {};
        if (i > start)
            out.push_back(words(phrase.substr(start, i - start)));
        out.push_back(found->second);
        start = i + 3;
    }
    if (start < phrase.size())
        out.push_back(words(phrase.substr(start)));
    return out;
}

std::string longest_phrase(std::string const& pattern) {
    std::string best;
    for (auto const& part : split(replace_all(pattern, "<*>", "\x01"), '\x01'))
        if (auto const trimmed = trim(part); trimmed.size() > best.size() && trimmed.find('"') == std::string::npos)
            best = trimmed;
    auto tokens = split(best, ' ');
    if (tokens.size() > 5)
        tokens.resize(5);
    return join(tokens, " ");
}

struct Desk {
    Investigation const& all;
    Phrases const& book;
    Dice& dice;
    std::vector<Draft> drafts;

    void add(
        std::string sort, std::vector<std::string> cites, std::vector<std::string> const& phrases, Fill const& with) {
        if (auto pieces = fill(dice.pick(phrases), with); !pieces.empty())
            drafts.push_back({ std::move(pieces), std::move(cites), std::move(sort) });
    }
};

void about_metrics(Desk& desk) {
    auto const& diagnosis = desk.all.diagnosis;
    if (!diagnosis.onset)
        return;
    std::size_t said = 0;
    for (auto const& [fact, metric] : desk.all.evidence.all<MetricFact>()) {
        auto const levels = levels_around(*metric, *diagnosis.onset);
        if (said == 5 || !levels || !levels->moved())
            continue;
        ++said;
        bool const up = levels->since > levels->before;
        auto phrases = up ? desk.book.rose : desk.book.fell;
        phrases.insert(phrases.end(), desk.book.before_since.begin(), desk.book.before_since.end());
        desk.add("abroad: metric moved", { fact->id.text }, phrases,
            { { 'm', metric_named(metric->series.metric.name) }, { 'r', name_of(metric->resource) },
                { 'b', number(levels->before, metric->series.unit) },
                { 's', number(levels->since, metric->series.unit) }, { 'o', clock_of(*diagnosis.onset) } });
    }
}

void about_alarm(Desk& desk) {
    auto const& alarm = desk.all.incident.leading_alarm();
    desk.add("abroad: alarm", { "I1" }, desk.book.alarm_fired,
        { { 'a', words(alarm.name) }, { 't', clock_of(alarm.changed_at) } });
    for (auto const& [fact, metric] : desk.all.evidence.all<MetricFact>()) {
        auto const at = fact->statement.find(" was ");
        if (fact->source != "alarm_metric" || !alarm.threshold || !alarm.fires_above() || at == std::string::npos)
            continue;
        std::optional<Piece> value, when;
        for (auto const& piece : pieces_of(fact->statement.substr(at, fact->statement.find(';') - at), desk.all)) {
            if (piece.kind == Piece::Kind::number && !value)
                value = piece;
            if (piece.kind == Piece::Kind::clock && !when)
                when = piece;
        }
        if (value && when)
            desk.add("abroad: alarm metric", { fact->id.text }, desk.book.alarm_metric,
                { { 'm', metric_named(metric->series.metric.name) }, { 'r', name_of(metric->resource) },
                    { 's', *value }, { 't', *when }, { 'h', number(*alarm.threshold, metric->series.unit) } });
    }
}

void about_logs(Desk& desk) {
    for (auto const& [fact, log] : desk.all.evidence.all<LogPatternFact>()) {
        auto const phrase = longest_phrase(log->pattern);
        if (phrase.size() < 6 || phrase.find("://") != std::string::npos)
            continue;
        Fill const with { { 'q', quote(phrase) }, { 'g', words(log->group) }, { 't', clock_of(log->first_seen) },
            { 'n', number(double(log->count), "count") } };
        desk.add("abroad: log pattern", { fact->id.text }, desk.book.log, with);
        if (fact->statement.find("never in the hour before") != std::string::npos)
            desk.add("abroad: log pattern new", { fact->id.text }, desk.book.log_new, with);
        break;
    }
}

void about_diagnosis(Desk& desk) {
    auto const& diagnosis = desk.all.diagnosis;
    for (std::size_t i = 0; i < diagnosis.ruled_out.size(); ++i) {
        auto const id = "R" + std::to_string(i + 1);
        if (diagnosis.ruled_out[i].kind == CauseKind::storage_exhaustion)
            desk.add("abroad: ruled out", { id }, desk.book.storage_ruled_out, {});
        if (diagnosis.ruled_out[i].kind == CauseKind::traffic_surge)
            desk.add("abroad: ruled out", { id }, desk.book.traffic_ruled_out, {});
    }
    if (diagnosis.causes.empty() || diagnosis.verdict != IncidentVerdict::incident)
        return;
    auto const& first = diagnosis.causes[0];
    if (first.kind == CauseKind::deploy && first.began_at)
        desk.add("abroad: cause", { "C1" }, desk.book.deploy_cause,
            { { 'r', name_of(first.resource) }, { 't', clock_of(*first.began_at) } });
    for (auto const& [fact, change] : desk.all.evidence.all<ChangeFact>()) {
        auto const arrow = change->what.find(" → ");
        if (fact->source != "ecs_state" || arrow == std::string::npos || change->touched.empty())
            continue;
        auto const start = change->what.rfind("; ", arrow);
        auto const piece = change->what.substr(start == std::string::npos ? 0 : start + 2);
        auto const one = piece.substr(0, piece.find("; "));
        desk.add("abroad: deploy", { fact->id.text }, desk.book.deploy,
            { { 'r', name_of(change->touched.front()) }, { 't', clock_of(fact->at) },
                { 'v', words(one.substr(0, one.rfind(" (compared"))) } });
    }
}

} // namespace

std::vector<Draft> foreign_truths(Investigation const& investigation, std::string_view language, Dice& dice) {
    for (auto const& book : phrase_books()) {
        if (book.language != language)
            continue;
        Desk desk { investigation, book, dice, {} };
        about_metrics(desk);
        about_alarm(desk);
        about_logs(desk);
        about_diagnosis(desk);
        return std::move(desk.drafts);
    }
    return {};
}

} // namespace convops
