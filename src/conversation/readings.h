// The readings of a question: each makes the lines that it would answer with. Only answer.cpp uses it.
#pragma once

#include "conversation/statements.h"
#include "conversation/topics.h"

namespace convops {

struct QuestionWords {
    std::vector<std::string> tokens; // as typed, folded
    std::set<std::string> content; // those that mean something
    std::set<std::string> terms; // their stems
};
QuestionWords words_of_question(std::string_view question);

// A candidate: what it says and which words of the question it explains.
struct Reading {
    std::vector<AnswerLine> lines; // empty: this reading has nothing to say
    std::set<std::string> explained; // words of QuestionWords::content
};

inline constexpr std::size_t most_lines = 6; // of one answer: a phone at night

Reading read_topic(TopicMatch const& match, QuestionWords const& words, Investigation const& investigation,
    Statements const& statements);
Reading read_metrics(QuestionWords const& words, Investigation const& investigation);
Reading read_resource(QuestionWords const& words, Investigation const& investigation);
Reading read_statements(QuestionWords const& words, Statements const& statements);

// Resources of the evidence that the question names, by name or by what kind of thing they are; the alarm's and the
// cause's own first.
struct NamedResource {
    Resource resource;
    std::set<std::string> words;
    bool by_name = false;
};
std::vector<NamedResource> resources_named(QuestionWords const& words, Investigation const& investigation);

} // namespace convops
