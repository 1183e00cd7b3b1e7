#include "wording/claims.h"

#include "base/text.h"
#include "wording/support.h"

#include <algorithm>
#include <array>

namespace convops {

namespace {

using namespace word_class;

constexpr double likely_from = 0.6; // as the message words it: from here on "likely", below it "possible"
constexpr std::size_t most_cites = 16;
constexpr std::size_t most_facts_shown = 8;

// One sentence in front of the judge.
class Hearing {
public:
    Hearing(WordedSentence const& sentence, Docket const& docket, Readership const& reader)
        : sentence_(sentence)
        , docket_(docket)
        , reader_(reader)
        , lexicon_(Lexicon::of(reader.language)) { }

    Judgement run();

private:
    Judgement before_reading();
    void read_statements();
    Judgement settle(std::size_t index);
    Judgement blame();
    Judgement order_in_time() const;
    [[nodiscard]] bool fits_side(Clause const& clause, Citable const& item) const;
    [[nodiscard]] bool tells_why_the_alarm_fired(Clause const& clause, Citable const& item) const;
    [[nodiscard]] bool is_why_of_a_gap(Clause const& clause, Citable const& item) const;
    [[nodiscard]] bool is_left_by_a_gap(Clause const& clause, Citable const& item) const;
    [[nodiscard]] Judgement ruled_out_and_blamed(std::size_t statement) const;
    void take_distances();
    [[nodiscard]] bool is_in_doubt() const; // "the cause is not known"
    [[nodiscard]] Judgement rank_fits() const;
    [[nodiscard]] bool says(std::string_view word_class) const {
        return std::any_of(
            clauses_.begin(), clauses_.end(), [&](Clause const& clause) { return clause.has(word_class); });
    }

    WordedSentence const& sentence_;
    Docket const& docket_;
    Readership const& reader_;
    Lexicon const& lexicon_;
    std::vector<Clause> clauses_;
    std::vector<StatementNature> natures_; // by statement
    std::vector<Citable const*> cited_;
    std::vector<Citable const*> chosen_; // by clause: what supports it
    std::vector<std::optional<NumberClaim>>
        distances_; // by clause: "60 s" of "60 s after", towards the clause before
};

Judgement drop(DropReason reason, std::string const& what) {
    return { reason, shorten(clean_utf8(what), 80), {} };
}

Judgement Hearing::before_reading() {
    if (sentence_.text.size() > most_sentence_bytes)
        return drop(DropReason::too_long, "");
    if (sentence_.cites.empty() || sentence_.cites.size() > most_cites)
        return drop(DropReason::uncited, "");
    for (auto const& id : sentence_.cites)
        if (!docket_.knows(id))
            return drop(DropReason::uncited, id);
    return {};
}

void Hearing::read_statements() {
    std::size_t last = 0;
    for (auto const& clause : clauses_)
        last = std::max(last, clause.statement);
    natures_.resize(last + 1);
    for (auto const& clause : clauses_) {
        auto& nature = natures_[clause.statement];
        // "X is not the cause" rules out as "X is ruled out" does.
        nature.rules_out
            = nature.rules_out || clause.has(ruled_out) || (clause.has(negation) && clause.has(cause_noun));
        nature.advises = nature.advises || clause.has(advice) || !clause.first_order.empty();
        nature.admits = nature.admits || (clause.has(negation) && clause.has(readable)) || clause.has(whether)
            || clause.topics.contains("access-denied") || clause.topics.contains("gap-words");
        nature.negates = nature.negates || clause.has(negation);
    }
}

bool Hearing::fits_side(Clause const& clause, Citable const& item) const {
    if (natures_[clause.statement].rules_out)
        return item.kind == CitableKind::ruled_out || item.kind == CitableKind::fact;
    // "We found two possible causes": the diagnosis counts them, no fact does.
    if (!clause.says_what() && clause.has(cause_noun) && !clause.numbers.empty())
        return item.kind == CitableKind::verdict;
    if (natures_[clause.statement].advises || !clause.says_what() || is_in_doubt())
        return true;
    switch (clause.side) {
    case Side::cause:
        return docket_.may_be_cause(item) || tells_why_the_alarm_fired(clause, item) || is_why_of_a_gap(clause, item)
            || is_left_by_a_gap(clause, item);
    case Side::effect:
        return docket_.may_be_effect(item, 0) || is_left_by_a_gap(clause, item);
    case Side::none:
        break;
    }
    return true;
}

// "The alarm fired because M exceeded 50" blames nothing: it says what the alarm is.
bool Hearing::tells_why_the_alarm_fired(Clause const& clause, Citable const& item) const {
    if (item.metric == nullptr || item.metric->closeness != Closeness::alarm || item.kind != CitableKind::fact
        || !(clause.has(above) || clause.has(below)))
        return false;
    bool fired = false;
    for (auto const& other : clauses_) {
        if (other.statement != clause.statement || other.side != Side::effect)
            continue;
        fired = true;
        for (auto const& topic : other.topics)
            if (topic != "fired" && topic != "alarm-on")
                return false;
        if (!other.topics.contains("fired"))
            return false;
    }
    return fired;
}

// "... because access was denied": only what the gap itself gives as its reason.
bool Hearing::is_why_of_a_gap(Clause const& clause, Citable const& item) const {
    auto const& why = item.kind_words;
    return item.kind == CitableKind::gap && natures_[clause.statement].admits
        && std::all_of(
            clause.topics.begin(), clause.topics.end(), [&](auto const& topic) { return why.contains(topic); })
        && std::all_of(
            clause.unknown.begin(), clause.unknown.end(), [&](auto const& word) { return why.contains(word); });
}

// "..., so we do not know ...": what follows from not seeing is not knowing.
bool Hearing::is_left_by_a_gap(Clause const& clause, Citable const& item) const {
    return item.kind == CitableKind::gap && natures_[clause.statement].admits
        && (clause.topics.contains("not-known") || clause.topics.contains("gap-words")
            || clause.topics.contains("access-denied") || clause.has(whether)
            || (clause.has(negation) && clause.has(readable)));
}

// Finds what supports the clause. A ruled-out statement needs its ruled-out kind in the first clause.
Judgement Hearing::settle(std::size_t index) {
    auto const& clause = clauses_[index];
    auto const& nature = natures_[clause.statement];
    Judgement best = drop(DropReason::uncited, "");
    int best_rank = -1;
    for (auto const* item : cited_) {
        auto const support = supports(clause, *item, nature, docket_, reader_);
        if (support.holds() && fits_side(clause, *item)) {
            chosen_[index] = item;
            return {};
        }
        // The reason of the item that came nearest tells most.
        bool const named
            = std::find(sentence_.cites.begin(), sentence_.cites.end(), item->id) != sentence_.cites.end();
        int const reached = (support.holds() ? 100 : support.passed) + (named ? 200 : 0);
        if (reached > best_rank) {
            best_rank = reached;
            best = support.holds() ? drop(nature.rules_out ? DropReason::ruled_out : DropReason::cause, "")
                                   : drop(support.failed, support.what);
        }
    }
    return best;
}

bool Hearing::is_in_doubt() const {
    return docket_.investigation().diagnosis.causes.empty()
        && std::any_of(clauses_.begin(), clauses_.end(),
            [](Clause const& clause) { return clause.topics.contains("not-known"); });
}

// "X was ruled out, but it is the cause", "ruled out, but caused the errors", "Y because of X, which was ruled out".
Judgement Hearing::ruled_out_and_blamed(std::size_t statement) const {
    for (std::size_t i = 0; i < clauses_.size(); ++i) {
        auto const& clause = clauses_[i];
        if (clause.statement != statement)
            continue;
        auto const* previous = i > 0 && clauses_[i - 1].statement == statement ? &clauses_[i - 1] : nullptr;
        bool const denied = previous != nullptr && (previous->has(negation) || previous->has(denied_cause));
        if (clause.has(blames) || (clause.has(caused) && !clause.has(ruled_out) && !denied)
            || (clause.has(because) && previous != nullptr && !previous->has(ruled_out)))
            return drop(DropReason::ruled_out, "blamed");
    }
    return {};
}

// "Most likely" is the first cause; "likely" a score that bears it; "another" not the first.
Judgement Hearing::rank_fits() const {
    std::size_t rank = 0;
    double score = 0;
    for (std::size_t i = 0; i < clauses_.size(); ++i)
        if (chosen_[i] != nullptr && chosen_[i]->kind == CitableKind::cause) {
            rank = rank == 0 ? chosen_[i]->rank : std::min(rank, chosen_[i]->rank);
            score = std::max(score, chosen_[i]->score);
        }
    if (rank == 0)
        return {};
    if (says(first_of_all) && rank != 1)
        return drop(DropReason::cause, "most likely");
    if (says(likely) && score < likely_from)
        return drop(DropReason::cause, "likely");
    return {};
}

// Whoever is blamed must be blamed by the diagnosis.
Judgement Hearing::blame() {
    bool const counted = std::any_of(clauses_.begin(), clauses_.end(), [](Clause const& clause) {
        return clause.has(cause_noun) && !clause.numbers.empty() && !clause.says_what();
    });
    if (is_in_doubt() || counted)
        return {};
    for (std::size_t statement = 0; statement < natures_.size(); ++statement) {
        if (natures_[statement].rules_out) {
            bool const rules_out = std::any_of(chosen_.begin(), chosen_.end(),
                [](Citable const* item) { return item != nullptr && item->kind == CitableKind::ruled_out; });
            if (!rules_out)
                return drop(DropReason::ruled_out, "");
            if (auto both = ruled_out_and_blamed(statement); both.dropped != DropReason::none)
                return both;
            continue;
        }
        if (natures_[statement].advises)
            continue;
        bool blames = false;
        bool blamed = false;
        bool denied = false;
        bool only_gaps = true; // "could not be read, so we do not know ..." blames nobody
        for (std::size_t i = 0; i < clauses_.size(); ++i) {
            if (clauses_[i].statement != statement)
                continue;
            only_gaps = only_gaps && chosen_[i] != nullptr && chosen_[i]->kind == CitableKind::gap;
            blames = blames || clauses_[i].has(cause_noun) || clauses_[i].has(because) || clauses_[i].has(caused)
                || clauses_[i].side == Side::cause;
            blamed = blamed
                || (chosen_[i] != nullptr && clauses_[i].side == Side::cause
                    && (docket_.may_be_cause(*chosen_[i]) || tells_why_the_alarm_fired(clauses_[i], *chosen_[i])));
            denied = denied || (clauses_[i].has(negation) && !clauses_[i].has(before));
        }
        if (blames && !only_gaps && (!blamed || denied))
            return drop(DropReason::cause, denied ? "not" : "");
    }
    return rank_fits();
}

// "Began 60 s after Y": the number is how far the two lie apart, checked with their order.
void Hearing::take_distances() {
    distances_.assign(clauses_.size(), std::nullopt);
    for (std::size_t i = 1; i < clauses_.size(); ++i) {
        if (clauses_[i].order == Order::none)
            continue;
        auto& numbers = clauses_[i - 1].numbers;
        auto const found = std::find_if(
            numbers.begin(), numbers.end(), [](NumberClaim const& claim) { return claim.role == Role::later; });
        if (found == numbers.end())
            continue;
        distances_[i] = *found;
        numbers.erase(found);
    }
}

Judgement Hearing::order_in_time() const {
    constexpr Milliseconds shortly_within = Minutes { 15 };
    bool related = false;
    for (std::size_t i = 0; i < clauses_.size(); ++i) {
        if (clauses_[i].order == Order::none)
            continue;
        auto const* here = chosen_[i];
        // "It began after the deploy": what names nothing is the incident.
        auto const there = i == 0 ? docket_.investigation().diagnosis.onset : chosen_[i - 1]->at;
        if (here == nullptr || !here->at || !there)
            return drop(DropReason::order, "no time");
        bool const holds = clauses_[i].order == Order::after ? *here->at > *there : *here->at < *there;
        if (!holds)
            return drop(DropReason::order, "");
        related = true;
        auto const apart = std::chrono::abs(*here->at - *there);
        constexpr Milliseconds a_minute = Minutes { 1 };
        constexpr Milliseconds some_minutes = Minutes { 10 };
        if ((says(within_a_minute) && apart > a_minute) || (says(within_minutes) && apart > some_minutes))
            return drop(DropReason::order, "within");
        if (says(shortly) && apart > shortly_within)
            return drop(DropReason::order, "shortly");
        if (distances_[i]
            && !number_fits(*distances_[i], { double(apart.count()) / 1000, 0, Measure::seconds, Role::later, "" }))
            return drop(DropReason::time, distances_[i]->text);
    }
    if ((says(shortly) || says(within_a_minute) || says(within_minutes)) && !related)
        return drop(DropReason::order, "shortly");
    return {};
}

Judgement Hearing::run() {
    if (auto early = before_reading(); early.dropped != DropReason::none)
        return early;
    auto const tokens = tokens_of(sentence_.text, reader_);
    for (auto const& token : tokens)
        if (token.kind == SaidToken::Kind::forbidden)
            return drop(DropReason::forbidden, token.text);
    if (tokens.size() >= most_sentence_tokens)
        return drop(DropReason::too_long, "");
    // A resource that is called "stay" makes "stay" say two things.
    auto const& called = docket_.known_names();
    for (auto const& token : tokens)
        if (token.kind == SaidToken::Kind::word && is_logic(token.word_class) && called.contains(token.lower))
            return drop(DropReason::words, token.lower);
    clauses_ = with_subjects(clauses_of(tokens, lexicon_, called));
    // Grammar alone says nothing that could be checked, nor do names alone: "checkout is out".
    if (std::none_of(clauses_.begin(), clauses_.end(), [](Clause const& clause) { return clause.tells(); }))
        return drop(DropReason::words, "");
    read_statements();
    take_distances();
    cited_ = docket_.cited(sentence_.cites);
    chosen_.assign(clauses_.size(), nullptr);
    for (std::size_t i = 0; i < clauses_.size(); ++i)
        if (auto settled = settle(i); settled.dropped != DropReason::none)
            return settled;
    if (auto blamed = blame(); blamed.dropped != DropReason::none)
        return blamed;
    if (auto ordered = order_in_time(); ordered.dropped != DropReason::none)
        return ordered;
    Judgement good;
    for (auto const* item : chosen_)
        for (auto const& id : item->facts)
            if (good.facts.size() < most_facts_shown
                && std::find(good.facts.begin(), good.facts.end(), id) == good.facts.end())
                good.facts.push_back(id);
    return good;
}

} // namespace

std::string_view to_string(DropReason reason) {
    constexpr std::array<std::string_view, 17> names { "none", "too long", "forbidden", "uncited", "words", "name",
        "number", "time", "quote", "direction", "negation", "cause", "order", "ruled out", "advice", "code level",
        "topic" };
    return names[static_cast<std::size_t>(reason)];
}

Judge::Judge(Investigation const& investigation, Readership reader)
    : docket_(std::make_unique<Docket>(investigation))
    , reader_(std::move(reader)) { }

Judge::~Judge() = default;

Judgement Judge::judge(WordedSentence const& sentence) const {
    return Hearing(sentence, *docket_, reader_).run();
}

} // namespace convops
