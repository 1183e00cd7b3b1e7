#include "audit/insights_query.h"

#include "base/text.h"

#include <algorithm>

namespace convops {

namespace {

constexpr std::size_t most_query_bytes = 4'096;

struct Token {
    std::string text;
    bool quoted = false;
};

std::vector<Token> tokens_of(std::string_view text) {
    std::vector<Token> tokens;
    for (std::size_t i = 0; i < text.size();) {
        char const c = text[i];
        if (c == ' ' || c == '\n' || c == '\t' || c == '\r') {
            ++i;
        } else if (c == '"' || c == '\'') {
            auto const end = text.find(c, i + 1);
            if (end == std::string_view::npos)
                return {};
            tokens.push_back({ std::string(text.substr(i + 1, end - i - 1)), true });
            i = end + 1;
        } else if (c == '!' && i + 1 < text.size() && text[i + 1] == '=') {
            tokens.push_back({ "!=" });
            i += 2;
        } else if (std::string_view("(),=").find(c) != std::string_view::npos) {
            tokens.push_back({ std::string(1, c) });
            ++i;
        } else {
            auto const end = std::min(text.find_first_of(" \n\t\r(),='\"!", i + 1), text.size());
            tokens.push_back({ std::string(text.substr(i, end - i)) });
            i = end;
        }
    }
    return tokens;
}

class QueryReader {
public:
    explicit QueryReader(std::vector<Token> tokens)
        : tokens_(std::move(tokens)) { }

    std::optional<InsightsQuery> read() {
        if (!word("SELECT") || !take(query_.statistic) || !mark("(") || !take(query_.metric) || !mark(")"))
            return std::nullopt;
        if (!word("FROM") || !from())
            return std::nullopt;
        if (word("WHERE") && !conditions())
            return std::nullopt;
        if (word("GROUP") && (!word("BY") || !names(query_.group_by)))
            return std::nullopt;
        if (at_ < tokens_.size() && !is_word("ORDER") && !is_word("LIMIT"))
            return std::nullopt;
        return std::move(query_);
    }

private:
    [[nodiscard]] bool is_word(std::string_view expected) const {
        return at_ < tokens_.size() && !tokens_[at_].quoted && to_lower(tokens_[at_].text) == to_lower(expected);
    }
    bool word(std::string_view expected) { return is_word(expected) && ++at_ > 0; }
    bool mark(std::string_view expected) { return word(expected); }
    bool take(std::string& into) {
        if (at_ >= tokens_.size())
            return false;
        into = tokens_[at_++].text;
        return true;
    }
    bool names(std::vector<std::string>& into) {
        do {
            std::string name;
            if (!take(name))
                return false;
            into.push_back(std::move(name));
        } while (mark(","));
        return true;
    }
    bool from() {
        if (!word("SCHEMA"))
            return take(query_.metric_namespace);
        if (!mark("(") || !take(query_.metric_namespace))
            return false;
        if (mark(",") && !names(query_.schema))
            return false;
        return mark(")");
    }
    bool conditions() {
        do {
            std::string name;
            std::string value;
            if (!take(name) || name.starts_with("tag."))
                return false;
            bool const equal = mark("=");
            if ((!equal && !mark("!=")) || !take(value))
                return false;
            (equal ? query_.equals : query_.differs)[name] = value;
        } while (word("AND"));
        return !is_word("OR");
    }

    std::vector<Token> tokens_;
    std::size_t at_ = 0;
    InsightsQuery query_;
};

} // namespace

std::optional<InsightsQuery> parse_insights_query(std::string_view text) {
    return text.size() > most_query_bytes ? std::nullopt : QueryReader(tokens_of(text)).read();
}

bool InsightsQuery::reads(std::string const& of_namespace, std::string const& name,
    std::map<std::string, std::string> const& dimensions) const {
    if (of_namespace != metric_namespace || name != metric)
        return false;
    if (!schema.empty()
        && (schema.size() != dimensions.size()
            || !std::all_of(schema.begin(), schema.end(), [&](auto const& one) { return dimensions.contains(one); })))
        return false;
    // A metric without the dimension of a condition is not selected by it.
    auto const holds = [&](auto const& condition, bool equal) {
        auto const found = dimensions.find(condition.first);
        return found != dimensions.end() && (found->second == condition.second) == equal;
    };
    return std::all_of(equals.begin(), equals.end(), [&](auto const& one) { return holds(one, true); })
        && std::all_of(differs.begin(), differs.end(), [&](auto const& one) { return holds(one, false); });
}

} // namespace convops
