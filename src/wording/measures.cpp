// The checks of numbers, ratios and directions.
#include "wording/trial.h"

#include "base/text.h"

#include <algorithm>

namespace convops {

namespace {

constexpr double most_rounding = 0.05; // of a number that stands without "about"
constexpr double most_about = 0.10;
constexpr double nearest_bound = 0.35; // "more than 100" of 130, not of 1000

bool measure_fits(Measure said, Measure of_fact) {
    return said == of_fact || (said == Measure::count && of_fact == Measure::per_second);
}

} // namespace

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

bool near_enough(double said, double half_unit, Bound bound, double fact, double fact_half_unit) {
    double const size = std::max(std::abs(fact), std::abs(said));
    double const off = said - fact;
    fact_half_unit
        = std::min(fact_half_unit, most_rounding * size); // "3 s" in a fact is not anything from 2.5 to 3.5
    switch (bound) {
    case Bound::about:
        return std::abs(off) <= std::max(most_about * std::abs(fact), 1e-12) + fact_half_unit;
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

// "16 times the threshold" is measured by the threshold, "160 times the usual" by the level before.
bool Trial::has_times(NumberClaim const& claim) const {
    using namespace word_class;
    auto const yardstick = clause_.has(threshold) || clause_.has(limit) ? std::optional(Role::threshold)
        : clause_.has(yesterday)                                        ? std::optional(Role::yesterday)
        : clause_.has(last_week)                                        ? std::optional(Role::last_week)
                                                                        : std::nullopt;
    if (!yardstick)
        return has_ratio(claim.value, claim.half_unit, claim.bound);
    for (auto const& by : item_.numbers)
        for (auto const& of : item_.numbers)
            if (by.role == *yardstick && by.value > 0 && role_fits(Role::since, of.role) && of.measure == by.measure
                && near_enough(claim.value, claim.half_unit, claim.bound, of.value / by.value, 0))
                return true;
    return false;
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
        if (number.role == Role::times && has_times(number))
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
    if (earlier == nullptr || now_said == nullptr)
        return {};
    // "From 64 s to 95 %" is no movement of anything; "from 0 to 95 %" is.
    bool const bare = earlier->measure == Measure::count || now_said->measure == Measure::count;
    if (earlier->measure != now_said->measure)
        return bare ? Support {} : fail(DropReason::number, earlier->text);
    double const said = now_said->value - earlier->value;
    if ((clause_.has(rose) && said <= 0) || (clause_.has(fell) && said >= 0))
        return fail(DropReason::direction, now_said->text);
    if (item_.levels && item_.levels->moved() && said * (item_.levels->since - item_.levels->before) <= 0)
        return fail(DropReason::direction, now_said->text);
    return {};
}

// "As usual", "more than yesterday": without a number it must still be so of the metric.
Support Trial::days(std::string_view day, Role role) const {
    using namespace word_class;
    // It is back to normal now; a number that it had meanwhile is not.
    bool const is_back = day == usual && item_.topics.contains("back-to-normal") && clause_.numbers.empty();
    if (item_.metric == nullptr || !item_.levels || is_back)
        return {};
    // "Since yesterday" is when it began, not how it compares.
    if (clause_.has(word_class::since) && day != usual)
        return fail(DropReason::number, std::string(day));
    double const level = item_.levels->since;
    bool const higher = clause_.has(rose) || clause_.has(above);
    bool const less = clause_.has(fell) || clause_.has(below);
    bool const differs = clause_.has(negation) || clause_.has(doubled) || clause_.has(tripled);
    bool compared = false;
    for (auto const& known : item_.numbers) {
        if (known.role != role)
            continue;
        compared = true;
        bool const alike = std::abs(level - known.value) <= most_about * std::max(std::abs(level), known.value);
        bool const so = higher ? level > known.value && !alike
            : less             ? level < known.value && !alike
            : differs          ? !alike
                               : alike;
        if (!so)
            return fail(DropReason::number, std::string(day));
    }
    return compared ? Support {} : fail(DropReason::number, std::string(day));
}

// A metric that stayed does not say that there is any of what it measures: "X is slow", "there were throttles".
Support Trial::bare() const {
    using namespace word_class;
    bool const says_how = !clause_.numbers.empty() || !clause_.clocks.empty() || !clause_.quotes.empty()
        || std::any_of(clause_.logic.begin(), clause_.logic.end(),
            [](std::string const& each) { return each != "from" && each != "to"; })
        || clause_.topics.contains("back-to-normal") || clause_.topics.contains("onset");
    if (item_.kind == CitableKind::fact && item_.metric != nullptr && item_.levels && !item_.levels->moved()
        && !says_how && clause_.side == Side::none && !nature_.rules_out)
        return fail(DropReason::direction, "stayed");
    // A failed check of an instance is no failed instance.
    if (item_.metric != nullptr && !says_how && clause_.says_only("fail"))
        return fail(DropReason::direction, "failed");
    // "Sharply" needs more than a movement.
    constexpr double sharp = 1.5;
    if (clause_.has(sharply)) {
        if (!item_.levels || !(clause_.has(rose) || clause_.has(fell)))
            return fail(DropReason::direction, "sharply");
        auto const [least, most] = std::minmax(item_.levels->before, item_.levels->since);
        if (most < sharp * least)
            return fail(DropReason::direction, "sharply");
    }
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
        if (clause_.has(day) && !has_role(clause_.numbers, { role, Role::times })) {
            if (!item_.logic.contains(std::string(day)))
                return fail(DropReason::number, std::string(day));
            if (auto const found = days(day, role); !found.holds())
                return found;
        }
    if (clause_.has(until) && !item_.logic.contains(std::string(until)))
        return fail(DropReason::time, std::string(until));
    if (clause_.has(later) && !item_.logic.contains(std::string(later)))
        return fail(DropReason::order, std::string(later));
    return {};
}

Support Trial::directions() const {
    using namespace word_class;
    // "Other services went down": a metric is of its own resource only.
    if (item_.metric != nullptr && clause_.has(another))
        return fail(DropReason::topic, "other");
    // "The service is down" tells of more than a metric of it that fell.
    bool const of_what = clause_.names_more_than_resources() || !clause_.unknown.empty()
        || (item_.metric == nullptr && !clause_.numbers.empty())
        || std::any_of(clause_.names.begin(), clause_.names.end(), [&](std::string const& name) {
               return item_.metric != nullptr && name == to_lower(item_.metric->series.metric.name);
           });
    if (!of_what && (!clause_.names.empty() || !clause_.topics.empty()) && !clause_.has(negation)
        && (clause_.has(rose) || clause_.has(fell)))
        return fail(DropReason::direction, "of what");
    bool const turned = clause_.has(negation) && (clause_.has(rose) || clause_.has(fell));
    for (auto const& direction : { rose, fell, stayed }) {
        if (!clause_.has(direction))
            continue;
        bool const in_a_list = nature_.rules_out && clause_.numbers.empty() && !gives_a_reason();
        if ((clause_.has(word_class::ruled_out) || in_a_list)
            && item_.when_ruled_out.contains(std::string(direction)))
            continue;
        // "Could not grow" is said of what could not grow; of a metric, "did not rise" is that it stayed.
        if (clause_.has(word_class::ruled_out) && item_.kind == CitableKind::ruled_out && direction != stayed
            && (item_.when_ruled_out.contains("up") || item_.when_ruled_out.contains("down")))
            return fail(DropReason::direction, std::string(direction)); // a surge was ruled out, not a drop
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

bool number_fits(NumberClaim const& claim, CitableNumber const& fact) {
    if (claim.value == 0 && claim.spelled) // "dropped to zero", whatever it is measured in
        return fact.value == 0;
    if (fact.role == Role::score && claim.value >= 100
        && fact.value < 100) // nearly sure is not sure, however rounded
        return false;
    return measure_fits(claim.measure, fact.measure)
        && near_enough(claim.value, claim.half_unit, claim.bound, fact.value, fact.half_unit);
}

} // namespace convops
