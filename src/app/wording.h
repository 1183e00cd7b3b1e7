// Words by a model, facts by code: redact, ask, restore, check. The draft is kept beside the incident, so that a
// delivery that is tried again, a second route and a crash do not pay twice; it is checked anew against the
// investigation each time it is shown.
#pragma once

#include "model/wording.h"
#include "ports/clock.h"
#include "ports/llm.h"
#include "ports/store.h"
#include "wording/prompt.h"

namespace convops {

// What came back, before it is checked. `why` says why there is no draft: the message then has the template's words.
struct AskedDraft {
    ModelDraft draft;
    std::string why;
    std::string model;
    LlmUsage usage;
};

// The diagnosis never waits longer than this for words: product.md promises the cause within 60 s of the alarm.
inline constexpr Milliseconds most_time_for_words { 20'000 };
inline constexpr Milliseconds diagnosis_due { 55'000 };

// How long a model may take when the investigation took `spent` already; nullopt: not worth asking.
std::optional<Milliseconds> time_for_words(Milliseconds spent, Milliseconds setting);

AskedDraft ask_for_words(
    Investigation const& investigation, Readership const& reader, Llm& model, Milliseconds time_left);

// The checked words, with what they cost and who wrote them.
WordedDiagnosis wording_of(Investigation const& investigation, Readership const& reader, AskedDraft const& asked);

// Puts the words and their price into the investigation, for composing and JSON.
void add_wording(Investigation& investigation, WordedDiagnosis wording);

// The draft of one report of an incident, for readers of one language and zone.
struct WordingKey {
    WorkspaceId workspace;
    IncidentId incident;
    std::string report; // capsule file: a deeper look has words of its own
    std::string language;
    std::string zone_label;
};
Result<> keep_words(Store& store, WordingKey const& key, AskedDraft const& asked, Time now);
Result<AskedDraft> kept_words(Store& store, WordingKey const& key, Time now); // not_found when never asked

} // namespace convops
