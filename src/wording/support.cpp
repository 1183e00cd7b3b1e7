#include "wording/trial.h"

#include "base/text.h"

#include <algorithm>

namespace convops {

namespace {

constexpr Milliseconds about_a_clock = Minutes { 1 };

} // namespace

// Actions are only ever advised, gaps only ever admitted, what was ruled out only ever ruled out.
Support Trial::nature() const {
    bool const is_action = item_.kind == CitableKind::action;
    if (is_action != nature_.advises
        && !(nature_.advises && clause_.first_order.empty() && !clause_.has(word_class::advice)))
        return fail(DropReason::advice, clause_.first_order);
    if (is_action && !clause_.first_order.empty() && !item_.spoken.contains(clause_.first_order))
        return fail(DropReason::advice, clause_.first_order);
    // "Stop calling X" is no leave to stop X, nor to consider calling it.
    if (is_action && clause_.first_order.empty())
        for (auto const& topic : clause_.topics)
            if (item_.to_stop.contains(topic))
                return fail(DropReason::advice, topic);
    auto const does_to
        = [&](std::string const& object) { return item_.orders.contains(clause_.first_order + " " + object); };
    bool const same_object = clause_.order_object.empty() || does_to(clause_.order_object)
        || std::any_of(item_.orders.begin(), item_.orders.end(), [&](std::string const& order) {
               return order.starts_with(clause_.first_order + " ") && order.ends_with("/" + clause_.order_object);
           });
    if (is_action && !clause_.first_order.empty() && !same_object)
        return fail(DropReason::advice, clause_.first_order + " " + clause_.order_object);
    // "Could read X: access was denied" says two things; the clause that says "read" must deny it itself.
    bool const claims_to_have_read = clause_.has(word_class::readable) && !clause_.has(word_class::negation)
        && !clause_.has(word_class::whether) && !clause_.topics.contains("access-denied");
    if (item_.kind == CitableKind::gap && (!nature_.admits || claims_to_have_read))
        return fail(DropReason::negation, "read");
    if (item_.kind != CitableKind::gap && clause_.has(word_class::readable)
        && !item_.logic.contains(std::string(word_class::readable)))
        return fail(DropReason::negation, "read");
    if (nature_.rules_out && item_.kind != CitableKind::ruled_out && item_.kind != CitableKind::fact)
        return fail(DropReason::ruled_out, "");
    if (auto const found = ruled_out(); !found.holds())
        return found;
    // "If the network is broken, ...": a condition hints at what nobody found. Gaps and suggestions do ask.
    bool const asks = item_.kind == CitableKind::gap || item_.kind == CitableKind::action
        || item_.kind == CitableKind::lead || item_.kind == CitableKind::verdict;
    if (clause_.has(word_class::whether) && !asks)
        return fail(DropReason::cause, "if");
    if (item_.kind == CitableKind::gap && clause_.has(word_class::cause_noun))
        return fail(DropReason::cause, "gap");
    return edge();
}

// What the words "ruled out" stand beside is what the diagnosis ruled out: without "not", "possibly" or "almost", and
// of the kind that it names.
Support Trial::ruled_out() const {
    using namespace word_class;
    bool const says_so = clause_.has(word_class::ruled_out);
    if (says_so && !clause_.has(denied_cause)
        && (clause_.has(negation) || clause_.has(possible) || (clause_.has(about) && clause_.numbers.empty())))
        return fail(DropReason::ruled_out, "not ruled out");
    bool const kind_named = std::any_of(clause_.topics.begin(), clause_.topics.end(),
        [&](std::string const& topic) { return item_.when_ruled_out.contains(topic); });
    if (says_so && (item_.kind != CitableKind::ruled_out || !kind_named))
        return fail(DropReason::ruled_out, "");
    // Its reason tells how something stayed; that the thing exists is no part of it.
    bool const bare = clause_.numbers.empty() && !clause_.has(stayed) && !clause_.has(negation);
    bool const suspects = clause_.has(possible) || clause_.has(likely) || clause_.has(cause_noun);
    if (item_.kind == CitableKind::ruled_out && !nature_.rules_out
        && (suspects || (bare && clause_.order == Order::none)))
        return fail(DropReason::ruled_out, "");
    return {};
}

// "A uses B" and "B is used by A", never the other way round.
Support Trial::edge() const {
    if (item_.edge == nullptr)
        return {};
    auto const first_of = [&](Resource const& resource) {
        std::set<std::string> const known { to_lower(resource.name), to_lower(resource.short_name()),
            to_lower(resource.arn) };
        return std::find_if(clause_.names.begin(), clause_.names.end(), [&](std::string const& name) {
            return known.contains(name);
        }) - clause_.names.begin();
    };
    auto const last = std::ptrdiff_t(clause_.names.size());
    auto const from = first_of(item_.edge->from);
    auto const to = first_of(item_.edge->to);
    if (from < last && to < last && from != to && (from < to) == clause_.by)
        return fail(DropReason::order, clause_.names[std::size_t(std::min(from, to))]);
    return {};
}

Support Trial::names() const {
    for (auto const& name : clause_.names) {
        auto const bare = name.ends_with("'s") ? name.substr(0, name.size() - 2) : name;
        if (!item_.names.contains(bare) && !item_.words.contains(bare) && !docket_.always_allowed(bare)
            && bare != to_lower(item_.id))
            return fail(DropReason::name, bare);
    }
    for (auto const& date : clause_.dates) {
        bool const known = std::any_of(item_.clocks.begin(), item_.clocks.end(),
            [&](CitableClock const& clock) { return format_time(clock.at + reader_.utc_offset).starts_with(date); });
        if (!known)
            return fail(DropReason::time, date);
    }
    return {};
}

Support Trial::topics() const {
    for (auto const& word : clause_.unknown)
        if (!item_.words.contains(word) && !item_.names.contains(word) && !docket_.always_allowed(word)
            && !spoken(word))
            return fail(DropReason::words, word);
    // "X and Y can be ruled out": the words stand in the last clause only.
    bool const rules_this_out = clause_.has(word_class::ruled_out)
        || (nature_.rules_out && clause_.numbers.empty() && !clause_.has(word_class::stayed) && !gives_a_reason());
    for (auto const& topic : clause_.topics)
        if (!item_.topics.contains(topic) && !(rules_this_out && item_.when_ruled_out.contains(topic)))
            return fail(DropReason::topic, topic);
    if (clause_.has(word_class::code_level) && !item_.logic.contains("code-level"))
        return fail(DropReason::code_level, "");
    return {};
}

// "Consider rolling back X" suggests what "roll X back" suggests.
bool Trial::spoken(std::string const& word) const {
    if (item_.kind != CitableKind::action || !word.ends_with("ing") || word.size() < 6)
        return false;
    auto const stem = word.substr(0, word.size() - 3);
    return item_.spoken.contains(stem) || item_.spoken.contains(stem + "e");
}

// Words that make an order or an address of a quotation.
static bool is_an_order(std::string const& quoted) {
    for (auto const* word : { "ignore", "instruction", "delete", "please", "click", "visit", "password", "should ",
             "must ", "tell ", "execute", "curl ", "drop ", "previous", "system prompt", "assistant", "approve" })
        if (quoted.find(word) != std::string::npos)
            return true;
    return false;
}

Support Trial::quotes() const {
    for (auto const& quoted : clause_.quotes) {
        auto const lower = to_lower(trim(quoted));
        if (lower.size() < 2 || is_an_order(lower))
            return fail(DropReason::quote, lower);
        if (item_.names.contains(lower))
            continue;
        auto const wild = replace_all(replace_all(replace_all(lower, "<*>", "\x01"), "<∗>", "\x01"), "…", "\x01");
        std::size_t from = 0;
        for (auto const& part : split(wild, '\x01')) {
            auto const at = item_.quotable.find(trim(part), from);
            if (at == std::string::npos)
                return fail(DropReason::quote, lower);
            from = at;
        }
    }
    return {};
}

bool Trial::same_clock(SaidToken const& said, Time at, bool about) const {
    auto const local = at + (said.in_utc ? Minutes { 0 } : reader_.utc_offset);
    auto const of_day = local - std::chrono::floor<Days>(local);
    auto const spoken = Hours { said.hour } + Minutes { said.minute } + Seconds { std::max(said.second, 0) };
    auto const shown = said.second < 0 ? Milliseconds(std::chrono::floor<Minutes>(of_day))
                                       : Milliseconds(std::chrono::floor<Seconds>(of_day));
    return about ? std::chrono::abs(shown - Milliseconds(spoken)) <= about_a_clock : shown == Milliseconds(spoken);
}

// A number that is said of a moment must be what the metric read then.
bool Trial::reads_so_at(NumberClaim const& claim, ClockClaim const& clock) const {
    auto const& series = item_.metric->series;
    double const scale = series.unit == "Milliseconds" ? 1e-3 : series.unit == "Microseconds" ? 1e-6 : 1;
    for (std::size_t i = 0; i < series.at.size(); ++i) {
        auto const next = series.at[i] + series.period;
        bool const then = same_clock(clock.token, series.at[i], clock.about)
            || (series.period > Seconds { 60 } && clock.token.second < 0
                && same_clock(clock.token, next - Seconds { 1 }, true));
        if (!then)
            continue;
        double const value = series.values[i] * scale;
        if (near_enough(claim.value, claim.half_unit, claim.bound, value, 0))
            return true;
    }
    return false;
}

Support Trial::clocks() const {
    for (auto const& clock : clause_.clocks) {
        bool found = std::any_of(item_.clocks.begin(), item_.clocks.end(), [&](CitableClock const& known) {
            if (!same_clock(clock.token, known.at, clock.about))
                return false;
            return !clock.begins || known.begins;
        });
        if (!found && item_.metric != nullptr && !clock.begins)
            found = std::any_of(item_.metric->series.at.begin(), item_.metric->series.at.end(),
                [&](Time at) { return same_clock(clock.token, at, clock.about); });
        if (!found)
            return fail(DropReason::time, clock.token.text);
    }
    if (item_.metric == nullptr)
        return {};
    // One clock, one plain number: they belong together.
    for (auto const& number : clause_.numbers) {
        if (number.role != Role::plain || clause_.clocks.size() != 1 || clause_.clocks[0].begins)
            continue;
        bool const at_onset = item_.at && same_clock(clause_.clocks[0].token, *item_.at, clause_.clocks[0].about);
        if (!reads_so_at(number, clause_.clocks[0])
            && !(at_onset && has_number(number) && clause_.has("up") != clause_.has("down")))
            return fail(DropReason::number, number.text);
    }
    return {};
}

Support Trial::negations() const {
    using namespace word_class;
    bool const denied = clause_.has(negation);
    if (item_.kind == CitableKind::gap || nature_.rules_out || item_.kind == CitableKind::action)
        return {};
    // "The connection exhaustion of X" is how its kind is called, also where the statement says "gives no
    // connections".
    bool const names_the_kind = item_.kind == CitableKind::cause && clause_.unknown.empty()
        && std::all_of(clause_.topics.begin(), clause_.topics.end(),
            [&](std::string const& topic) { return item_.kind_words.contains(topic); });
    bool const earlier = clause_.has(before) || clause_.has(yesterday);
    if (item_.new_pattern) {
        // New: seen before only with "not"; denied only about before.
        bool const about_before = earlier && clause_.numbers.empty();
        if (about_before && !denied && !clause_.has(fresh))
            return fail(DropReason::negation, "before");
        if (denied && !earlier && !item_.negated)
            return fail(DropReason::negation, "not");
        if (item_.negated && !denied && !nature_.negates && !names_the_kind)
            return fail(DropReason::negation, "not");
        return {};
    }
    if (clause_.has(fresh))
        return fail(DropReason::negation, "new");
    bool const says_steady = denied && (clause_.has(rose) || clause_.has(fell));
    if (denied && !says_steady
        && !(item_.negated || (item_.metric != nullptr && item_.logic.contains("not") && earlier)))
        return fail(DropReason::negation, "not");
    if (item_.negated && !denied && !nature_.negates && !names_the_kind)
        return fail(DropReason::negation, "not");
    return {};
}

Support Trial::run() const {
    int passed = 0;
    for (auto const check : { &Trial::nature, &Trial::names, &Trial::topics, &Trial::quotes, &Trial::directions,
             &Trial::negations, &Trial::bare, &Trial::standards, &Trial::ratios, &Trial::numbers, &Trial::clocks }) {
        if (auto found = (this->*check)(); !found.holds()) {
            found.passed = passed;
            return found;
        } else {
            ++passed;
        }
    }
    return {};
}

Support supports(Clause const& clause, Citable const& item, StatementNature const& nature, Docket const& docket,
    Readership const& reader) {
    return Trial(clause, item, nature, docket, reader).run();
}

} // namespace convops
