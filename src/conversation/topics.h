// What a question is about, by the words that people use for it in English, German, Spanish and Hindi.
#pragma once

#include "model/diagnosis.h"

#include <set>

namespace convops {

enum class Topic : std::uint8_t {
    not_seen,
    price,
    confidence,
    advice,
    suspicion, // "was it the deploy?", "why not the disk?"
    aws_side,
    changes,
    onset,
    still,
    errors,
    load, // which statement or wait
    before, // has it happened before?
    alarms,
    cause,
};

struct TopicMatch {
    Topic topic = Topic::cause;
    std::set<std::string> words; // of the question, folded: what the match explains
};

// In order of precedence.
std::vector<TopicMatch> topics_of(std::vector<std::string> const& tokens);

// Kinds of causes that the question names, with the words that name them.
std::vector<std::pair<CauseKind, std::string>> kinds_named(std::vector<std::string> const& tokens);

// Words that carry no meaning of their own: "the", "bitte", "por favor".
bool is_stop_word(std::string const& token);

// "connections" -> "connection", "throttled" -> "throttl": enough to meet the other form in English.
std::string stem(std::string const& token);

// What the word means in the names of metrics: "disk" -> storage, "latenz" -> latency; the word itself otherwise.
std::vector<std::string> metric_words_for(std::string const& token);

// The type of resource that a word stands for: "database" -> "rds:"; empty when none.
std::string_view resource_type_for(std::string const& token);

// The call that would tell about something that is not in the evidence; nullptr when no AWS call does.
struct TellingCall {
    std::string_view words; // "|"-separated stems
    std::string_view command;
    std::string_view iam_action;
};
TellingCall const* telling_call(std::vector<std::string> const& tokens);

} // namespace convops
