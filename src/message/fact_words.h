// Facts in the reader's language. English shows the sentence that the source wrote; every other language composes one
// from the typed detail. Where a fact has only a sentence, it is shown as what it is: a quotation.
#pragma once

#include "message/phrases.h"
#include "message/words.h"

namespace convops {

// To whom, and around which moments, something is told.
struct Telling {
    Reader const& reader;
    Time near {}; // clocks far from it carry their date
    std::optional<Time> onset;

    [[nodiscard]] Catalogue const& words() const { return convops::words(reader.language); }
    [[nodiscard]] Sentences const* sentences() const { return language_of(reader.language).sentences; }
};

std::string fact_words(Fact const& fact, Telling const& telling);
// "CPUUtilization of RDS instance orders-db"
std::string metric_name_words(MetricFact const& metric, std::string_view language);
// How high it went since the onset, and what it was before; for the alarm's own metric.
std::string peak_words(MetricFact const& metric, std::optional<double> threshold, bool above, Telling const& telling);
// Why an incident is as severe as it is, in one sentence; empty when nothing speaks for it.
std::string severity_words(SeverityJudgement const& judgement, Reader const& reader);
// The same of an incident that may be over since it was judged: then nothing is said to be happening still.
std::string severity_words(SeverityJudgement judgement, Incident const& incident, Reader const& reader);
// What others wrote, in the reader's quotation marks; its own cannot end them.
std::string quoted_words(std::string_view text, Catalogue const& say_it, std::size_t most_bytes = 140);
// An English sentence of ours whose clocks are UTC, with its clocks in the reader's zone. What stands in quotation
// marks is data and stays.
std::string in_readers_zone(std::string_view sentence, Reader const& reader);

bool tells_limit(MetricFact const& metric); // is its limit worth a word?
// The middle value within a window; nothing where there is no datapoint.
std::optional<double> middle_within(Series const& series, Window window);
// A median that moved by less than this share of the larger one did not move.
inline constexpr double least_share_moved = 0.1;

} // namespace convops
