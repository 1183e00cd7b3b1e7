// What a model is asked: fixed instructions, the finished diagnosis with its facts as data, and the shape of the
// answer. Nothing relies on the model doing as it is told: claims.h checks what comes back.
#pragma once

#include "base/json.h"
#include "model/investigation.h"
#include "wording/claims.h"

#include <functional>

namespace convops {

// Bounds of the material: a question costs what it holds.
inline constexpr std::size_t most_material_facts = 40;
inline constexpr std::size_t most_material_bytes = 28 * 1024;
inline constexpr std::size_t most_material_text = 420; // of one string
inline constexpr std::size_t most_material_causes = 4;
inline constexpr std::size_t most_material_ruled_out = 6;
inline constexpr std::size_t most_material_gaps = 6;
// Of the answer.
inline constexpr std::size_t most_headline_sentences = 2;
inline constexpr std::size_t most_line_sentences = 8;

std::string const& wording_instructions(); // the same bytes for every question: a provider can cache them
JsonObject wording_answer_schema();

// `hide` takes personal data and secrets out of each string.
using Hide = std::function<std::string(std::string_view)>;
std::string wording_material(Investigation const& investigation, Readership const& reader, Hide const& hide);

struct ModelDraft {
    std::vector<WordedSentence> headline;
    std::vector<WordedSentence> lines;
};
// What was answered, within the bounds; anything of another shape is left out.
ModelDraft draft_from(Json const& answer);

} // namespace convops
