#include "wording/clauses.h"

#include "wording/roles.h"

#include <algorithm>

namespace convops {

namespace {

using namespace word_class;
using Tokens = std::vector<SaidToken>;
using Range = std::pair<std::size_t, std::size_t>; // [first, second)

bool is_stop(SaidToken const& token, std::string_view separators) {
    return token.kind == SaidToken::Kind::stop && separators.find(token.separator) != std::string_view::npos;
}

std::set<std::string> const& sorts_of_resources() {
    static std::set<std::string> const sorts { "service", "function", "instance", "database", "host", "load-balancer",
        "target-group", "queue", "table", "cache", "cluster", "volume", "auto-scaling-group", "external" };
    return sorts;
}

bool is_copula(SaidToken const& token) {
    static std::set<std::string> const copulas { "is", "was", "are", "were", "ist", "war", "sind", "waren", "es",
        "era", "fue", "son", "है", "हैं", "था" };
    return token.kind == SaidToken::Kind::word && copulas.contains(token.lower);
}

// --- One clause. ---

class Reading {
public:
    Reading(Tokens const& tokens, Lexicon const& lexicon, std::set<std::string> const& known)
        : tokens_(tokens)
        , lexicon_(lexicon)
        , known_(known) { }

    [[nodiscard]] Clause clause(Range range) const;
    // Whether [from, last) says what happened, rather than "the onset" or "that": then "before" relates two clauses.
    [[nodiscard]] bool tells_of_something(std::size_t from, std::size_t last) const;

private:
    [[nodiscard]] bool is_an_order(std::size_t at, std::size_t last) const;
    void take_order(Clause& clause, std::size_t at, std::size_t last) const;
    [[nodiscard]] std::string named_before(Range range, std::size_t at) const;
    void add_number(Clause& clause, Range range, std::size_t at) const;
    void add_clock(Clause& clause, Range range, std::size_t at) const;
    void add_word(Clause& clause, SaidToken const& token) const;

    Tokens const& tokens_;
    Lexicon const& lexicon_;
    std::set<std::string> const& known_;
};

bool Reading::tells_of_something(std::size_t from, std::size_t last) const {
    for (std::size_t i = from; i < last; ++i) {
        auto const& token = tokens_[i];
        if (token.kind == SaidToken::Kind::stop || token.word_class == and_also)
            return false;
        if (token.kind == SaidToken::Kind::name || token.kind == SaidToken::Kind::quote
            || token.word_class.empty() != (token.kind != SaidToken::Kind::word))
            return true;
        if (token.kind == SaidToken::Kind::word && !is_logic(token.word_class) && token.word_class != "onset")
            return true;
    }
    return false;
}

// "Restart it" and "restart the service" are orders; "deploy of X", "access was denied" and "free storage" are not.
bool Reading::is_an_order(std::size_t at, std::size_t last) const {
    auto const& token = tokens_[at];
    auto const verb = token.lower.substr(0, token.lower.find(' '));
    if (token.word_class == advice) // "consider rolling back": the verb comes later
        return false;
    if (token.lower != verb && token.word_class == neutral) // "log group"
        return false;
    bool const names_a_topic = token.lower != verb && !is_logic(token.word_class); // "access was denied"
    if (!lexicon_.is_order(verb) || known_.contains(token.lower) || names_a_topic)
        return false;
    if (at + 1 >= last)
        return true;
    auto const& next = tokens_[at + 1];
    static std::set<std::string> const noun_follows { "of", "was", "were", "is", "are", "has", "had", "in", "to",
        "from", "on" };
    static std::set<std::string> const adjectives { "free", "open", "double", "clear", "limit", "query", "access",
        "log", "read", "write", "request" };
    static std::set<std::string> const articles { "the", "a", "an", "its", "up", "or", "this", "that", "your", "it",
        "more" };
    static std::set<std::string> const always { "look", "roll", "go", "point", "switch", "add", "check", "give",
        "put", "run", "set" };
    if (adjectives.contains(verb))
        return next.kind == SaidToken::Kind::name || articles.contains(next.lower);
    return always.contains(verb) || !noun_follows.contains(next.lower);
}

void Reading::take_order(Clause& clause, std::size_t at, std::size_t last) const {
    clause.first_order = tokens_[at].lower.substr(0, tokens_[at].lower.find(' '));
    for (std::size_t i = at + 1; i < last; ++i) {
        auto const& token = tokens_[i];
        if (token.kind == SaidToken::Kind::name || known_.contains(token.lower)) {
            clause.order_object = token.lower;
            return;
        }
        if (token.word_class != neutral && !sorts_of_resources().contains(token.word_class))
            return;
    }
}

// The name that a number stands right behind, over arrows, "from", "to" and the number before.
std::string Reading::named_before(Range range, std::size_t at) const {
    for (std::size_t i = at; i-- > range.first;) {
        auto const& token = tokens_[i];
        if (token.kind == SaidToken::Kind::name)
            return token.lower;
        bool const between = token.kind == SaidToken::Kind::arrow || token.kind == SaidToken::Kind::number
            || token.word_class == from || token.word_class == to || token.word_class == about;
        if (!between)
            break;
    }
    return {};
}

void Reading::add_number(Clause& clause, Range range, std::size_t at) const {
    auto const& token = tokens_[at];
    NumberClaim claim;
    claim.value = token.value;
    claim.half_unit = token.half_unit;
    claim.measure = token.measure;
    claim.text = token.text;
    claim.spelled = token.spelled;
    claim.role = role_of(tokens_, range, at);
    claim.bound = bound_of(tokens_, at);
    claim.of = named_before(range, at);
    clause.numbers.push_back(std::move(claim));
}

void Reading::add_clock(Clause& clause, Range range, std::size_t at) const {
    ClockClaim claim { tokens_[at], false, false };
    for (std::size_t i = range.first; i < at; ++i) {
        auto const& cue = tokens_[i].word_class;
        claim.begins = claim.begins || cue == since || cue == began || (cue == from && at - i <= 2) || cue == "onset";
        claim.about = claim.about || (cue == about && at - i <= 2);
    }
    clause.clocks.push_back(std::move(claim));
}

void Reading::add_word(Clause& clause, SaidToken const& token) const {
    static std::set<std::string> const agents { "by", "von", "durch", "por", "द्वारा" };
    clause.by = clause.by || agents.contains(token.lower);
    // "Latency", as a metric is named here, is that metric and no other.
    if (token.text != token.lower && known_.contains(token.text)) {
        clause.names.push_back(token.lower);
        return;
    }
    if (known_.contains(token.lower)
        && (token.word_class.empty() || token.word_class == neutral || !is_logic(token.word_class)))
        clause.names.push_back(token.lower);
    else if (token.word_class.empty())
        clause.unknown.push_back(token.lower);
    else if (token.word_class == neutral)
        return;
    else if (is_logic(token.word_class))
        clause.logic.insert(token.word_class);
    else
        clause.topics.insert(token.word_class);
}

Clause Reading::clause(Range range) const {
    Clause clause;
    bool first_word = true;
    for (std::size_t i = range.first; i < range.second; ++i) {
        auto const& token = tokens_[i];
        if (token.kind == SaidToken::Kind::word) {
            if (first_word && is_an_order(i, range.second))
                take_order(clause, i, range.second);
            static std::set<std::string> const lead_ins { "to", "just", "please", "now", "then", "also", "or", "and",
                "bitte", "por favor", "कृपया" };
            if (!lead_ins.contains(token.lower) && token.word_class != advice)
                first_word = false;
            add_word(clause, token);
            continue;
        }
        first_word = first_word && token.kind == SaidToken::Kind::stop;
        if (token.kind == SaidToken::Kind::number)
            add_number(clause, range, i);
        else if (token.kind == SaidToken::Kind::clock)
            add_clock(clause, range, i);
        else if (token.kind == SaidToken::Kind::name)
            clause.names.push_back(token.lower);
        else if (token.kind == SaidToken::Kind::quote)
            clause.quotes.push_back(token.text);
        else if (token.kind == SaidToken::Kind::date)
            clause.dates.push_back(token.lower);
    }
    return clause;
}

// --- The sentence. ---

class Splitter {
public:
    Splitter(Tokens const& tokens, Reading const& reading)
        : tokens_(tokens)
        , reading_(reading) { }

    std::vector<Clause> split();

private:
    void finish(std::size_t end);
    void relate(std::string_view connector);
    void name_the_cause(std::size_t at);
    [[nodiscard]] bool relates_in_time(std::size_t at) const;
    [[nodiscard]] bool stands_by_the_onset(std::size_t at) const;
    [[nodiscard]] bool content_since_stop() const;
    [[nodiscard]] bool rules_out() const; // the statement so far: "ruled out, since ..." gives a reason, not a time

    Tokens const& tokens_;
    Reading const& reading_;
    std::vector<Clause> clauses_;
    std::size_t start_ = 0;
    std::size_t statement_ = 0;
    std::size_t statement_start_ = 0; // index of its first clause
    bool comma_ = false;
    Side side_ = Side::none; // of the clauses being read
    Order order_ = Order::none; // of the next clause
    bool denied_ = false; // "not the likely cause: X"
    bool blames_ = false; // "the likely cause: X"
    std::string prefix_; // "because X, Y": the connector that came first
};

void Splitter::finish(std::size_t end) {
    if (end > start_) {
        auto clause = reading_.clause({ start_, end });
        clause.side = side_;
        clause.order = order_;
        clause.statement = statement_;
        clause.comma_before = comma_;
        if (denied_) {
            clause.logic.insert({ std::string(ruled_out), std::string(denied_cause) });
            denied_ = false;
        }
        if (blames_)
            clause.logic.insert(std::string(blames));
        blames_ = false;
        if (!clause.empty())
            order_ = Order::none;
        clauses_.push_back(std::move(clause));
    }
    start_ = end;
}

bool Splitter::content_since_stop() const {
    for (std::size_t i = statement_start_; i < clauses_.size(); ++i)
        if (!clauses_[i].empty())
            return true;
    return false;
}

bool Splitter::rules_out() const {
    for (std::size_t i = statement_start_; i < clauses_.size(); ++i)
        if (clauses_[i].has(ruled_out))
            return true;
    return false;
}

void Splitter::relate(std::string_view connector) {
    // "It began | after the deploy" has its first part already; "shortly | after the deploy, ..." has not.
    bool const comes_first = !content_since_stop()
        && std::none_of(clauses_.begin() + std::ptrdiff_t(statement_start_), clauses_.end(),
            [](Clause const& clause) { return clause.has(began); });
    comma_ = false;
    if (comes_first)
        prefix_ = std::string(connector);
    if (connector == because) {
        for (std::size_t i = statement_start_; i < clauses_.size(); ++i)
            clauses_[i].side = Side::effect;
        side_ = Side::cause;
    } else if (connector == caused) {
        blames_ = blames_ || rules_out(); // "ruled out, but caused the alarm"
        for (std::size_t i = statement_start_; i < clauses_.size(); ++i)
            clauses_[i].side = Side::cause;
        side_ = Side::effect;
    } else if (!comes_first) {
        order_ = connector == before || connector == then ? Order::after : Order::before;
        // "A before B": B comes after A. "A after B": B comes before A.
        side_ = Side::none;
    }
}

bool Splitter::relates_in_time(std::size_t at) const {
    auto const& token = tokens_[at];
    if (token.word_class == then || token.word_class == within_a_minute || token.word_class == within_minutes)
        return true;
    if (token.word_class != before && token.word_class != after && token.word_class != since)
        return false;
    if (at + 1 < tokens_.size() && tokens_[at + 1].kind == SaidToken::Kind::clock)
        return false;
    return reading_.tells_of_something(at + 1, tokens_.size()) || stands_by_the_onset(at);
}

// "X was deployed at 14:18, shortly before the incident began": an order, where "61 before the onset" is a level.
bool Splitter::stands_by_the_onset(std::size_t at) const {
    std::size_t next = at + 1;
    while (next < tokens_.size() && tokens_[next].word_class == neutral)
        ++next;
    if (next >= tokens_.size() || tokens_[next].word_class != "onset" || !content_since_stop())
        return false;
    for (std::size_t i = at; i > 0; --i) {
        if (is_stop(tokens_[i - 1], ".;"))
            break;
        if (tokens_[i - 1].kind == SaidToken::Kind::number)
            return false;
    }
    for (std::size_t i = start_; i < at; ++i)
        if (tokens_[i].word_class != neutral && tokens_[i].word_class != shortly)
            return false;
    return true;
}

// "X is the cause of Y", "the cause of Y is X", "likely cause: X".
void Splitter::name_the_cause(std::size_t at) {
    auto before_it = reading_.clause({ start_, at });
    bool const denied = before_it.has(negation);
    if (before_it.says_what()) { // "X is the cause ..."
        finish(at);
        if (denied)
            clauses_.back().logic.insert({ std::string(ruled_out), std::string(denied_cause) });
        else if (!before_it.has(ruled_out)) // "ruled out as the cause"
            clauses_.back().logic.insert(std::string(blames));
        for (std::size_t i = statement_start_; i < clauses_.size(); ++i)
            clauses_[i].side = Side::cause;
        side_ = Side::effect;
        return;
    }
    denied_ = denied;
    blames_ = !denied && !before_it.has(ruled_out);
    side_ = Side::effect; // until the copula or the colon
    for (std::size_t i = at + 1; i < tokens_.size() && !is_stop(tokens_[i], ",;."); ++i)
        if (is_copula(tokens_[i]) || is_stop(tokens_[i], ":")) {
            bool const ends = i + 1 >= tokens_.size() || is_stop(tokens_[i + 1], ",;.");
            if (ends && !is_stop(tokens_[i], ":"))
                break; // Hindi: the copula stands last
            if (i > at + 1)
                finish(at + 1);
            finish(i);
            start_ = i;
            side_ = Side::cause;
            return;
        }
    side_ = Side::cause; // "likely cause (93 %): X", "cause, as far as we can tell: X"
}

std::vector<Clause> Splitter::split() {
    for (std::size_t i = 0; i < tokens_.size(); ++i) {
        auto const& token = tokens_[i];
        if (i < start_)
            continue;
        if (token.kind == SaidToken::Kind::stop) {
            finish(i);
            start_ = i + 1;
            comma_ = true;
            bool const full = token.separator == ';' || token.separator == '.';
            if (!prefix_.empty() && token.separator == ',') { // "because X, | Y"
                if (prefix_ == because)
                    side_ = Side::effect;
                else if (prefix_ == caused)
                    side_ = Side::none;
                else
                    order_ = prefix_ == before ? Order::before : Order::after;
                comma_ = false;
                prefix_.clear();
            }
            if (full) {
                ++statement_;
                statement_start_ = clauses_.size();
                side_ = Side::none;
                comma_ = false;
                prefix_.clear();
            }
        } else if (token.word_class == and_also) {
            finish(i);
            comma_ = true;
        } else if (token.word_class == because || token.word_class == caused || relates_in_time(i)) {
            finish(i);
            relate(token.word_class != since ? std::string_view(token.word_class) : rules_out() ? because : after);
        } else if (token.word_class == cause_noun) {
            name_the_cause(i);
        }
    }
    finish(tokens_.size());
    return std::move(clauses_);
}

void absorb(Clause& into, Clause const& from) {
    into.topics.insert(from.topics.begin(), from.topics.end());
    into.logic.insert(from.logic.begin(), from.logic.end());
    for (auto const member : { &Clause::names, &Clause::unknown, &Clause::quotes, &Clause::dates })
        (into.*member).insert((into.*member).end(), (from.*member).begin(), (from.*member).end());
    into.numbers.insert(into.numbers.end(), from.numbers.begin(), from.numbers.end());
    into.clocks.insert(into.clocks.end(), from.clocks.begin(), from.clocks.end());
    if (into.first_order.empty())
        into.first_order = from.first_order;
}

} // namespace

bool Clause::says_only(std::string_view topic) const {
    return topics.contains(std::string(topic)) && std::all_of(topics.begin(), topics.end(), [&](auto const& each) {
        return each == topic || sorts_of_resources().contains(each);
    });
}

bool Clause::names_more_than_resources() const {
    return std::any_of(
        topics.begin(), topics.end(), [](std::string const& each) { return !sorts_of_resources().contains(each); });
}

bool Clause::tells() const {
    bool const severity = names.size() == 1 && names[0].size() == 2 && names[0][0] == 'p'; // "this is a P3"
    return severity || names_more_than_resources() || !numbers.empty() || !clocks.empty() || !dates.empty()
        || !quotes.empty() || !unknown.empty() || !logic.empty() || !first_order.empty();
}

std::vector<Clause> clauses_of(
    Tokens const& tokens, Lexicon const& lexicon, std::set<std::string> const& known_names) {
    Reading const reading(tokens, lexicon, known_names);
    return Splitter(tokens, reading).split();
}

std::vector<Clause> with_subjects(std::vector<Clause> clauses) {
    std::vector<Clause> out;
    std::optional<Clause> waiting; // came before anything was named
    for (auto& clause : clauses) {
        if (clause.says_what()) {
            if (waiting) {
                clause.order = waiting->order == Order::none ? clause.order : waiting->order;
                absorb(clause, *waiting);
                waiting.reset();
            }
            out.push_back(std::move(clause));
        } else if (clause.empty() && clause.logic.empty()) {
            continue;
        } else if (!out.empty()) {
            // Only words of logic ("also possible:") or only numbers and times: they speak of what was just named.
            absorb(out.back(), clause);
        } else if (waiting) {
            absorb(*waiting, clause);
        } else {
            waiting = std::move(clause);
        }
    }
    if (waiting)
        out.push_back(std::move(*waiting));
    return out;
}

} // namespace convops
