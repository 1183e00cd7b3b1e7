#include "conversation/statements.h"

#include "conversation/tokens.h"
#include "conversation/topics.h"

#include <cmath>

namespace convops {

namespace {

// The usual constants of BM25; nothing here was tuned to our scenarios.
constexpr double k1 = 1.2;
constexpr double b = 0.75;
constexpr std::size_t most_statements = 4'000;

} // namespace

std::set<std::string> terms_of(std::string_view text) {
    std::set<std::string> terms;
    for (auto const& token : tokens_of(text)) {
        terms.insert(stem(token));
    }
    for (auto const& part : parts_of(text))
        if (part.size() > 1)
            terms.insert(stem(part));
    return terms;
}

Statements::Statements(Investigation const& investigation) {
    auto const add = [&](AnswerLine line, std::string_view text, Fact const* fact) {
        if (all_.size() == most_statements)
            return;
        auto terms = terms_of(text);
        for (auto const& term : terms)
            ++documents_with_[term];
        all_.push_back({ std::move(line), fact, std::move(terms), 0 });
    };
    auto const& diagnosis = investigation.diagnosis;
    for (auto const& cause : diagnosis.causes)
        add({ AnswerPart::statement, { cause.statement }, {}, cause.facts }, cause.statement, nullptr);
    for (auto const& action : investigation.actions)
        add({ AnswerPart::action, { action.statement }, {},
                diagnosis.causes.empty() ? std::vector<FactId> {} : diagnosis.causes.front().facts },
            action.statement, nullptr);
    for (auto const& fact : investigation.evidence.facts) {
        // A metric's statement tells its time by itself.
        auto const part
            = std::holds_alternative<MetricFact>(fact.detail) ? AnswerPart::statement : AnswerPart::at_statement;
        std::string text = fact.statement + " " + fact.resource;
        if (auto const* pattern = std::get_if<LogPatternFact>(&fact.detail))
            text += " " + pattern->example;
        add({ part, { fact.statement }, fact.at, { fact.id } }, text, &fact);
    }
    double length = 0;
    for (auto const& statement : all_)
        length += static_cast<double>(statement.terms.size());
    if (!all_.empty())
        mean_length_ = std::max(1.0, length / static_cast<double>(all_.size()));
}

Statements::Found Statements::search(std::set<std::string> const& query, std::size_t most) const {
    Found found;
    auto const count = static_cast<double>(all_.size());
    for (auto const& statement : all_) {
        double score = 0;
        for (auto const& term : query) {
            if (!statement.terms.contains(term))
                continue;
            auto const with = static_cast<double>(documents_with_.at(term));
            auto const rarity = std::log(1 + (count - with + 0.5) / (with + 0.5));
            auto const length = static_cast<double>(statement.terms.size()) / mean_length_;
            score += rarity * (k1 + 1) / (1 + k1 * (1 - b + b * length));
        }
        if (score <= 0)
            continue;
        found.statements.push_back(statement);
        found.statements.back().score = score;
    }
    std::stable_sort(found.statements.begin(), found.statements.end(),
        [](Statement const& left, Statement const& right) { return left.score > right.score; });
    if (found.statements.size() > most)
        found.statements.resize(most);
    if (!found.statements.empty())
        for (auto const& term : query)
            if (found.statements.front().terms.contains(term))
                found.explained.insert(term);
    return found;
}

} // namespace convops
