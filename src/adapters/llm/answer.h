// From a model's words to one JSON object of the shape that was asked for, or to an error that says why not. Pure.
#pragma once

#include "ports/llm.h"

namespace convops {

inline constexpr std::size_t most_answer_bytes = 256 * 1024; // far more than most_output_tokens ever make

// What one try brought. `usage` is what the provider reported, or what it must at least have read.
struct ModelReply {
    Result<Json> answer = Error { ErrorKind::corrupt, "nothing was answered" };
    LlmUsage usage;
    std::string model;
};

enum class Wrapping : std::uint8_t {
    none, // the text is the object and nothing else
    tolerated, // the object may stand in a code fence or in prose, as small models like to do
};

// The text as a JSON object that fits `schema`. Errors: corrupt.
Result<Json> answer_from(std::string_view text, JsonObject const& schema, Wrapping wrapping);

// "" when `json` fits `schema`, else where it does not ("/sentences/2/facts is no array"). Knows type, properties,
// required, additionalProperties: false, items and enum: what we ask for. Never quotes the answer.
std::string misfit(Json const& json, JsonObject const& schema);

// The schema with what providers refuse taken out, and every object closed. Lengths and ranges are ours to check.
// https://platform.claude.com/docs/en/build-with-claude/structured-outputs#json-schema-limitations
JsonObject schema_for_provider(JsonObject const& schema);

// A provider's own words for an error, fit for a log line: one short line, without `secret`.
std::string words_of_provider(std::string_view text, std::string_view secret);

// Tokens that a report claims, kept within reason: nobody bills a billion of them for one call.
std::int64_t reported_tokens(Json const& json, std::string_view path);

// Never fewer tokens than the text has: a token covers at least one byte in every tokenizer that providers use.
std::int64_t most_tokens_of(LlmRequest const& request);
// What a prompt probably has, for tries whose report never came.
std::int64_t likely_tokens_of(LlmRequest const& request);
std::int64_t likely_tokens_of(std::size_t bytes);

} // namespace convops
