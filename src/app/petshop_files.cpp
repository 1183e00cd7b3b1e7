#include "app/petshop_files.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fstream>

namespace convops {

namespace {

constexpr std::size_t most_csv_bytes = std::size_t { 64 } << 20;

using Table = std::vector<std::vector<std::string>>;

// No name in this data set holds a comma or a quote.
Result<Table> table_of(std::filesystem::path const& path) {
    auto const text = TRY(petshop_text(path));
    Table rows(1);
    rows[0].emplace_back();
    for (char const c : text)
        if (c == ',')
            rows.back().emplace_back();
        else if (c == '\n')
            rows.push_back({ std::string() });
        else if (c != '\r')
            rows.back().back() += c;
    std::erase_if(rows, [](auto const& row) { return row.size() < 2; });
    return rows;
}

double number_of(std::string const& text) {
    double value = 0;
    auto const read = std::from_chars(text.data(), text.data() + text.size(), value);
    return read.ec == std::errc() && !text.empty() ? value : std::nan("");
}

} // namespace

Result<std::string> petshop_text(std::filesystem::path const& path) {
    std::error_code error;
    auto const size = std::filesystem::file_size(path, error);
    if (error || size > most_csv_bytes)
        return Error { ErrorKind::not_found, path.string() + ": cannot be read" };
    std::ifstream in(path, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(in), {});
}

Result<Measured> petshop_metrics(std::filesystem::path const& path) {
    auto const table = TRY(table_of(path));
    Measured all;
    if (table.size() < 3)
        return all;
    for (std::size_t column = 1; column < table[0].size(); ++column) {
        auto const& metric = column < table[1].size() ? table[1][column] : std::string();
        auto const statistic = column < table[2].size() ? table[2][column] : std::string();
        if (statistic != (metric == "requests" ? "Sum" : "Average"))
            continue;
        auto& values = all[{ table[0][column], metric }];
        for (std::size_t row = 3; row < table.size(); ++row)
            if (!table[row][0].empty() && table[row][0] != "unix_timestamp")
                values.push_back(column < table[row].size() ? number_of(table[row][column]) : std::nan(""));
    }
    return all;
}

Result<Edges> petshop_calls(std::filesystem::path const& path) {
    auto const table = TRY(table_of(path));
    Edges calls;
    for (std::size_t row = 1; row < table.size(); ++row)
        for (std::size_t column = 1; column < table[row].size() && column < table[0].size(); ++column)
            if (number_of(table[row][column]) > 0)
                calls.emplace_back(table[row][0], table[0][column]);
    return calls;
}

Measured cut(Measured const& all, std::size_t from, std::size_t count) {
    Measured window;
    for (auto const& [key, values] : all)
        if (from + count <= values.size())
            window[key].assign(values.begin() + std::ptrdiff_t(from), values.begin() + std::ptrdiff_t(from + count));
    return window;
}

Measured without(Measured all, std::size_t from, std::size_t count) {
    for (auto& [key, values] : all)
        for (std::size_t i = from >= count ? from - count : 0; i < std::min(values.size(), from + 2 * count); ++i)
            values[i] = std::nan("");
    return all;
}

} // namespace convops
