#include "wording/support.h"

#include "base/text.h"

#include <algorithm>

namespace convops {

namespace {

constexpr double most_rounding = 0.05; // of a number that stands without "about"
constexpr double most_about = 0.10;
constexpr double nearest_bound = 0.35; // "more than 100" of 130, not of 1000
constexpr Milliseconds about_a_clock = Minutes { 1 };

bool role_fits(Role said, Role of_fact) {
    switch (said) {
    case Role::plain:
    case Role::since:
        return of_fact == Role::plain || of_fact == Role::since;
    case Role::threshold:
    case Role::limit:
        return of_fact == Role::threshold || of_fact == Role::limit;
    default:
        return said == of_fact;
    }
}

bool measure_fits(Measure said, Measure of_fact) {
    return said == of_fact || (said == Measure::count && of_fact == Measure::per_second);
}

bool near_enough(double said, double half_unit, Bound bound, double fact, double fact_half_unit) {
    double const size = std::max(std::abs(fact), std::abs(said));
    double const off = said - fact;
    fact_half_unit
        = std::min(fact_half_unit, most_rounding * size); // "3 s" in a fact is not anything from 2.5 to 3.5
    switch (bound) {
    case Bound::about:
        return std::abs(off) <= std::max(most_about * size, 1e-12) + fact_half_unit;
    case Bound::more:
        return off <= fact_half_unit && -off <= nearest_bound * size;
    case Bound::less:
        return -off <= fact_half_unit && off <= nearest_bound * size;
    case Bound::exact:
        break;
    }
    return std::abs(off) <= std::min(half_unit, most_rounding * size) + fact_half_unit + 1e-9 * size;
}

Support fail(DropReason reason, std::string what) {
    return { reason, std::move(what) };
}

class Trial {
public:
    Trial(Clause const& clause, Citable const& item, StatementNature const& nature, Docket const& docket,
        Readership const& reader)
        : clause_(clause)
        , item_(item)
        , nature_(nature)
        , docket_(docket)
        , reader_(reader) { }

    Support run() const;

private:
    [[nodiscard]] Support nature() const;
    [[nodiscard]] Support names() const;
    [[nodiscard]] Support topics() const;
    [[nodiscard]] Support quotes() const;
    [[nodiscard]] Support clocks() const;
    [[nodiscard]] Support numbers() const;
    [[nodiscard]] Support directions() const;
    [[nodiscard]] Support numbers_against_direction() const;
    [[nodiscard]] Support standards() const;
    [[nodiscard]] Support ratios() const;
    [[nodiscard]] Support negations() const;

    [[nodiscard]] bool has_number(NumberClaim const& claim) const;
    [[nodiscard]] bool has_ratio(double said, double half_unit, Bound bound) const;
    [[nodiscard]] bool same_clock(SaidToken const& said, Time at, bool about) const;
    [[nodiscard]] bool reads_so_at(NumberClaim const& claim, ClockClaim const& clock) const;

    Clause const& clause_;
    Citable const& item_;
    StatementNature const& nature_;
    Docket const& docket_;
    Readership const& reader_;
};

// Actions are only ever advised, gaps only ever admitted, what was ruled out only ever ruled out.
Support Trial::nature() const {
    bool const is_action = item_.kind == CitableKind::action;
    if (is_action != nature_.advises
        && !(nature_.advises && clause_.first_order.empty() && !clause_.has(word_class::advice)))
        return fail(DropReason::advice, clause_.first_order);
    if (is_action && !clause_.first_order.empty() && !item_.spoken.contains(clause_.first_order))
        return fail(DropReason::advice, clause_.first_order);
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
        if (!item_.words.contains(word) && !item_.names.contains(word) && !docket_.always_allowed(word))
            return fail(DropReason::words, word);
    bool const rules_this_out = clause_.has(word_class::ruled_out);
    for (auto const& topic : clause_.topics)
        if (!item_.topics.contains(topic) && !(rules_this_out && item_.when_ruled_out.contains(topic)))
            return fail(DropReason::topic, topic);
    if (clause_.has(word_class::code_level) && !item_.logic.contains("code-level"))
        return fail(DropReason::code_level, "");
    return {};
}

// Words that make an order or an address of a quotation.
bool is_an_order(std::string const& quoted) {
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

bool Trial::has_number(NumberClaim const& claim) const {
    // Where the item gives this name a number, no other number of the item will do.
    bool const named = !claim.of.empty()
        && std::any_of(item_.numbers.begin(), item_.numbers.end(),
            [&](CitableNumber const& known) { return known.of == claim.of; });
    return std::any_of(item_.numbers.begin(), item_.numbers.end(), [&](CitableNumber const& known) {
        return role_fits(claim.role, known.role) && number_fits(claim, known) && (!named || known.of == claim.of);
    });
}

bool Trial::has_ratio(double said, double half_unit, Bound bound) const {
    if (!item_.levels || item_.levels->before <= 0 || item_.levels->since <= 0)
        return false;
    double ratio = item_.levels->since / item_.levels->before;
    if (clause_.has("down"))
        ratio = 1 / ratio;
    if (clause_.has("steady") || ratio < 1)
        return false;
    return near_enough(said, half_unit, bound, ratio, 0);
}

Support Trial::numbers() const {
    for (auto const& number : clause_.numbers) {
        if (number.role == Role::difference) {
            NumberClaim plain = number;
            plain.role = Role::plain;
            bool const fits = item_.levels
                && number_fits(
                    plain, { std::abs(item_.levels->since - item_.levels->before), 0, number.measure, Role::plain });
            if (!fits || number.measure == Measure::percent)
                return fail(DropReason::number, number.text);
            continue;
        }
        if (has_number(number))
            continue;
        if (number.role == Role::times && has_ratio(number.value, number.half_unit, number.bound))
            continue;
        return fail(DropReason::number, number.text);
    }
    return {};
}

Support Trial::ratios() const {
    using namespace word_class;
    for (auto const& [name, value] : { std::pair { doubled, 2.0 }, std::pair { tripled, 3.0 } }) {
        if (!clause_.has(name))
            continue;
        auto const bound = clause_.has(more_than) ? Bound::more : Bound::about;
        if (clause_.has(fell) || !has_ratio(value, 0, bound))
            return fail(DropReason::number, std::string(name));
    }
    for (auto const& [name, share] : { std::pair { halved, 2.0 }, std::pair { a_third, 3.0 } }) {
        if (!clause_.has(name))
            continue;
        if (clause_.has(rose) || !item_.levels || item_.levels->since <= 0
            || !near_enough(share, 0, Bound::about, item_.levels->before / item_.levels->since, 0))
            return fail(DropReason::number, std::string(name));
    }
    return {};
}

// "Rose from 5 to 3" contradicts itself; "is 3, 5 before" contradicts a metric that rose.
Support Trial::numbers_against_direction() const {
    using namespace word_class;
    NumberClaim const* earlier = nullptr;
    NumberClaim const* now_said = nullptr;
    for (auto const& number : clause_.numbers) {
        if (number.role == Role::before && earlier == nullptr)
            earlier = &number;
        if ((number.role == Role::since || number.role == Role::plain) && now_said == nullptr)
            now_said = &number;
    }
    if (earlier == nullptr || now_said == nullptr || earlier->measure != now_said->measure)
        return {};
    double const said = now_said->value - earlier->value;
    if ((clause_.has(rose) && said <= 0) || (clause_.has(fell) && said >= 0))
        return fail(DropReason::direction, now_said->text);
    if (item_.levels && item_.levels->moved() && said * (item_.levels->since - item_.levels->before) <= 0)
        return fail(DropReason::direction, now_said->text);
    return {};
}

// Words that say something about a limit or about what is usual need an item that does.
Support Trial::standards() const {
    using namespace word_class;
    auto const has_role = [](auto const& numbers, std::initializer_list<Role> roles) {
        return std::any_of(numbers.begin(), numbers.end(),
            [&](auto const& number) { return std::find(roles.begin(), roles.end(), number.role) != roles.end(); });
    };
    for (auto const& standard : { threshold, limit })
        if (clause_.has(standard) && !item_.logic.contains(std::string(standard))
            && !has_role(item_.numbers, { Role::threshold, Role::limit }))
            return fail(DropReason::number, std::string(standard));
    for (auto const& [day, role] : { std::pair { usual, Role::before }, std::pair { yesterday, Role::yesterday },
             std::pair { last_week, Role::last_week } })
        if (clause_.has(day) && !item_.logic.contains(std::string(day))
            && !has_role(clause_.numbers, { role, Role::times }))
            return fail(DropReason::number, std::string(day));
    if (clause_.has(until) && !item_.logic.contains(std::string(until)))
        return fail(DropReason::time, std::string(until));
    if (clause_.has(later) && !item_.logic.contains(std::string(later)))
        return fail(DropReason::order, std::string(later));
    return {};
}

Support Trial::directions() const {
    using namespace word_class;
    bool const turned = clause_.has(negation) && (clause_.has(rose) || clause_.has(fell));
    for (auto const& direction : { rose, fell, stayed }) {
        if (!clause_.has(direction))
            continue;
        if (clause_.has(ruled_out) && item_.when_ruled_out.contains(std::string(direction)))
            continue;
        // "Could not grow" is said of what could not grow; of a metric, "did not rise" is that it stayed.
        bool const same_words = turned && item_.metric == nullptr && item_.logic.contains("not");
        auto const wanted = turned && !same_words ? stayed : direction;
        if (!item_.logic.contains(std::string(wanted)))
            return fail(DropReason::direction, std::string(direction));
    }
    if (auto const contradiction = numbers_against_direction(); !contradiction.holds())
        return contradiction;
    for (auto const& side : { above, below })
        if (clause_.has(side) && !item_.logic.contains(std::string(side)))
            return fail(DropReason::direction, std::string(side));
    return {};
}

Support Trial::negations() const {
    using namespace word_class;
    bool const denied = clause_.has(negation);
    if (item_.kind == CitableKind::gap || nature_.rules_out || item_.kind == CitableKind::action)
        return {};
    bool const earlier = clause_.has(before) || clause_.has(yesterday);
    if (item_.new_pattern) {
        // New: seen before only with "not"; denied only about before.
        bool const about_before = earlier && clause_.numbers.empty();
        if (about_before && !denied && !clause_.has(fresh))
            return fail(DropReason::negation, "before");
        if (denied && !earlier && !item_.negated)
            return fail(DropReason::negation, "not");
        if (item_.negated && !denied && !nature_.negates)
            return fail(DropReason::negation, "not");
        return {};
    }
    if (clause_.has(fresh))
        return fail(DropReason::negation, "new");
    bool const says_steady = denied && (clause_.has(rose) || clause_.has(fell));
    if (denied && !says_steady
        && !(item_.negated || (item_.metric != nullptr && item_.logic.contains("not") && earlier)))
        return fail(DropReason::negation, "not");
    if (item_.negated && !denied && !nature_.negates)
        return fail(DropReason::negation, "not");
    return {};
}

Support Trial::run() const {
    int passed = 0;
    for (auto const check : { &Trial::nature, &Trial::names, &Trial::topics, &Trial::quotes, &Trial::directions,
             &Trial::negations, &Trial::standards, &Trial::ratios, &Trial::numbers, &Trial::clocks }) {
        if (auto found = (this->*check)(); !found.holds()) {
            found.passed = passed;
            return found;
        } else {
            ++passed;
        }
    }
    return {};
}

} // namespace

bool number_fits(NumberClaim const& claim, CitableNumber const& fact) {
    return measure_fits(claim.measure, fact.measure)
        && near_enough(claim.value, claim.half_unit, claim.bound, fact.value, fact.half_unit);
}

Support supports(Clause const& clause, Citable const& item, StatementNature const& nature, Docket const& docket,
    Readership const& reader) {
    return Trial(clause, item, nature, docket, reader).run();
}

} // namespace convops
