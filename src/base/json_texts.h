// Lists of texts, leniently.
#pragma once

#include "base/json.h"

#include <limits>

namespace convops {

// The texts among the entries of the array at `path`, at most so many; absent, null and "" give none.
inline std::vector<std::string> texts_at(
    Json const& json, std::string_view path, std::size_t most = std::numeric_limits<std::size_t>::max()) {
    std::vector<std::string> texts;
    for (auto const& entry : list_at(json, path))
        if (auto const* text = entry.if_string(); text != nullptr && texts.size() < most)
            texts.emplace_back(text->data(), text->size());
    return texts;
}

inline JsonArray texts_to_json(std::vector<std::string> const& texts) {
    JsonArray array;
    for (auto const& text : texts)
        array.emplace_back(text);
    return array;
}

} // namespace convops
