// Bytes of a capsule -> an investigation run again from it: never a crash, whatever the recorded answers hold.
// Mutated bytes are seldom JSON, so each capsule that reads is also damaged in its structure: wrong types, extreme
// numbers and times, empty and repeated lists. The bytes decide the damage, so that a run can be repeated.
#include "target.h"

#include "adapters/files/files.h"
#include "app/capsule.h"
#include "base/check.h"
#include "message/chart.h"
#include "message/investigation_json.h"

namespace convops::fuzz {

namespace {

constexpr std::size_t most_bytes = std::size_t { 8 } << 20;
constexpr int rounds = 20;

class Dice {
public:
    explicit Dice(std::string_view bytes)
        : state_(std::hash<std::string_view> {}(bytes) | 1U) { }
    std::uint64_t roll(std::uint64_t below) {
        state_ ^= state_ << 13U;
        state_ ^= state_ >> 7U;
        state_ ^= state_ << 17U;
        return state_ % below;
    }

private:
    std::uint64_t state_;
};

void replace(Json& value, Dice& dice) {
    static JsonArray const odd { nullptr, true, 0, -1, 1e308, -1e308, 1e-308, 9007199254740993, "", "nan", "inf",
        "-1", "1e400", "0001-01-01T00:00:00Z", "1970-01-01T00:00:00Z", "9999-12-31T23:59:59Z",
        "\x1b[31m<!channel>*_~`|\n", JsonArray {}, JsonObject {}, JsonArray { JsonArray {}, nullptr, 1 },
        JsonObject { { "a", nullptr } }, std::string(10'000, 'x'), "arn:aws:", ":::::::", "{\"a\":", "[[[[" };
    if (auto* array = value.if_array(); array != nullptr && !array->empty() && dice.roll(3) == 0) {
        Json const one = (*array)[dice.roll(array->size())];
        for (int i = 0; i < 50; ++i)
            array->push_back(one);
        return;
    }
    value = odd[dice.roll(odd.size())];
}

// Walks down a random way and replaces what is there.
void damage(Json& value, Dice& dice) {
    if (auto* object = value.if_object(); object != nullptr && !object->empty() && dice.roll(8) != 0)
        return damage((object->begin() + static_cast<std::ptrdiff_t>(dice.roll(object->size())))->value(), dice);
    if (auto* array = value.if_array(); array != nullptr && !array->empty() && dice.roll(8) != 0)
        return damage((*array)[dice.roll(array->size())], dice);
    replace(value, dice);
}

void run(Json const& json) {
    auto const capsule = capsule_from_bytes(to_text(json));
    if (!capsule)
        return;
    auto const investigation = replay(*capsule);
    if (!investigation)
        return;
    Reader const reader;
    CHECK(!to_plain_text(compose_diagnosis(*investigation, reader)).empty());
    CHECK(parse_json(to_text(Json(to_json(*investigation, reader))), { .bytes = most_bytes * 8, .depth = 64 }));
    if (auto const chart = chart_from(*investigation, reader))
        static_cast<void>(render_chart(*chart));
}

} // namespace

void one(std::string_view bytes) {
    static_cast<void>(zstd_unpack(bytes, most_bytes));
    auto const whole = parse_json(bytes, { .bytes = most_bytes, .depth = 64 });
    if (!whole || !capsule_from_bytes(bytes))
        return;
    run(*whole);
    Dice dice(bytes);
    for (int round = 0; round < rounds; ++round) {
        Json damaged = *whole;
        auto const count = 1 + dice.roll(40);
        for (std::uint64_t i = 0; i < count; ++i) {
            auto* object = damaged.if_object();
            auto* reads = object == nullptr ? nullptr : object->if_contains("reads");
            damage(reads != nullptr && dice.roll(20) != 0 ? *reads : damaged, dice);
        }
        run(damaged);
    }
}

} // namespace convops::fuzz
