#include "wording/items.h"

#include "base/text.h"
#include "wording/fact_items.h"
#include "wording/item_words.h"

#include <algorithm>

namespace convops {

std::string item_id(char letter, std::size_t index) {
    return std::string(1, letter) + std::to_string(index + 1);
}

Docket::Docket(Investigation const& investigation)
    : investigation_(investigation) {
    for (auto const& fact : investigation.evidence.facts) {
        auto const know = [&](Resource const& resource) {
            known_names_.insert(to_lower(resource.name));
            known_names_.insert(to_lower(resource.short_name()));
        };
        if (auto const* metric = std::get_if<MetricFact>(&fact.detail))
            know(metric->resource), known_names_.insert(metric->series.metric.name);
        if (auto const* state = std::get_if<StateFact>(&fact.detail))
            know(state->resource);
        if (auto const* edge = std::get_if<DependencyFact>(&fact.detail)) {
            know(edge->from);
            know(edge->to);
        }
    }
    known_names_.erase("");
    auto const& alarm = investigation.incident.leading_alarm();
    context_names_
        = { to_lower(investigation.incident.region), to_lower(investigation.incident.account), to_lower(alarm.name) };
    add_facts();
    add_causes();
    add_rest();
    add_incident();
}

void Docket::add(Citable item) {
    by_id_[item.id].push_back(items_.size());
    items_.push_back(std::move(item));
}

void Docket::add_facts() {
    for (auto const& fact : investigation_.evidence.facts) {
        Citable item;
        item.id = fact.id.text;
        item.facts = { fact.id };
        read_statement(item, fact.statement, investigation_.as_of, known_names_);
        read_fact(item, fact, investigation_.incident.leading_alarm(), investigation_.diagnosis.onset);
        if (fact.at != Time {})
            item.clocks.push_back({ fact.at, false });
        item.negated = item.metric == nullptr && !item.new_pattern && item.logic.contains("not");
        add(std::move(item));
    }
}

void Docket::add_causes() {
    auto const& diagnosis = investigation_.diagnosis;
    for (std::size_t i = 0; i < diagnosis.causes.size(); ++i) {
        auto const& cause = diagnosis.causes[i];
        Citable item;
        item.kind = CitableKind::cause;
        item.id = item_id('C', i);
        item.facts = cause.facts;
        item.rank = i + 1;
        item.score = cause.score;
        item.at = cause.began_at;
        // What came of a change is told behind the last semicolon: it is an effect, not the cause.
        auto const cut = cause.statement.rfind("; ");
        auto const tail = cut == std::string::npos ? std::string() : cause.statement.substr(cut + 2);
        bool const has_sign = tail.find(" later") != std::string::npos || tail.find(" from ") != std::string::npos
            || tail.find(" began ") != std::string::npos;
        read_statement(
            item, has_sign ? cause.statement.substr(0, cut) : cause.statement, investigation_.as_of, known_names_);
        for (auto const& id : cause.facts)
            if (auto const* fact = investigation_.evidence.find(id))
                if (auto const* change = std::get_if<ChangeFact>(&fact->detail))
                    take_back(item, change->what);
        Citable kind;
        add_cause_words(kind, cause.kind);
        add_resource_words(kind, cause.resource);
        item.kind_words = kind.topics;
        add_cause_words(item, cause.kind);
        add_resource_words(item, cause.resource);
        if (cause.began_at)
            item.clocks.push_back({ *cause.began_at, true });
        item.numbers.push_back({ std::round(cause.score * 100), 0, Measure::percent, Role::score });
        item.new_pattern = cause.statement.find("not seen before") != std::string::npos;
        Citable without_that;
        read_statement(without_that, replace_all(cause.statement, "not seen before", ""), investigation_.as_of, {});
        item.negated = without_that.logic.contains("not");
        if (has_sign) {
            Citable sign;
            sign.kind = CitableKind::sign;
            sign.id = item.id;
            sign.facts = cause.facts;
            sign.rank = i + 1;
            read_statement(sign, tail, investigation_.as_of, known_names_);
            for (auto const& number : sign.numbers)
                if (number.role == Role::later && cause.began_at)
                    sign.at = *cause.began_at + Milliseconds { std::llround(number.value * 1000) };
            if (sign.at)
                sign.clocks.push_back({ *sign.at, true });
            add(std::move(sign));
        }
        add(std::move(item));
    }
}

void Docket::add_rest() {
    auto const& diagnosis = investigation_.diagnosis;
    for (std::size_t i = 0; i < diagnosis.ruled_out.size(); ++i) {
        Citable item;
        item.kind = CitableKind::ruled_out;
        item.id = item_id('R', i);
        item.facts = diagnosis.ruled_out[i].facts;
        read_statement(item, diagnosis.ruled_out[i].why, investigation_.as_of, known_names_);
        Citable kind;
        add_cause_words(kind, diagnosis.ruled_out[i].kind);
        item.when_ruled_out = kind.topics;
        item.when_ruled_out.insert(kind.logic.begin(), kind.logic.end());
        add(std::move(item));
    }
    for (std::size_t i = 0; i < investigation_.actions.size(); ++i) {
        Citable item;
        item.kind = CitableKind::action;
        item.id = item_id('A', i);
        read_statement(item, investigation_.actions[i].statement, investigation_.as_of, known_names_);
        auto const tokens = tokens_of(investigation_.actions[i].statement, our_own);
        for (auto const& clause : clauses_of(tokens, Lexicon::of("en"), known_names_)) {
            if (!clause.order_object.empty())
                item.orders.insert(clause.first_order + " " + clause.order_object);
            if (clause.first_order == "stop") // "stop calling it" is no leave to suggest calls
                item.to_stop.insert(clause.topics.begin(), clause.topics.end());
        }
        for (auto const& token : tokens)
            for (auto const& word : split(token.lower, ' '))
                item.spoken.insert(word);
        add(std::move(item));
    }
    for (std::size_t i = 0; i < investigation_.evidence.gaps.size(); ++i) {
        auto const& gap = investigation_.evidence.gaps[i];
        Citable item;
        item.kind = CitableKind::gap;
        item.id = item_id('G', i);
        read_statement(item, replace_all(gap.source, "_", " ") + ": " + gap.why + ". " + gap.would_have_told,
            investigation_.as_of, known_names_);
        item.names.insert(to_lower(gap.source));
        item.names.insert(to_lower(gap.iam_action));
        item.topics.insert({ "gap-words", "not-known" });
        Citable why;
        read_statement(why, gap.why, investigation_.as_of, known_names_);
        item.kind_words = why.topics;
        item.kind_words.insert(why.words.begin(), why.words.end());
        item.kind_words.insert({ "gap-words", "access-denied" }); // that access was denied is checked as a topic
        if (gap.kind == ErrorKind::access_denied)
            item.topics.insert({ "access-denied", "permission" });
        add(std::move(item));
    }
    if (!diagnosis.best_lead.empty()) {
        Citable item;
        item.kind = CitableKind::lead;
        item.id = "L1";
        item.facts = diagnosis.lead_facts;
        read_statement(item, diagnosis.best_lead, investigation_.as_of, known_names_);
        add(std::move(item));
    }
}

void Docket::add_incident() {
    auto const& alarm = investigation_.incident.leading_alarm();
    Citable fired;
    fired.kind = CitableKind::alarm;
    fired.id = "I1";
    fired.topics = { "fired", "alarm-on" };
    fired.names.insert(to_lower(alarm.name));
    fired.clocks = { { alarm.changed_at, false } };
    fired.at = alarm.changed_at;
    if (auto const* main = alarm.main_metric(); main != nullptr && main->metric) {
        fired.names.insert(to_lower(main->metric->name));
        add_metric_words(fired, main->metric->name);
    }
    for (auto const& resource : alarm.resources())
        add_resource_words(fired, resource);
    quote(fired, alarm.name);
    Citable onset;
    onset.kind = CitableKind::onset;
    onset.id = "I1";
    onset.topics = { "onset", "problem" };
    if (auto const& at = investigation_.diagnosis.onset) {
        onset.clocks = { { *at, true } };
        onset.at = at;
    }
    Citable verdict;
    verdict.kind = CitableKind::verdict;
    verdict.id = "I1";
    verdict.numbers.push_back({ double(investigation_.diagnosis.causes.size()), 0, Measure::count, Role::plain });
    switch (investigation_.diagnosis.verdict) {
    case IncidentVerdict::healthy:
        verdict.topics = { "healthy", "back-to-normal", "all-read" };
        if (investigation_.evidence.gaps.empty()) // "everything" only of what was all seen
            verdict.topics.insert("all");
        break;
    case IncidentVerdict::self_healed:
        verdict.topics = { "heal", "back-to-normal", "healthy", "problem" };
        break;
    case IncidentVerdict::aws_side:
        verdict.topics = { "aws", "aws-side", "problem" };
        break;
    case IncidentVerdict::unknown:
        verdict.topics = { "not-known", "yet" };
        break;
    case IncidentVerdict::incident:
        verdict.topics = { "problem" };
        break;
    }
    verdict.topics.insert("severity");
    verdict.names.insert(to_lower(to_string(investigation_.severity.severity)));
    if (investigation_.severity.standing == Standing::happening
        && investigation_.diagnosis.verdict == IncidentVerdict::incident)
        verdict.topics.insert("ongoing");
    if (investigation_.diagnosis.verdict == IncidentVerdict::self_healed)
        for (auto& item : items_)
            if (item.metric != nullptr && item.metric->closeness == Closeness::alarm)
                item.topics.insert("back-to-normal");
    for (auto* item : { &fired, &onset, &verdict })
        add(std::move(*item));
}

std::vector<Citable const*> Docket::cited(std::vector<std::string> const& ids) const {
    std::vector<Citable const*> found;
    auto const put = [&](std::string const& id) {
        if (auto const at = by_id_.find(id); at != by_id_.end())
            for (auto const index : at->second)
                if (std::find(found.begin(), found.end(), &items_[index]) == found.end())
                    found.push_back(&items_[index]);
    };
    auto const& causes = investigation_.diagnosis.causes;
    for (auto const& id : ids) {
        put(id);
        for (std::size_t i = 0; i < causes.size(); ++i) {
            if (id == item_id('C', i))
                for (auto const& fact : causes[i].facts)
                    put(fact.text);
            if (!causes[i].facts.empty() && causes[i].facts.front().text == id)
                put(item_id('C', i));
        }
    }
    put("I1"); // the message's own subject: true of every sentence in it
    return found;
}

bool Docket::may_be_effect(Citable const& item, std::size_t rank) const {
    if (item.kind == CitableKind::alarm || item.kind == CitableKind::onset)
        return true;
    if (item.kind == CitableKind::sign)
        return rank == 0 || item.rank == rank;
    if (item.kind != CitableKind::fact || may_be_cause(item))
        return false;
    for (std::size_t i = 0; i < investigation_.diagnosis.causes.size(); ++i)
        if (rank == 0 || rank == i + 1)
            for (auto const& id : investigation_.diagnosis.causes[i].facts)
                if (id.text == item.id)
                    return true;
    return item.metric != nullptr && item.metric->closeness == Closeness::alarm;
}

bool Docket::may_be_cause(Citable const& item) const {
    if (item.kind == CitableKind::cause)
        return true;
    if (item.kind != CitableKind::fact)
        return false;
    for (auto const& cause : investigation_.diagnosis.causes) {
        if (cause.facts.front().text == item.id)
            return true;
        auto const* fact = investigation_.evidence.find(FactId { item.id });
        bool const listed = std::any_of(
            cause.facts.begin(), cause.facts.end(), [&](FactId const& id) { return id.text == item.id; });
        if (listed && fact != nullptr && std::get_if<ChangeFact>(&fact->detail) != nullptr)
            return true;
    }
    return false;
}

} // namespace convops
