#include "app/wording.h"

#include "base/text.h"
#include "privacy/redaction.h"
#include "wording/worded.h"

namespace convops {

namespace {

constexpr int most_output_tokens = 1'500; // a headline and eight lines with their ids
constexpr Milliseconds least_time_for_words { 2'000 };
constexpr std::size_t most_why_bytes = 300;

JsonArray sentences_json(std::vector<WordedSentence> const& sentences) {
    JsonArray out;
    for (auto const& sentence : sentences) {
        JsonArray cites;
        for (auto const& id : sentence.cites)
            cites.emplace_back(id);
        out.push_back(JsonObject { { "text", sentence.text }, { "cites", std::move(cites) } });
    }
    return out;
}

ItemKey item_key(WordingKey const& key) {
    return { key.workspace, "wording/" + key.incident.text, key.language + "/" + key.zone_label + "/" + key.report };
}

} // namespace

std::optional<Milliseconds> time_for_words(Milliseconds spent, Milliseconds setting) {
    auto left = std::min(most_time_for_words, diagnosis_due - spent);
    if (setting > Milliseconds { 0 })
        left = std::min(left, setting);
    return left < least_time_for_words && left < setting ? std::nullopt : std::optional(left);
}

AskedDraft ask_for_words(
    Investigation const& investigation, Readership const& reader, Llm& model, Milliseconds time_left) {
    Redaction redaction; // one exchange
    LlmRequest request;
    request.instructions = wording_instructions();
    request.material
        = wording_material(investigation, reader, [&](std::string_view text) { return redaction.hide(text); });
    request.answer_schema = wording_answer_schema();
    request.most_output_tokens = most_output_tokens;
    request.time_left = time_left;
    auto outcome = model.ask(request);
    AskedDraft asked;
    asked.model = std::move(outcome.model);
    asked.usage = outcome.usage;
    if (!outcome.answer) {
        auto const& error = outcome.answer.error();
        // A budget speaks for itself. What a provider wrote was made one short line without the key by its adapter;
        // it may repeat what it was sent, which was redacted.
        asked.why = error.kind == ErrorKind::conflict ? error.message
                                                      : "the model gave no answer ("
                + std::string(to_string(error.kind)) + "): " + shorten(clean_utf8(error.message), most_why_bytes);
        return asked;
    }
    asked.draft = draft_from(*outcome.answer);
    for (auto* sentences : { &asked.draft.headline, &asked.draft.lines })
        for (auto& sentence : *sentences)
            sentence.text = redaction.restore(sentence.text);
    return asked;
}

WordedDiagnosis wording_of(Investigation const& investigation, Readership const& reader, AskedDraft const& asked) {
    WordedDiagnosis wording;
    if (asked.why.empty())
        wording = checked(investigation, reader, asked.draft);
    else
        wording.why_template = asked.why;
    wording.language = reader.language;
    wording.model = asked.model;
    auto const& usage = asked.usage;
    wording.input_tokens = usage.input_tokens + usage.cache_read_tokens + usage.cache_write_tokens;
    wording.output_tokens = usage.output_tokens;
    wording.usd = usage.usd;
    return wording;
}

void add_wording(Investigation& investigation, WordedDiagnosis wording) {
    investigation.cost.input_tokens += wording.input_tokens;
    investigation.cost.output_tokens += wording.output_tokens;
    investigation.cost.usd += wording.usd;
    investigation.wording = std::move(wording);
}

Result<> keep_words(Store& store, WordingKey const& key, AskedDraft const& asked, Time now) {
    JsonObject const body { { "v", 1 }, { "headline", sentences_json(asked.draft.headline) },
        { "lines", sentences_json(asked.draft.lines) }, { "why", asked.why }, { "model", asked.model },
        { "input_tokens", asked.usage.input_tokens }, { "cache_read_tokens", asked.usage.cache_read_tokens },
        { "cache_write_tokens", asked.usage.cache_write_tokens }, { "output_tokens", asked.usage.output_tokens },
        { "micro_usd", std::llround(asked.usage.usd * 1e6) } };
    Write write;
    write.item = { item_key(key), DataClass::diagnosis_summaries, now, to_text(Json(body)) };
    return store.commit({ write }, now).with_context("keeping the model's words");
}

Result<AskedDraft> kept_words(Store& store, WordingKey const& key, Time now) {
    auto const item = TRY(store.get(item_key(key), now));
    auto const json = TRY(parse_json(item.body).with_context("the model's words as kept"));
    AskedDraft asked;
    asked.draft = draft_from(json);
    asked.why = text_at(json, "why");
    asked.model = text_at(json, "model");
    asked.usage.input_tokens = integer_at(json, "input_tokens").value_or(0);
    asked.usage.cache_read_tokens = integer_at(json, "cache_read_tokens").value_or(0);
    asked.usage.cache_write_tokens = integer_at(json, "cache_write_tokens").value_or(0);
    asked.usage.output_tokens = integer_at(json, "output_tokens").value_or(0);
    asked.usage.usd = double(integer_at(json, "micro_usd").value_or(0)) / 1e6;
    return asked;
}

} // namespace convops
