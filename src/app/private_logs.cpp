#include "app/private_logs.h"

namespace convops {

namespace {

void hide_in(Json& value, std::string_view key, Redaction& redaction) {
    auto* const object = value.if_object();
    if (object == nullptr)
        return;
    auto* const text = object->if_contains(key);
    if (text != nullptr && text->is_string())
        *text = redaction.hide(text_at(value, key));
}

} // namespace

void hide_personal_data_in_patterns(Evidence& evidence, Redaction& redaction) {
    for (auto& fact : evidence.facts)
        if (auto* const log = std::get_if<LogPatternFact>(&fact.detail)) {
            log->pattern = redaction.hide(log->pattern);
            fact.statement = redaction.hide(fact.statement);
            hide_in(fact.value, "pattern", redaction);
        }
}

void hide_personal_data_in_examples(Evidence& evidence, Redaction& redaction) {
    for (auto& fact : evidence.facts)
        if (auto* const log = std::get_if<LogPatternFact>(&fact.detail)) {
            log->example = redaction.hide(log->example);
            hide_in(fact.value, "example", redaction);
        }
}

} // namespace convops
