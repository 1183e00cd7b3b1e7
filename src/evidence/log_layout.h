// Where the header of a log line ends: time, level, process, host, component. Learned from the lines themselves, so
// that no format is known by name. Lines of one statement belong together whoever wrote them when.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace convops {

inline constexpr std::size_t layout_lines = 2'000; // of the start of a log: enough to see its layout

class LogLayout {
public:
    // No header.
    LogLayout() = default;
    // From lines of one source; some of them (stack traces) may have no header.
    static LogLayout learned_from(std::span<std::string_view const> lines);

    struct Split {
        std::size_t content = 0; // where the statement starts
        std::uint64_t words_hash = 0; // of the header's words that are no values
    };
    [[nodiscard]] Split split(std::string_view line) const;
    // The header of a line with its values masked: "<*> INFO [<*>] DataNode:".
    [[nodiscard]] std::string masked_header(std::string_view line) const;
    [[nodiscard]] std::size_t columns() const { return columns_.size(); }

private:
    enum class Column : std::uint8_t { value, identifier, level, bracketed, component, word };
    struct Field {
        std::string_view text;
        std::size_t end = 0; // with the separators behind it
    };
    static bool next_field(std::string_view line, std::size_t& at, Field& field);
    static Column column_of(std::string_view field);
    [[nodiscard]] static bool fits(Column column, std::string_view field);

    std::vector<Column> columns_;
};

} // namespace convops
