#include "wording/worded.h"

#include <algorithm>

namespace convops {

namespace {

bool names_the_first_cause(std::vector<CheckedSentence> const& headline, Diagnosis const& diagnosis) {
    if (diagnosis.verdict != IncidentVerdict::incident || diagnosis.causes.empty())
        return true;
    auto const& facts = diagnosis.causes.front().facts;
    return std::any_of(headline.begin(), headline.end(), [&](CheckedSentence const& sentence) {
        return std::any_of(sentence.facts.begin(), sentence.facts.end(),
            [&](FactId const& id) { return std::find(facts.begin(), facts.end(), id) != facts.end(); });
    });
}

} // namespace

WordedDiagnosis checked(Investigation const& investigation, Readership const& reader, ModelDraft const& draft) {
    Judge const judge(investigation, reader);
    WordedDiagnosis wording;
    wording.language = reader.language;
    auto const keep = [&](std::vector<WordedSentence> const& from, std::vector<CheckedSentence>& into) {
        for (auto const& sentence : from) {
            auto judgement = judge.judge(sentence);
            if (judgement.dropped == DropReason::none)
                into.push_back({ sentence.text, std::move(judgement.facts) });
            else
                ++wording.dropped[std::string(to_string(judgement.dropped))];
        }
    };
    keep(draft.headline, wording.headline);
    keep(draft.lines, wording.lines);
    auto const said = draft.headline.size() + draft.lines.size();
    auto const kept = wording.headline.size() + wording.lines.size();
    if (said == 0)
        wording.why_template = "the model wrote nothing";
    else if (wording.headline.empty())
        wording.why_template = "the model's headline did not hold";
    else if (!names_the_first_cause(wording.headline, investigation.diagnosis))
        wording.why_template = "the model's headline does not name the cause";
    else if (kept * 2 < said)
        wording.why_template = "too little of what the model wrote held";
    return wording;
}

} // namespace convops
