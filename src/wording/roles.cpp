#include "wording/roles.h"

namespace convops {

namespace {

using namespace word_class;
using Tokens = std::vector<SaidToken>;
using Range = std::pair<std::size_t, std::size_t>; // [first, second)

bool is_stop(SaidToken const& token, std::string_view separators) {
    return token.kind == SaidToken::Kind::stop && separators.find(token.separator) != std::string_view::npos;
}

// --- Roles of numbers, from the words around them. ---

std::optional<Role> role_of_cue(std::string_view the_class) {
    if (the_class == from || the_class == usual || the_class == before)
        return Role::before;
    if (the_class == to || the_class == since || the_class == now || the_class == after)
        return Role::since;
    if (the_class == above || the_class == below || the_class == threshold)
        return Role::threshold;
    if (the_class == limit)
        return Role::limit;
    if (the_class == yesterday)
        return Role::yesterday;
    if (the_class == last_week)
        return Role::last_week;
    return std::nullopt;
}

std::optional<Role> role_from_before(Tokens const& tokens, std::size_t first, std::size_t at) {
    int looked = 0;
    for (std::size_t i = at; i-- > first && looked < 4; ++looked) {
        auto const& token = tokens[i];
        if (token.kind == SaidToken::Kind::arrow)
            return looked == 0 ? std::optional(Role::since) : std::nullopt;
        if (token.kind == SaidToken::Kind::number || token.kind == SaidToken::Kind::name || is_stop(token, ",;."))
            return std::nullopt;
        if (token.kind == SaidToken::Kind::clock || token.kind == SaidToken::Kind::stop)
            continue;
        // "Schwellwert von 90 %", "umbral de 90 %": the threshold's number, not where something came from.
        if (token.word_class == from && i > first
            && (tokens[i - 1].word_class == threshold || tokens[i - 1].word_class == limit))
            return role_of_cue(tokens[i - 1].word_class);
        if (auto const role = role_of_cue(token.word_class))
            return role;
        if (token.kind == SaidToken::Kind::word && !token.word_class.empty() && !is_logic(token.word_class))
            return std::nullopt; // a topic stands between
    }
    return std::nullopt;
}

std::optional<Role> role_from_after(Tokens const& tokens, std::size_t at, std::size_t last) {
    int looked = 0;
    for (std::size_t i = at + 1; i < last && looked < 5; ++i, ++looked) {
        auto const& token = tokens[i];
        if (token.kind == SaidToken::Kind::arrow)
            return looked == 0 ? std::optional(Role::before) : std::nullopt;
        if (token.kind == SaidToken::Kind::number || is_stop(token, ",;.:("))
            return std::nullopt;
        if (token.word_class == from_after)
            return looked == 0 ? std::optional(Role::before) : std::nullopt;
        if (token.word_class == to_after)
            return Role::since;
        if (token.word_class == later)
            return Role::later;
        if (token.word_class == before || token.word_class == usual)
            return Role::before;
        if (token.word_class == since || token.word_class == now)
            return Role::since;
        if (token.word_class == yesterday)
            return Role::yesterday;
        if (token.word_class == threshold && looked <= 1) // Hindi: "90 % की सीमा"
            return Role::threshold;
    }
    return std::nullopt;
}

// "Likely cause (93 %)", "a probability of 93 %", "93 % likely", "with 93 % confidence": how sure the diagnosis is,
// not a measurement.
bool is_score(Tokens const& tokens, std::size_t at) {
    if (tokens[at].measure != Measure::percent)
        return false;
    auto const near = [&](SaidToken const& token) {
        return token.word_class == cause_noun || token.word_class == likely || token.word_class == possible
            || token.word_class == first_of_all || token.lower == "confidence" || token.lower == "certainty";
    };
    std::size_t i = at;
    while (i > 0 && (tokens[i - 1].kind == SaidToken::Kind::stop || tokens[i - 1].lower == "of"))
        --i;
    // "The likely cause is X (93 %)."
    bool const in_brackets
        = at > 0 && is_stop(tokens[at - 1], "(") && is_stop(tokens[at + 1 < tokens.size() ? at + 1 : at - 1], ",;.(");
    for (std::size_t k = i; in_brackets && k-- > 0 && !is_stop(tokens[k], ";.");)
        if (near(tokens[k]))
            return true;
    return (i > 0 && near(tokens[i - 1])) || (at + 1 < tokens.size() && near(tokens[at + 1]));
}

// "60 s before the alarm fired" is a distance; "60 ms before", "60 ms before the incident" a level.
bool tells_what_follows(Tokens const& tokens, std::size_t at) {
    while (at < tokens.size() && tokens[at].word_class == neutral && tokens[at].lower != "incident")
        ++at;
    return at < tokens.size() && tokens[at].kind != SaidToken::Kind::stop && tokens[at].lower != "incident"
        && tokens[at].word_class != "onset";
}

// "Before the incident, M of R was at 3": also over the comma.
bool opens_before_the_incident(Tokens const& tokens, std::size_t at) {
    int commas = 0;
    std::size_t begin = at;
    while (begin > 0 && !is_stop(tokens[begin - 1], ".;")) {
        --begin;
        commas += tokens[begin].kind == SaidToken::Kind::stop || tokens[begin].word_class == and_also ? 1 : 0;
    }
    return commas <= 1 && begin + 1 < at && tokens[begin].word_class == before
        && (tokens[begin + 1].word_class == "onset" || tokens[begin + 1].lower == "incident"
            || (begin + 2 < at && tokens[begin + 2].lower == "incident"));
}

} // namespace

Role role_of(Tokens const& tokens, Range clause, std::size_t at) {
    auto const last = clause.second;
    if (at + 1 < last && tokens[at + 1].word_class == times)
        return Role::times;
    if (tokens[at].measure == Measure::ratio)
        return Role::times;
    if (is_score(tokens, at))
        return Role::score;
    if (at > 0 && (tokens[at - 1].lower == "by" || tokens[at - 1].lower == "um"))
        return Role::difference;
    // A postposition or an arrow right behind the number says more than anything in front of it.
    if (at + 1 < last && (tokens[at + 1].word_class == from_after || tokens[at + 1].kind == SaidToken::Kind::arrow))
        return Role::before;
    // "(1 to 243)"
    if (at + 2 < last && tokens[at + 1].word_class == to && tokens[at + 2].kind == SaidToken::Kind::number)
        return Role::before;
    if (auto const role = role_from_before(tokens, 0, at))
        return *role;
    // "11 s after the deploy": how much later.
    if (at + 1 < tokens.size() && tokens[at].measure == Measure::seconds
        && (tokens[at + 1].word_class == after || tokens[at + 1].word_class == before)
        && tells_what_follows(tokens, at + 2))
        return Role::later;
    if (auto const role = role_from_after(tokens, at, last))
        return *role;
    if (opens_before_the_incident(tokens, at))
        return Role::before;
    return Role::plain;
}

Bound bound_of(Tokens const& tokens, std::size_t at) {
    for (std::size_t i = at; i-- > 0 && at - i <= 2;) {
        auto const& cue = tokens[i].word_class;
        if (cue == about)
            return Bound::about;
        if (cue == more_than)
            return Bound::more;
        if (cue == less_than)
            return Bound::less;
        if (tokens[i].kind != SaidToken::Kind::word)
            break;
    }
    return Bound::exact;
}

} // namespace convops
