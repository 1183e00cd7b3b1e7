#include "adapters/recorded/metric_math.h"

#include "base/text.h"

#include <cctype>
#include <charconv>

namespace convops {

namespace {

constexpr int most_depth = 32;

// Evaluates the expression at one moment; a metric without a datapoint there makes the whole undefined.
class Evaluation {
public:
    Evaluation(std::string_view text, std::map<std::string, double> const& values)
        : text_(text)
        , values_(values) { }

    Result<double> whole() {
        auto const value = TRY(sum(0));
        skip_blanks();
        if (at_ != text_.size())
            return unsupported();
        return value;
    }

private:
    [[nodiscard]] Error unsupported() const {
        return { ErrorKind::invalid_input, "a recorded account cannot evaluate \"" + std::string(text_) + "\"" };
    }
    void skip_blanks() {
        while (at_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[at_])) != 0)
            ++at_;
    }
    bool take(char c) {
        skip_blanks();
        if (at_ < text_.size() && text_[at_] == c) {
            ++at_;
            return true;
        }
        return false;
    }
    Result<double> sum(int depth) {
        double value = TRY(product(depth));
        while (true) {
            if (take('+'))
                value += TRY(product(depth));
            else if (take('-'))
                value -= TRY(product(depth));
            else
                return value;
        }
    }
    Result<double> product(int depth) {
        double value = TRY(atom(depth));
        while (true) {
            if (take('*')) {
                value *= TRY(atom(depth));
            } else if (take('/')) {
                double const divisor = TRY(atom(depth));
                if (divisor == 0)
                    return Error { ErrorKind::not_found, "division by zero: no datapoint" };
                value /= divisor;
            } else {
                return value;
            }
        }
    }
    Result<double> atom(int depth) {
        if (depth > most_depth)
            return unsupported();
        if (take('(')) {
            double const value = TRY(sum(depth + 1));
            if (!take(')'))
                return unsupported();
            return value;
        }
        skip_blanks();
        double number = 0;
        auto const [end, error] = std::from_chars(text_.data() + at_, text_.data() + text_.size(), number);
        if (error == std::errc {}) {
            at_ = static_cast<std::size_t>(end - text_.data());
            return number;
        }
        auto const start = at_;
        while (at_ < text_.size() && (std::isalnum(static_cast<unsigned char>(text_[at_])) != 0 || text_[at_] == '_'))
            ++at_;
        auto const word = std::string(text_.substr(start, at_ - start));
        if (auto const value = values_.find(word); value != values_.end())
            return value->second;
        return over_all(to_lower(word));
    }
    Result<double> over_all(std::string const& function) {
        bool const known = function == "sum" || function == "avg" || function == "min" || function == "max";
        if (!known || !take('(') || !text_.substr(at_).starts_with("METRICS()") || values_.empty())
            return unsupported();
        at_ += 9;
        if (!take(')'))
            return unsupported();
        double total = 0, least = values_.begin()->second, most = least;
        for (auto const& [id, value] : values_) {
            total += value;
            least = std::min(least, value);
            most = std::max(most, value);
        }
        return function == "sum" ? total
            : function == "avg"  ? total / double(values_.size())
            : function == "min"  ? least
                                 : most;
    }

    std::string_view text_;
    std::map<std::string, double> const& values_;
    std::size_t at_ = 0;
};

} // namespace

Result<Series> evaluate_metric_math(std::string_view expression, std::map<std::string, Series> const& by_id) {
    std::map<Time, std::map<std::string, double>> moments;
    Series result { { "", std::string(expression), {} }, "", "None", Seconds { 60 }, {}, {} };
    for (auto const& [id, series] : by_id) {
        result.period = series.period;
        for (std::size_t i = 0; i < series.at.size(); ++i)
            moments[series.at[i]][id] = series.values[i];
    }
    for (auto const& [at, values] : moments) {
        if (values.size() != by_id.size())
            continue;
        auto const value = Evaluation(expression, values).whole();
        if (!value && value.error().kind == ErrorKind::invalid_input)
            return value.error();
        if (value) {
            result.at.push_back(at);
            result.values.push_back(*value);
        }
    }
    return result;
}

} // namespace convops
