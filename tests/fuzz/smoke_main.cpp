// Runs a target without libFuzzer: smoke FOLDER... [--mutations N]. Every file as it is, then mutations of it. Prints
// the seed first, so that a run can be repeated.
#include "target.h"

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace {

constexpr std::uint64_t seed = 20261123;

// A small fixed generator, so that a run means the same on every machine.
class Dice {
public:
    std::uint64_t roll(std::uint64_t below) {
        state_ ^= state_ << 13U;
        state_ ^= state_ >> 7U;
        state_ ^= state_ << 17U;
        return below == 0 ? 0 : state_ % below;
    }

private:
    std::uint64_t state_ = seed;
};

std::string mutated(std::string bytes, std::vector<std::string> const& corpus, Dice& dice) {
    static std::vector<std::string> const pieces { "\"", "{", "}", "[", "]", "null", "-1", "1e999", "\\u0000", "\xff",
        "\r\n", "\n", ":", ",", "%2e", "@", std::string(1, '\0'), "9999999999999999999999", "(", ")" };
    auto const changes = 1 + dice.roll(6);
    for (std::uint64_t i = 0; i < changes; ++i) {
        auto const at = static_cast<std::size_t>(dice.roll(bytes.size() + 1));
        switch (dice.roll(6)) {
        case 0: // flip a bit
            if (at < bytes.size())
                bytes[at] = static_cast<char>(bytes[at] ^ static_cast<char>(1U << dice.roll(8)));
            break;
        case 1:
            bytes.insert(at, pieces[dice.roll(pieces.size())]);
            break;
        case 2:
            bytes.erase(at, dice.roll(16));
            break;
        case 3:
            bytes.resize(at);
            break;
        case 4: // repeat a part
            bytes.insert(at, bytes.substr(at, dice.roll(64)));
            break;
        default: { // splice in a part of another file
            auto const& other = corpus[dice.roll(corpus.size())];
            auto const from = static_cast<std::size_t>(dice.roll(other.size() + 1));
            bytes.insert(at, other.substr(from, dice.roll(128)));
        }
        }
    }
    return bytes;
}

std::vector<std::string> read_folders(std::vector<std::filesystem::path> const& folders) {
    std::vector<std::string> corpus;
    for (auto const& folder : folders) {
        if (!std::filesystem::is_directory(folder)) {
            std::printf("%s: not found, skipped\n", folder.c_str());
            continue;
        }
        for (auto const& entry : std::filesystem::recursive_directory_iterator(folder)) {
            if (!entry.is_regular_file())
                continue;
            std::ifstream in(entry.path(), std::ios::binary);
            std::ostringstream text;
            text << in.rdbuf();
            corpus.push_back(std::move(text).str());
        }
    }
    return corpus;
}

} // namespace

int main(int argc, char** argv) {
    std::vector<std::filesystem::path> folders;
    long mutations = 1000;
    for (int i = 1; i < argc; ++i) {
        if (std::string_view(argv[i]) == "--mutations" && i + 1 < argc)
            mutations = std::atol(argv[++i]);
        else
            folders.emplace_back(argv[i]);
    }
    if (auto const* shared = std::getenv("CONVOPS_SHARED_DATA"); shared != nullptr)
        folders.emplace_back(std::filesystem::path(shared) / "aws-samples" / "sns-envelopes");
    auto corpus = read_folders(folders);
    corpus.emplace_back(); // the empty input belongs to every corpus
    std::printf("seed %llu, %zu inputs, %ld mutations of each\n", static_cast<unsigned long long>(seed),
        corpus.size(), mutations);
    std::fflush(stdout);
    Dice dice;
    for (auto const& bytes : corpus) {
        convops::fuzz::one(bytes);
        for (long i = 0; i < mutations; ++i)
            convops::fuzz::one(mutated(bytes, corpus, dice));
    }
    return 0;
}
