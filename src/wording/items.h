// What may be cited, made ready for checking: each fact, cause, ruled-out kind, action and gap with the topics,
// names, numbers and times that it supports.
#pragma once

#include "model/investigation.h"
#include "model/metric_evidence.h"
#include "wording/clauses.h"

namespace convops {

struct CitableNumber {
    double value = 0;
    double half_unit = 0; // how coarse the fact itself shows it
    Measure measure = Measure::count;
    Role role = Role::plain;
    std::string of; // as NumberClaim's
};

struct CitableClock {
    Time at {};
    bool begins = false; // since when; otherwise: when
};

enum class CitableKind : std::uint8_t {
    fact,
    cause, // what is blamed
    sign, // what began after the cause, as the cause's statement tells it
    ruled_out,
    action,
    gap,
    alarm, // that it fired
    onset,
    verdict,
    lead, // where nothing is known for certain
};

struct Citable {
    CitableKind kind = CitableKind::fact;
    std::string id; // "F3", "C1", "R2", "A1", "G1", "I1"
    std::vector<FactId> facts; // what a reader can look up
    std::size_t rank = 0; // causes and signs: from 1
    double score = 0;
    std::set<std::string> topics;
    std::set<std::string> names; // lower case
    std::set<std::string> words; // plain words of our own statement that the lexicon does not know
    std::set<std::string> logic; // classes of logic in the statement
    std::string quotable; // hostile text, lower case: may be quoted, never spoken
    std::vector<CitableNumber> numbers;
    std::vector<CitableClock> clocks;
    MetricFact const* metric = nullptr;
    std::optional<Levels> levels; // of the metric, around the onset
    bool new_pattern = false; // a log pattern that was never seen before
    bool negated = false; // the statement says that something is not so
    std::optional<Time> at; // when it happened, to order it among others
    std::set<std::string> orders; // actions: "restart checkout", where a name stands right behind the verb
    std::set<std::string> to_stop; // actions: what should no longer be done
    std::set<std::string> spoken; // actions: every word of the suggestion
    std::set<std::string> kind_words; // gaps: the words of the reason; causes: the topics of its kind and its
                                      // resource, whatever its statement says
    DependencyFact const* edge = nullptr;
    std::set<std::string> when_ruled_out; // the kind that was ruled out, in the clause that says so only
};

class Docket {
public:
    explicit Docket(Investigation const& investigation);

    [[nodiscard]] bool knows(std::string const& id) const { return by_id_.contains(id); }
    // The items that a sentence which cites `ids` may rest on: those named, the parts of a named cause with its
    // facts, the cause that begins with a named fact. I1 stands for the alarm, the onset and the verdict.
    [[nodiscard]] std::vector<Citable const*> cited(std::vector<std::string> const& ids) const;
    // Facts that may be the effect of the cause: what it cites beside its own first fact.
    [[nodiscard]] bool may_be_effect(Citable const& item, std::size_t rank) const;
    [[nodiscard]] bool may_be_cause(Citable const& item) const;
    [[nodiscard]] std::set<std::string> const& known_names() const { return known_names_; }
    [[nodiscard]] bool always_allowed(std::string const& name) const { return context_names_.contains(name); }
    [[nodiscard]] Investigation const& investigation() const { return investigation_; }

private:
    void add(Citable item);
    void add_facts();
    void add_causes();
    void add_rest();
    void add_incident();

    Investigation const& investigation_;
    std::vector<Citable> items_;
    std::map<std::string, std::vector<std::size_t>, std::less<>> by_id_;
    std::set<std::string> known_names_; // lower case; metrics as written
    std::set<std::string> context_names_; // the Region, the account, the alarm: true of everything here
};

// The numbering of material and citations: "C1" is the first cause.
std::string item_id(char letter, std::size_t index);

} // namespace convops
