// Bytes as log lines -> patterns: never a crash, every line gets a pattern, patterns and memory stay within their
// bounds, and the same lines in another order are grouped alike.
#include "target.h"

#include "base/check.h"
#include "evidence/log_templates.h"

#include <map>
#include <set>

namespace convops::fuzz {

namespace {

std::vector<std::string> lines_in(std::string_view bytes) {
    std::vector<std::string> lines;
    while (!bytes.empty()) {
        auto const end = std::min(bytes.find('\n'), bytes.size());
        lines.emplace_back(bytes.substr(0, end));
        bytes.remove_prefix(std::min(end + 1, bytes.size()));
    }
    return lines;
}

std::set<std::set<std::string>> groups_of(MinedLines const& mined, std::vector<std::string> const& lines) {
    std::vector<std::set<std::string>> groups(mined.patterns.size());
    for (std::size_t i = 0; i < lines.size(); ++i)
        groups[mined.pattern_of[i]].insert(lines[i]);
    return { groups.begin(), groups.end() };
}

// Lines that differ in blanks only are one entry, shown as the first of them was written.
bool some_differ_in_blanks_only(std::vector<std::string> const& lines) {
    std::map<std::string, std::string> known;
    for (auto const& line : lines) {
        auto const masked = mask_line(line, { .pattern_bytes = 1'000'000 });
        auto plain = masked;
        std::erase(plain, ' ');
        if (known.emplace(plain, masked).first->second != masked)
            return true;
    }
    return false;
}

} // namespace

void one(std::string_view bytes) {
    auto lines = lines_in(bytes);
    auto const mined = mine_templates(lines);
    CHECK(mined.pattern_of.size() == lines.size());
    for (auto const pattern : mined.pattern_of)
        CHECK(pattern < mined.patterns.size());
    TemplateLimits const limits;
    for (auto const& pattern : mined.patterns) {
        CHECK(pattern.size() <= limits.pattern_bytes);
        CHECK(pattern.find('\n') == std::string::npos && pattern.find('\t') == std::string::npos);
    }
    if (!some_differ_in_blanks_only(lines)) {
        auto const groups = groups_of(mined, lines);
        std::reverse(lines.begin(), lines.end());
        CHECK(groups_of(mine_templates(lines), lines) == groups);
    }

    // Limits so small that lines are folded and given up all the time.
    TemplateLimits const small {
        .line_bytes = 64, .tokens = 8, .signatures = 4, .text_bytes = 2'000, .entries_ever = 64, .pattern_bytes = 40
    };
    LogMiner miner({}, small);
    std::vector<std::uint32_t> entries;
    for (int round = 0; round < 3; ++round)
        for (auto const& line : lines)
            entries.push_back(miner.add(line));
    auto const patterns = miner.patterns();
    for (auto const entry : entries)
        CHECK(patterns.pattern_of[entry] < patterns.patterns.size());
}

} // namespace convops::fuzz
