// Recall by kind and false redaction of tokens, on drawn lines: redaction_figures [--seed N] [--lines N] [--misses
// N]. Exit status 1 when a goal is missed. The seed is printed first, so that a run can be repeated.
#include "labelled_lines.h"

#include "privacy/redaction.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <map>

namespace {

using namespace convops;
using labelled::Line;

constexpr double least_recall = 0.99;
constexpr double most_false_share = 0.02;
constexpr std::size_t telling_bytes = 6; // so many bytes of a value in a row give it away

struct Count {
    std::size_t hidden = 0;
    std::size_t all = 0;
};

struct Figures {
    std::map<std::string, Count> by_kind;
    Count personal_and_secret;
    std::size_t tokens = 0;
    std::size_t lost = 0;
    std::size_t bytes = 0;
    std::size_t not_restored = 0;
    long misses_shown = 0;
};

// Part of the value that is still in `shown` and in none of the clean pieces; empty when the value is gone.
std::string leak(std::string const& value, std::string const& shown, std::string const& clean) {
    auto const part = std::min(value.size(), telling_bytes);
    for (std::size_t at = 0; at + part <= value.size(); ++at) {
        auto const piece = value.substr(at, part);
        if (shown.find(piece) != std::string::npos && clean.find(piece) == std::string::npos)
            return piece;
    }
    return {};
}

std::vector<std::string> tokens_of(std::string_view text) {
    constexpr std::string_view breaks = " \t\r\n=,;&\"'()[]{}<>|\\";
    std::vector<std::string> tokens;
    std::string token;
    for (char const c : text) {
        if (breaks.find(c) == std::string_view::npos) {
            token += c;
            continue;
        }
        if (!token.empty())
            tokens.push_back(std::move(token));
        token.clear();
    }
    if (!token.empty())
        tokens.push_back(std::move(token));
    return tokens;
}

// How many of `wanted` are not in `shown` in this order: the rest of a longest common subsequence.
std::size_t missing_from(std::vector<std::string> const& wanted, std::vector<std::string> const& shown) {
    std::vector<std::size_t> above(shown.size() + 1);
    for (auto const& token : wanted) {
        std::size_t diagonal = 0;
        for (std::size_t i = 0; i < shown.size(); ++i) {
            auto const here = above[i + 1];
            above[i + 1] = token == shown[i] ? diagonal + 1 : std::max(above[i + 1], above[i]);
            diagonal = here;
        }
    }
    return wanted.size() - above.back();
}

void measure(Line const& line, Figures& figures) {
    Redaction redaction;
    auto const text = labelled::text_of(line);
    auto const shown = redaction.hide(text);
    figures.bytes += text.size();
    std::string clean;
    std::vector<std::string> clean_tokens;
    // A token that touches a value is neither clean nor sensitive: "key-[secret]" is nobody's loss.
    std::string spaced;
    for (auto const& piece : line)
        spaced += piece.kind.empty() ? piece.text : "\x01";
    for (auto const& token : tokens_of(spaced))
        if (token.find('\x01') == std::string::npos)
            clean_tokens.push_back(token);
    for (auto const& piece : line)
        if (piece.kind.empty())
            clean += piece.text + '\n';
    bool bad = false;
    for (auto const& piece : line) {
        if (piece.kind.empty())
            continue;
        auto& count = figures.by_kind[piece.kind];
        ++count.all;
        if (leak(piece.text, shown, clean).empty())
            ++count.hidden;
        else
            bad = true;
    }
    auto const lost = missing_from(clean_tokens, tokens_of(shown));
    figures.tokens += clean_tokens.size();
    figures.lost += lost;
    if ((bad || lost > 0) && figures.misses_shown > 0) {
        --figures.misses_shown;
        std::printf("%s\n  line  %s\n  shown %s\n", bad ? "LEFT" : "LOST", text.c_str(), shown.c_str());
    }
    // What is no secret comes back.
    if (shown.find("[secret]") == std::string::npos && redaction.restore(shown) != text)
        ++figures.not_restored;
}

bool print(Figures const& figures, double seconds) {
    Count all;
    std::printf("%-16s %6s %6s %8s\n", "kind", "hidden", "of", "recall");
    for (auto const& [kind, count] : figures.by_kind) {
        all.hidden += count.hidden;
        all.all += count.all;
        std::printf("%-16s %6zu %6zu %7.2f%%\n", kind.c_str(), count.hidden, count.all,
            100.0 * static_cast<double>(count.hidden) / static_cast<double>(count.all));
    }
    auto const recall = static_cast<double>(all.hidden) / static_cast<double>(all.all);
    auto const share = static_cast<double>(figures.lost) / static_cast<double>(figures.tokens);
    std::printf(R"({"labelled": %zu, "recall": %.5f, "clean_tokens": %zu, "false_share": %.5f, "not_restored": %zu, )"
                R"("megabytes_per_second": %.1f})"
                "\n",
        all.all, recall, figures.tokens, share, figures.not_restored,
        static_cast<double>(figures.bytes) / seconds / 1e6);
    return recall >= least_recall && share <= most_false_share && figures.not_restored == 0;
}

} // namespace

int main(int argc, char** argv) {
    std::uint64_t seed = 20261128;
    std::size_t lines = 6000;
    Figures figures;
    for (int i = 1; i + 1 < argc; i += 2) {
        std::string_view const option = argv[i];
        if (option == "--seed")
            seed = std::strtoull(argv[i + 1], nullptr, 10);
        else if (option == "--lines")
            lines = std::strtoull(argv[i + 1], nullptr, 10);
        else if (option == "--misses")
            figures.misses_shown = std::atol(argv[i + 1]);
    }
    std::printf("seed %llu, %zu lines\n", static_cast<unsigned long long>(seed), lines);
    auto const drawn = labelled::Lines(seed).draw(lines);
    auto const start = std::chrono::steady_clock::now();
    for (auto const& line : drawn)
        measure(line, figures);
    return print(figures, std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count()) ? 0 : 1;
}
