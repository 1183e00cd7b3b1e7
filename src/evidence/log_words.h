// Two tables of the miner: words by number, and masked lines by hash.
#pragma once

#include "evidence/log_clusters.h"
#include "evidence/log_tokens.h"

#include <cstdint>
#include <functional>
#include <string>
#include <unordered_map>
#include <vector>

namespace convops {

// What is known of a word, as bits of WordTrait.
std::uint16_t traits_of(Token const& token);

// Words by number, numbers by text.
class LogWords {
public:
    LogWords() { number_of({ wildcard, false, false, true }); }
    static constexpr std::uint32_t wildcard_word = 0;

    std::uint32_t number_of(Token const& token) {
        auto const found = numbers_.find(token.text);
        if (found != numbers_.end())
            return found->second;
        auto const number = static_cast<std::uint32_t>(traits_.size());
        auto const stored = numbers_.emplace(std::string(token.text), number).first;
        texts_.push_back(&stored->first);
        traits_.push_back(traits_of(token));
        bytes_ += token.text.size() + word_bytes;
        return number;
    }
    [[nodiscard]] std::string const& text(std::uint32_t number) const { return *texts_[number]; }
    [[nodiscard]] std::span<std::uint16_t const> traits() const { return traits_; }
    [[nodiscard]] std::size_t bytes() const { return bytes_; }
    [[nodiscard]] bool is_delimiter(std::uint32_t number) const { return (traits_[number] & word_delimiter) != 0; }

private:
    static constexpr std::size_t word_bytes = 96; // of a node of the map and of the two lists
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const { return hash_of(text, 0); }
    };
    std::unordered_map<std::string, std::uint32_t, Hash, std::equal_to<>> numbers_;
    std::vector<std::string const*> texts_; // keys of `numbers_`
    std::vector<std::uint16_t> traits_;
    std::size_t bytes_ = 0;
};

// From the hash of a masked line to its entry. Forgets all when full: the entries remain and are found by comparing.
class LinesByHash {
public:
    explicit LinesByHash(std::size_t most)
        : most_(most) {
        clear();
    }
    [[nodiscard]] std::uint32_t const* find(std::uint64_t hash) const {
        for (auto at = hash & mask_;; at = (at + 1) & mask_) {
            if (slots_[at].hash == hash && slots_[at].entry != empty)
                return &slots_[at].entry;
            if (slots_[at].entry == empty)
                return nullptr;
        }
    }
    void put(std::uint64_t hash, std::uint32_t entry) {
        if (used_ >= most_)
            clear();
        if (2 * (used_ + 1) > slots_.size())
            grow();
        place(hash, entry);
        ++used_;
    }
    void clear() {
        slots_.assign(1'024, {});
        mask_ = slots_.size() - 1;
        used_ = 0;
    }
    [[nodiscard]] std::size_t bytes() const { return slots_.size() * sizeof(Slot); }

private:
    static constexpr std::uint32_t empty = 0xffff'ffffU;
    struct Slot {
        std::uint64_t hash = 0;
        std::uint32_t entry = empty;
    };
    void place(std::uint64_t hash, std::uint32_t entry) {
        auto at = hash & mask_;
        while (slots_[at].entry != empty)
            at = (at + 1) & mask_;
        slots_[at] = { hash, entry };
    }
    void grow() {
        auto old = std::move(slots_);
        slots_.assign(old.size() * 2, {});
        mask_ = slots_.size() - 1;
        for (auto const& slot : old)
            if (slot.entry != empty)
                place(slot.hash, slot.entry);
    }
    std::size_t most_;
    std::vector<Slot> slots_;
    std::size_t mask_ = 0;
    std::size_t used_ = 0;
};

} // namespace convops
