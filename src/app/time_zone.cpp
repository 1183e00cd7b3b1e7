#include "app/time_zone.h"

#include "adapters/files/files.h"

#include <charconv>
#include <cstdlib>

namespace convops {

namespace {

constexpr std::size_t most_zone_bytes = 256 * 1024; // the largest of tzdata has 4 kB
constexpr std::size_t header_bytes = 44;

Error not_a_zone(std::string_view why) {
    return Error { ErrorKind::corrupt, "zone file: " + std::string(why) };
}

// Big-endian, two's complement.
std::int64_t number_at(std::string_view bytes, std::size_t at, std::size_t size) {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < size; ++i)
        value = value << 8U | static_cast<unsigned char>(bytes[at + i]);
    return size == 4 ? std::int64_t { static_cast<std::int32_t>(value) } : static_cast<std::int64_t>(value);
}

// The counts of one header and where its block begins and ends.
struct Block {
    std::size_t transitions = 0, types = 0, characters = 0, leaps = 0, walls = 0, universals = 0;
    std::size_t time_bytes = 4;
    std::size_t begin = 0;

    [[nodiscard]] std::size_t types_at() const { return begin + transitions * (time_bytes + 1); }
    [[nodiscard]] std::size_t names_at() const { return types_at() + types * 6; }
    [[nodiscard]] std::size_t end() const {
        return names_at() + characters + leaps * (time_bytes + 4) + walls + universals;
    }
};

Result<Block> block_at(std::string_view bytes, std::size_t at, std::size_t time_bytes) {
    if (bytes.size() < at + header_bytes || bytes.substr(at, 4) != "TZif")
        return not_a_zone("no TZif header");
    auto const count = [&](std::size_t index) { return std::size_t(number_at(bytes, at + 20 + index * 4, 4)); };
    Block block;
    block.universals = count(0);
    block.walls = count(1);
    block.leaps = count(2);
    block.transitions = count(3);
    block.types = count(4);
    block.characters = count(5);
    block.time_bytes = time_bytes;
    block.begin = at + header_bytes;
    for (auto const each :
        { block.universals, block.walls, block.leaps, block.transitions, block.types, block.characters })
        if (each > most_zone_bytes)
            return not_a_zone("a count is too large");
    if (block.types == 0 || block.end() > bytes.size())
        return not_a_zone("it is cut off");
    return block;
}

// --- The footer: how it goes on after the last transition. "CET-1CEST,M3.5.0,M10.5.0/3" ---

class FooterReader {
public:
    explicit FooterReader(std::string_view text)
        : text_(text) { }

    std::string name() {
        auto const quoted = take("<");
        std::string out;
        while (!text_.empty() && (quoted ? text_[0] != '>' : std::isalpha(static_cast<unsigned char>(text_[0])) != 0))
            out += next();
        if (quoted)
            take(">");
        return out;
    }
    // [+-]hh[:mm[:ss]]
    Seconds time() {
        bool const negative = !take("+") && take("-");
        auto seconds = Seconds { Hours { number() } };
        if (take(":"))
            seconds += Minutes { number() };
        if (take(":"))
            seconds += Seconds { number() };
        return negative ? -seconds : seconds;
    }
    int number() {
        int value = 0;
        auto const [end, error] = std::from_chars(text_.data(), text_.data() + text_.size(), value);
        failed_ = failed_ || error != std::errc {};
        text_.remove_prefix(std::size_t(end - text_.data()));
        return value;
    }
    bool take(std::string_view what) {
        bool const there = text_.starts_with(what);
        if (there)
            text_.remove_prefix(what.size());
        return there;
    }
    [[nodiscard]] bool done() const { return text_.empty(); }
    [[nodiscard]] bool failed() const { return failed_; }

private:
    char next() {
        char const c = text_[0];
        text_.remove_prefix(1);
        return c;
    }
    std::string_view text_;
    bool failed_ = false;
};

// "M3.5.0/2": month, week (5: the last), weekday, time of day. Real zones use no other form but Jn and n, which none
// of tzdata's footers does.
struct Change {
    unsigned month = 1, week = 1, weekday = 0;
    Seconds time_of_day { 7200 };

    [[nodiscard]] std::chrono::sys_seconds in(std::chrono::year year) const {
        std::chrono::month const the_month { month };
        std::chrono::weekday const the_day { weekday };
        auto const day = week == 5 ? std::chrono::sys_days { year / the_month / the_day[std::chrono::last] }
                                   : std::chrono::sys_days { year / the_month / the_day[week] };
        return std::chrono::sys_seconds { day } + time_of_day;
    }
};

std::optional<Change> change_from(FooterReader& reader) {
    Change change;
    if (!reader.take(",M"))
        return std::nullopt;
    change.month = unsigned(reader.number());
    reader.take(".");
    change.week = unsigned(reader.number());
    reader.take(".");
    change.weekday = unsigned(reader.number());
    if (reader.take("/"))
        change.time_of_day = reader.time();
    bool const good = change.month >= 1 && change.month <= 12 && change.week >= 1 && change.week <= 5
        && change.weekday <= 6 && !reader.failed();
    return good ? std::optional(change) : std::nullopt;
}

std::optional<ZoneOffset> offset_by_footer(std::string_view footer, std::chrono::sys_seconds at) {
    FooterReader reader(footer);
    ZoneOffset standard { {}, reader.name() };
    standard.utc_offset = -reader.time(); // POSIX counts westward.
    if (standard.label.empty() || reader.failed())
        return std::nullopt;
    if (reader.done())
        return standard;
    ZoneOffset summer { standard.utc_offset + Hours { 1 }, reader.name() };
    if (!footer.empty() && !reader.done() && !reader.take(",")) {
        summer.utc_offset = -reader.time();
    } else {
        // The comma belongs to the first change: read on from it.
        reader = FooterReader(footer.substr(footer.find(',')));
    }
    auto const starts = change_from(reader);
    auto const ends = change_from(reader);
    if (!starts || !ends)
        return std::nullopt;
    std::chrono::year_month_day const local { std::chrono::floor<Days>(at + standard.utc_offset) };
    auto const from = starts->in(local.year()) - standard.utc_offset;
    auto const to = ends->in(local.year()) - summer.utc_offset;
    bool const in_summer = from < to ? at >= from && at < to : at >= from || at < to; // south of the equator
    return in_summer ? summer : standard;
}

ZoneOffset type_at(std::string_view bytes, Block const& block, std::size_t index) {
    auto const at = block.types_at() + std::min(index, block.types - 1) * 6;
    auto const name = std::size_t(static_cast<unsigned char>(bytes[at + 5]));
    auto const names = bytes.substr(block.names_at(), block.characters);
    auto const label = name < names.size() ? names.substr(name, names.substr(name).find('\0')) : std::string_view();
    return { Seconds { number_at(bytes, at, 4) }, std::string(label.substr(0, 16)) };
}

std::string zone_file(std::string const& name) {
    auto const* folder = std::getenv("TZDIR");
    return std::string(folder == nullptr ? "/usr/share/zoneinfo" : folder) + "/" + name;
}

} // namespace

Result<ZoneOffset> zone_offset_in(std::string_view tzif, Time at) {
    auto block = TRY(block_at(tzif, 0, 4));
    std::string_view footer;
    if (tzif[4] >= '2') { // The second block has the same in 64 bits, then the footer.
        block = TRY(block_at(tzif, block.end(), 8));
        footer = tzif.substr(block.end());
        footer = footer.starts_with('\n') ? footer.substr(1, footer.find('\n', 1) - 1) : std::string_view();
    }
    auto const seconds = std::chrono::floor<Seconds>(at);
    auto const transition
        = [&](std::size_t i) { return number_at(tzif, block.begin + i * block.time_bytes, block.time_bytes); };
    std::size_t passed = 0;
    while (passed < block.transitions && transition(passed) <= seconds.time_since_epoch().count())
        ++passed;
    if (passed == block.transitions && !footer.empty())
        if (auto const found = offset_by_footer(footer, seconds))
            return *found;
    if (passed == 0)
        return type_at(tzif, block, 0);
    auto const kind = tzif[block.begin + block.transitions * block.time_bytes + passed - 1];
    return type_at(tzif, block, static_cast<unsigned char>(kind));
}

bool is_known_time_zone(std::string const& name) {
    return name == "UTC" || read_file(zone_file(name), most_zone_bytes).has_value();
}

Reader reader_at(Reader reader, Time at) {
    if (reader.time_zone.empty() || reader.time_zone == "UTC")
        return reader;
    auto const bytes = read_file(zone_file(reader.time_zone), most_zone_bytes);
    if (!bytes)
        return reader;
    if (auto const offset = zone_offset_in(*bytes, at)) {
        reader.utc_offset = std::chrono::floor<Minutes>(offset->utc_offset);
        // Zones without letters of their own are named by their offset: "-03". The label says that better.
        reader.zone_label = offset->label.starts_with('+') || offset->label.starts_with('-') ? "" : offset->label;
    }
    return reader;
}

} // namespace convops
