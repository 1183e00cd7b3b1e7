// Readings by resource, by metric and by plain words.
#include "conversation/readings.h"

#include "base/text.h"
#include "conversation/tokens.h"

namespace convops {

namespace {

constexpr std::size_t most_resources_matched = 12;

// The first cause's resource and the alarm's own are what people mean by "the database".
std::vector<Resource> near_first(Investigation const& investigation) {
    std::vector<Resource> all;
    auto const take = [&](Resource const& resource) {
        if (!resource.name.empty() && std::find(all.begin(), all.end(), resource) == all.end())
            all.push_back(resource);
    };
    for (auto const& cause : investigation.diagnosis.causes)
        take(cause.resource);
    if (!investigation.incident.alarms.empty())
        for (auto const& resource : investigation.incident.leading_alarm().resources())
            take(resource);
    for (auto const& [fact, metric] : investigation.evidence.all<MetricFact>())
        take(metric->resource);
    for (auto const& [fact, state] : investigation.evidence.all<StateFact>())
        take(state->resource);
    for (auto const& [fact, event] : investigation.evidence.all<ResourceEventFact>())
        take(event->resource);
    for (auto const& [fact, change] : investigation.evidence.all<ChangeFact>())
        for (auto const& resource : change->touched)
            take(resource);
    return all;
}

Resource const* resource_of(Fact const& fact) {
    if (auto const* metric = std::get_if<MetricFact>(&fact.detail))
        return &metric->resource;
    if (auto const* state = std::get_if<StateFact>(&fact.detail))
        return &state->resource;
    if (auto const* event = std::get_if<ResourceEventFact>(&fact.detail))
        return &event->resource;
    if (auto const* load = std::get_if<LoadFact>(&fact.detail))
        return &load->resource;
    if (auto const* limit = std::get_if<LimitFact>(&fact.detail))
        return &limit->resource;
    if (auto const* pattern = std::get_if<LogPatternFact>(&fact.detail))
        return &pattern->resource;
    return nullptr;
}

bool touches(Fact const& fact, Resource const& resource) {
    if (auto const* own = resource_of(fact); own != nullptr && *own == resource)
        return true;
    auto const* change = std::get_if<ChangeFact>(&fact.detail);
    return change != nullptr
        && std::find(change->touched.begin(), change->touched.end(), resource) != change->touched.end();
}

bool is_cited(Fact const& fact, Diagnosis const& diagnosis) {
    auto const has
        = [&](std::vector<FactId> const& ids) { return std::find(ids.begin(), ids.end(), fact.id) != ids.end(); };
    return std::any_of(
               diagnosis.causes.begin(), diagnosis.causes.end(), [&](Cause const& cause) { return has(cause.facts); })
        || std::any_of(diagnosis.ruled_out.begin(), diagnosis.ruled_out.end(),
            [&](RuledOut const& each) { return has(each.facts); });
}

// What a person wants to know first of a resource.
int interest_of(Fact const& fact, Diagnosis const& diagnosis) {
    int interest = is_cited(fact, diagnosis) ? 10 : 0;
    if (std::holds_alternative<ResourceEventFact>(fact.detail))
        return interest + 8;
    if (std::holds_alternative<ChangeFact>(fact.detail))
        return interest + 7;
    if (auto const* pattern = std::get_if<LogPatternFact>(&fact.detail))
        return interest + (pattern->severity == LogSeverity::error ? 6 : 2);
    if (std::holds_alternative<LoadFact>(fact.detail))
        return interest + 5;
    if (auto const* state = std::get_if<StateFact>(&fact.detail))
        return interest + (state->health == StateHealth::healthy ? 2 : 9);
    auto const* metric = std::get_if<MetricFact>(&fact.detail);
    if (metric == nullptr)
        return interest;
    for (std::string_view const main : { "CPUUtilization", "MemoryUtilization", "FreeStorageSpace",
             "DatabaseConnections", "TargetResponseTime", "Errors" })
        if (metric->series.metric.name == main)
            return interest + 4;
    return interest + 1;
}

AnswerLine line_of(Fact const& fact) {
    auto const part
        = std::holds_alternative<MetricFact>(fact.detail) ? AnswerPart::statement : AnswerPart::at_statement;
    return { part, { fact.statement }, fact.at, { fact.id } };
}

} // namespace

QuestionWords words_of_question(std::string_view question) {
    QuestionWords words;
    words.tokens = tokens_of(question);
    for (auto const& token : words.tokens)
        if (!is_stop_word(token)) {
            words.content.insert(token);
            words.terms.insert(stem(token));
        }
    return words;
}

std::vector<NamedResource> resources_named(QuestionWords const& words, Investigation const& investigation) {
    std::vector<NamedResource> by_name;
    std::vector<NamedResource> by_type;
    for (auto const& resource : near_first(investigation)) {
        NamedResource named { resource, {}, true };
        auto const name = folded(resource.short_name());
        auto const parts = parts_of(resource.short_name());
        for (auto const& token : words.content) {
            if (token == name || (!parts.empty() && parts.size() == 1 && token == parts.front()))
                named.words.insert(token);
            if (auto const type = resource_type_for(token); !type.empty() && resource.type.starts_with(type))
                by_type.push_back({ resource, { token }, false });
        }
        // "orders db": every part of the name was typed.
        if (named.words.empty() && parts.size() > 1
            && std::all_of(
                parts.begin(), parts.end(), [&](std::string const& part) { return words.content.contains(part); }))
            named.words.insert(parts.begin(), parts.end());
        if (!named.words.empty() && by_name.size() < most_resources_matched)
            by_name.push_back(std::move(named));
    }
    if (by_name.empty() && !by_type.empty())
        return { by_type.front() };
    for (auto& named : by_name) // "the table sessions": the word for the kind is explained, too
        for (auto const& other : by_type)
            if (other.resource == named.resource)
                named.words.insert(other.words.begin(), other.words.end());
    return by_name;
}

Reading read_resource(QuestionWords const& words, Investigation const& investigation) {
    Reading reading;
    auto const named = resources_named(words, investigation);
    std::vector<Fact const*> about;
    for (auto const& each : named) {
        reading.explained.insert(each.words.begin(), each.words.end());
        for (auto const& fact : investigation.evidence.facts)
            if (touches(fact, each.resource) && std::find(about.begin(), about.end(), &fact) == about.end())
                about.push_back(&fact);
    }
    std::stable_sort(about.begin(), about.end(), [&](Fact const* a, Fact const* b) {
        return interest_of(*a, investigation.diagnosis) > interest_of(*b, investigation.diagnosis);
    });
    bool metric_shown = false;
    for (auto const* fact : about) {
        auto const is_metric = std::holds_alternative<MetricFact>(fact->detail);
        // The last place is kept for a figure.
        if (reading.lines.size() == most_lines
            || (reading.lines.size() + 1 == most_lines && !metric_shown && !is_metric))
            continue;
        metric_shown = metric_shown || is_metric;
        reading.lines.push_back(line_of(*fact));
    }
    return reading;
}

Reading read_metrics(QuestionWords const& words, Investigation const& investigation) {
    struct Ranked {
        Fact const* fact;
        int score;
        std::set<std::string> words;
    };
    auto const named = resources_named(words, investigation);
    std::vector<Ranked> hits;
    for (auto const& [fact, metric] : investigation.evidence.all<MetricFact>()) {
        Ranked hit { fact, 0, {} };
        std::set<std::string> parts;
        for (auto const& part : parts_of(metric->series.metric.name))
            parts.insert(stem(part));
        for (auto const& token : words.content)
            for (auto const& meaning : metric_words_for(token))
                if (parts.contains(stem(meaning)) || token == folded(metric->series.metric.name)) {
                    hit.score += 4;
                    hit.words.insert(token);
                    break;
                }
        if (hit.score == 0)
            continue;
        for (auto const& each : named)
            if (each.resource == metric->resource) {
                hit.score += each.by_name ? 6 : 3;
                hit.words.insert(each.words.begin(), each.words.end());
            }
        hit.score += metric->closeness == Closeness::alarm ? 2 : metric->closeness == Closeness::resource ? 1 : 0;
        hit.score += is_cited(*fact, investigation.diagnosis) ? 2 : 0;
        hits.push_back(std::move(hit));
    }
    std::stable_sort(hits.begin(), hits.end(), [](Ranked const& a, Ranked const& b) { return a.score > b.score; });
    Reading reading;
    constexpr std::size_t most_metrics = 3;
    for (auto const& hit : hits) {
        if (reading.lines.size() == most_metrics || hit.score < hits.front().score - 2)
            break;
        reading.lines.push_back(line_of(*hit.fact));
        reading.explained.insert(hit.words.begin(), hit.words.end());
    }
    return reading;
}

Reading read_statements(QuestionWords const& words, Statements const& statements) {
    constexpr std::size_t most_found = 3;
    constexpr double close_to_best = 0.75;
    auto const found = statements.search(words.terms, most_found);
    Reading reading;
    for (auto const& statement : found.statements)
        if (statement.score >= close_to_best * found.statements.front().score)
            reading.lines.push_back(statement.line);
    for (auto const& token : words.content)
        if (found.explained.contains(stem(token)))
            reading.explained.insert(token);
    return reading;
}

} // namespace convops
