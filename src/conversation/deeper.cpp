#include "conversation/deeper.h"

#include <set>

namespace convops {

namespace {

constexpr std::size_t most_shown = 6; // a phone at night; the portal has the rest

// What makes a fact the same one in two investigations. A metric's statement moves with the clock and a state is read
// anew, so only what happened, what was logged and who calls whom can be new.
struct Identity {
    std::string const& source;
    std::string operator()(ChangeFact const& change, Fact const& fact) const {
        return change.event_name + "|" + change.actor + "|" + format_time(fact.at) + "|" + fact.resource;
    }
    std::string operator()(LogPatternFact const& pattern, Fact const&) const {
        return pattern.group + "|" + pattern.pattern;
    }
    std::string operator()(ResourceEventFact const& event, Fact const&) const {
        return event.resource.key() + "|" + std::string(to_string(event.kind)) + "|" + event.code;
    }
    std::string operator()(DependencyFact const& edge, Fact const&) const {
        return edge.from.key() + "|" + edge.to.key();
    }
    std::string operator()(ServiceEventFact const& event, Fact const&) const {
        return event.code + "|" + event.status;
    }
    std::string operator()(LoadFact const& load, Fact const&) const { return load.dimension + "|" + load.label; }
    template <class Other> std::string operator()(Other const&, Fact const&) const { return {}; }
};

std::string identity_of(Fact const& fact) {
    auto text = std::visit([&](auto const& detail) { return Identity { fact.source }(detail, fact); }, fact.detail);
    return text.empty() ? text : fact.source + "|" + text;
}

std::vector<Fact const*> new_facts(Investigation const& before, Investigation const& after) {
    std::set<std::string> known;
    for (auto const& fact : before.evidence.facts)
        known.insert(identity_of(fact));
    std::vector<Fact const*> found;
    for (auto const& fact : after.evidence.facts)
        if (auto const identity = identity_of(fact); !identity.empty() && known.insert(identity).second)
            found.push_back(&fact);
    // Changes first: they are what somebody can undo. Then the newest.
    std::stable_sort(found.begin(), found.end(), [](Fact const* a, Fact const* b) {
        auto const is_change = [](Fact const* fact) { return std::holds_alternative<ChangeFact>(fact->detail); };
        return std::pair(!is_change(a), b->at) < std::pair(!is_change(b), a->at);
    });
    return found;
}

std::string neighbours_of(Reached const& reached) {
    return std::to_string(reached.neighbours);
}

} // namespace

ChatAnswer what_was_added(Investigation const* before, Investigation const& after, Reached reached) {
    ChatAnswer answer;
    auto const back = std::to_string(reached.changes_back.count());
    auto const* cause = after.diagnosis.causes.empty() ? nullptr : &after.diagnosis.causes.front();
    if (before == nullptr) {
        answer.lines.push_back({ AnswerPart::nothing_to_compare, { back, neighbours_of(reached) }, {}, {} });
        if (cause != nullptr)
            answer.lines.push_back({ AnswerPart::cause_changed, { cause->statement }, {}, cause->facts });
        return answer;
    }
    auto const found = new_facts(*before, after);
    if (found.empty())
        answer.lines.push_back({ AnswerPart::deeper_same, { back, neighbours_of(reached) }, {}, {} });
    else
        answer.lines.push_back(
            { AnswerPart::deeper_new, { back, neighbours_of(reached), std::to_string(found.size()) }, {}, {} });
    auto const* was = before->diagnosis.causes.empty() ? nullptr : &before->diagnosis.causes.front();
    auto const same
        = cause != nullptr && was != nullptr && cause->kind == was->kind && cause->resource == was->resource;
    if (same)
        answer.lines.push_back({ AnswerPart::cause_same, { cause->statement }, {}, cause->facts });
    else if (cause != nullptr)
        answer.lines.push_back({ AnswerPart::cause_changed, { cause->statement }, {}, cause->facts });
    else
        answer.lines.push_back(
            { AnswerPart::no_cause, { after.diagnosis.best_lead }, {}, after.diagnosis.lead_facts });
    for (auto const* fact : found)
        if (answer.lines.size() < most_shown + 2)
            answer.lines.push_back({ AnswerPart::at_statement, { fact->statement }, fact->at, { fact->id } });
    return answer;
}

} // namespace convops
