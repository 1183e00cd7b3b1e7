#include "message/memory_words.h"

#include "base/text.h"

#include <cstdio>

namespace convops {

namespace {

std::string dollars(double usd, Catalogue const& say_it) {
    char text[32];
    std::snprintf(text, sizeof text, usd >= 100 ? "%.0f" : "%.2f", usd);
    return decimal_words(text, say_it);
}

int voters_for(Assessment const& assessment, Opinion opinion) {
    return static_cast<int>(std::count_if(assessment.voters.begin(), assessment.voters.end(),
        [&](Voter const& voter) { return voter.opinion == opinion; }));
}

std::string outcome_words(Assessment const& assessment, Catalogue const& say_it) {
    if (!assessment.environment)
        return {};
    return *assessment.environment == Opinion::right ? say_it.votes.outcome_right.text()
                                                     : say_it.votes.outcome_wrong.text();
}

std::string amount(double value, std::string_view unit, Catalogue const& say_it) {
    return decimal_words(format_number(value), say_it) + " " + std::string(unit);
}

} // namespace

std::string ending_words(RecoveryKind recovery, FixKind fix, Resource const& resource, std::string_view language) {
    auto const& say_it = words(language).seen;
    if (recovery == RecoveryKind::by_itself)
        return say_it.by_itself.text();
    if (recovery != RecoveryKind::fixed || fix == FixKind::none)
        return {};
    return say(say_it.fixes.at(static_cast<std::size_t>(fix)), { resource_words(resource, language) });
}

CitedLine seen_before_line(Investigation const& investigation, Telling const& telling) {
    auto const seen = seen_before(investigation.incident.leading_alarm(), investigation.evidence);
    if (seen.times == 0 || seen.last == nullptr) // The alarm's history alone is told where it is asked for.
        return {};
    auto const& say_it = telling.words();
    auto const language = std::string_view(telling.reader.language);
    auto const days = std::to_string(seen.days);
    auto text = seen.times == 1 ? say(say_it.seen.once, { days })
                                : say(say_it.seen.times, { std::to_string(seen.times), days });
    auto ending = ending_words(recovery_of(*seen.last), fix_of(*seen.last), seen.last_incident->resource, language);
    if (ending.empty())
        ending = say_it.seen.fixes.front().text();
    auto const local = seen.last_at + telling.reader.utc_offset;
    text = say(say_it.seen.last_time, { text, date_words(local, say_it), ending });
    return { text + ".", seen.facts, seen.last->link };
}

std::string spend_line(ExtraSpend const& spend, std::string_view language) {
    if (spend.usd < least_spend_told || spend.lines.empty())
        return {};
    constexpr std::size_t most_named = 3;
    auto const& say_it = words(language);
    std::vector<std::string> what;
    for (auto const& line : spend.lines) {
        auto name = say_it.spend.usages.at(static_cast<std::size_t>(line.usage)).text();
        if (what.size() < most_named && std::find(what.begin(), what.end(), name) == what.end())
            what.push_back(std::move(name));
    }
    auto text = say(say_it.spend.line,
        { dollars(spend.usd, say_it), dollars(spend.low, say_it), dollars(spend.high, say_it), join(what, ", ") });
    return spend.of_own_region ? text : say(say_it.spend.of_list_price, { text, spend.priced_region });
}

std::vector<CitedLine> spend_basis(ExtraSpend const& spend, std::string_view language) {
    auto const& say_it = words(language);
    std::vector<CitedLine> lines;
    for (auto const& line : spend.lines) {
        char price[48];
        std::snprintf(price, sizeof price, "$%g / %s ", line.price, format_number(line.per).c_str());
        lines.push_back({ say(say_it.spend.basis,
                              { say_it.spend.usages.at(static_cast<std::size_t>(line.usage)).text() + " ("
                                      + resource_words(line.resource, language) + ")",
                                  amount(line.used, line.unit, say_it), amount(line.usual, line.unit, say_it),
                                  dollars(line.usd, say_it), dollars(line.low, say_it), dollars(line.high, say_it),
                                  std::string(price) + std::string(line.unit) }),
            line.facts, std::string(line.source) });
    }
    return lines;
}

std::string assessment_words(Assessment const& assessment, std::string_view language) {
    auto const& say_it = words(language);
    auto const outcome = outcome_words(assessment, say_it);
    if (assessment.voters.empty())
        return outcome.empty() ? say_it.votes.not_judged.text() : outcome;
    auto text = say(say_it.votes.by_people,
        { std::to_string(voters_for(assessment, Opinion::right)),
            std::to_string(voters_for(assessment, Opinion::wrong)) });
    return outcome.empty() ? text : text + " " + outcome;
}

std::string track_record_words(Assessment const& assessment, std::string_view language) {
    auto const& record = assessment.track_record;
    if (!record || record->judged < least_judged)
        return {};
    return say(words(language).votes.track_record, { std::to_string(record->right), std::to_string(record->judged) });
}

std::string fits_words(CitedRunbook const& runbook, std::string_view language) {
    auto const& say_it = words(language).runbooks;
    std::vector<std::string> why;
    for (auto const& fit : runbook.fits)
        why.push_back(fit == "alarm" ? say_it.alarm.text()
                : fit == "resource"  ? say_it.resource.text()
                                     : say_it.kind.text());
    return say(say_it.fits, { join(why, ", ") });
}

void add_assessment(Message& message, Assessment const& assessment, std::string_view mark_of_cause, MayVote may_vote,
    Reader const& reader) {
    auto const& say_it = words(reader.language).votes;
    auto& vote = message.vote;
    vote.voters = assessment.voters;
    if (voters_for(assessment, Opinion::right) > 0)
        vote.said_right = say_it.said_right.text();
    if (voters_for(assessment, Opinion::wrong) > 0)
        vote.said_not_it = say_it.said_not_it.text();
    if (assessment.voters.empty())
        vote.outcome = outcome_words(assessment, words(reader.language));
    vote.track_record = track_record_words(assessment, reader.language);
    if (may_vote == MayVote::no || mark_of_cause.empty())
        return;
    vote.label_right = say_it.button_right.text();
    vote.label_not_it = say_it.button_not_it.text();
    vote.mark = std::string(mark_of_cause);
}

} // namespace convops
