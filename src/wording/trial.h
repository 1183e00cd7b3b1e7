// One clause against one cited item, check by check. Only support.cpp and measures.cpp know it.
#pragma once

#include "wording/support.h"

namespace convops {

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
    [[nodiscard]] Support ruled_out() const;
    [[nodiscard]] Support edge() const;
    [[nodiscard]] Support days(std::string_view day, Role role) const;
    [[nodiscard]] Support bare() const;
    [[nodiscard]] bool has_times(NumberClaim const& claim) const;
    [[nodiscard]] bool gives_a_reason() const {
        return clause_.has(word_class::because) || clause_.has(word_class::caused) || clause_.has(word_class::since);
    }
    [[nodiscard]] bool spoken(std::string const& word) const;
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

bool role_fits(Role said, Role of_fact);
bool near_enough(double said, double half_unit, Bound bound, double fact, double fact_half_unit);
Support fail(DropReason reason, std::string what);

} // namespace convops
