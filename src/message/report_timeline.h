// The report's timeline: alarms, changes, onset, what was measured, who was told what, the end. Pure.
#pragma once

#include "message/report.h"

namespace convops {

// Facts of the investigation and of the re-read, by id.
class FactBook {
public:
    explicit FactBook(ReportInput const& input)
        : during_(input.investigation->evidence)
        , after_(input.aftermath) { }
    [[nodiscard]] Fact const* find(FactId const& id) const;
    [[nodiscard]] Evidence const& during() const { return during_; }

private:
    Evidence const& during_;
    Evidence const* after_;
};

// "2026-11-23", by the reader's clock.
std::string date_words(Time at, Reader const& reader);

// Ascending; with the number of moments that did not fit.
std::pair<std::vector<ReportMoment>, std::size_t> timeline_of(
    ReportInput const& input, FactBook const& book, Reader const& reader);

} // namespace convops
