// A search over everything that an investigation states: facts, causes, what was ruled out and what is suggested.
// Ranked by BM25 (Robertson and Zaragoza, "The Probabilistic Relevance Framework", 2009) over stems and parts of
// names.
#pragma once

#include "model/answer.h"

#include <set>

namespace convops {

struct Statement {
    AnswerLine line;
    Fact const* fact = nullptr; // nullptr: a cause, a rule-out or a suggestion
    std::set<std::string> terms;
    double score = 0; // of the last search
};

// The stems of a text and of the parts of its names.
std::set<std::string> terms_of(std::string_view text);

class Statements {
public:
    explicit Statements(Investigation const& investigation);
    // Best first, at most `most`; only those with at least one term of the query. `explained`: the terms of the query
    // that the best one has.
    struct Found {
        std::vector<Statement> statements;
        std::set<std::string> explained;
    };
    [[nodiscard]] Found search(std::set<std::string> const& query, std::size_t most) const;

private:
    std::vector<Statement> all_;
    std::map<std::string, std::size_t> documents_with_;
    double mean_length_ = 1;
};

} // namespace convops
