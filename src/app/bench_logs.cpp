#include "app/bench_logs.h"

#include "adapters/clock/system_clock.h"
#include "adapters/files/memory_use.h"
#include "evidence/log_templates.h"

#include <cstdio>
#include <ctime>
#include <memory>

namespace convops {

namespace {

using File = std::unique_ptr<std::FILE, int (*)(std::FILE*)>;

constexpr std::size_t piece_bytes = 4 * 1024 * 1024;
constexpr std::size_t most_line_bytes = 64 * 1024; // of a longer line the rest is not looked at

class Stopwatch {
public:
    explicit Stopwatch(double& seconds)
        : seconds_(seconds)
        , started_(clock_.monotonic()) { }
    Stopwatch(Stopwatch const&) = delete;
    Stopwatch& operator=(Stopwatch const&) = delete;
    ~Stopwatch() { seconds_ += std::chrono::duration<double>(clock_.monotonic() - started_).count(); }

private:
    SystemClock clock_;
    double& seconds_;
    std::chrono::nanoseconds started_;
};

// The lines of a file, piece by piece. A view is valid until the next piece is read.
class Pieces {
public:
    Pieces(std::FILE* file, LogBench& bench)
        : file_(file)
        , bench_(bench) { }

    // False at the end of the file.
    bool next(std::vector<std::string_view>& lines) {
        lines.clear();
        while (lines.empty()) {
            if (ended_)
                return false;
            read();
            split(lines);
        }
        return true;
    }

private:
    void read() {
        Stopwatch const timed(bench_.read_seconds);
        buffer_.erase(0, taken_);
        taken_ = 0;
        auto const before = buffer_.size();
        buffer_.resize(before + piece_bytes);
        auto const got = std::fread(buffer_.data() + before, 1, piece_bytes, file_);
        buffer_.resize(before + got);
        bench_.bytes += got;
        ended_ = got < piece_bytes;
    }
    void split(std::vector<std::string_view>& lines) {
        Stopwatch const timed(bench_.read_seconds);
        std::string_view const whole(buffer_);
        for (;;) {
            auto const end = whole.find('\n', taken_);
            if (end == std::string_view::npos)
                break;
            add(lines, whole.substr(taken_, end - taken_));
            taken_ = end + 1;
        }
        if (ended_ && (taken_ < whole.size() || in_long_line_)) {
            add(lines, whole.substr(taken_));
            taken_ = whole.size();
        } else if (whole.size() - taken_ > most_line_bytes && lines.empty()) { // a line longer than a piece
            if (!in_long_line_)
                long_line_.assign(whole.substr(taken_, most_line_bytes));
            in_long_line_ = true;
            taken_ = whole.size();
        }
    }
    void add(std::vector<std::string_view>& lines, std::string_view line) {
        if (in_long_line_) {
            in_long_line_ = false;
            line = long_line_;
        }
        lines.push_back(line.substr(0, most_line_bytes));
    }

    std::FILE* file_;
    LogBench& bench_;
    std::string buffer_;
    std::size_t taken_ = 0;
    bool ended_ = false;
    bool in_long_line_ = false; // its start is in `long_line_`
    std::string long_line_;
};

bool write_patterns(std::FILE* file, std::vector<std::uint32_t> const& entries, MinedPatterns const& mined) {
    std::vector<std::string> line_of;
    line_of.reserve(mined.patterns.size());
    for (std::size_t i = 0; i < mined.patterns.size(); ++i)
        line_of.push_back(std::to_string(i) + '\t' + mined.patterns[i] + '\n');
    std::string block;
    for (auto const entry : entries) {
        block += line_of[mined.pattern_of[entry]];
        if (block.size() < piece_bytes)
            continue;
        if (std::fwrite(block.data(), 1, block.size(), file) != block.size())
            return false;
        block.clear();
    }
    return std::fwrite(block.data(), 1, block.size(), file) == block.size() && std::fflush(file) == 0;
}

} // namespace

Result<LogBench> mine_log_file(std::string const& in, std::string const& out) {
    File const source(std::fopen(in.c_str(), "rb"), std::fclose);
    if (!source)
        return Error { ErrorKind::not_found, in + ": cannot be read" };
    File const target(std::fopen(out.c_str(), "wb"), std::fclose);
    if (!target)
        return Error { ErrorKind::unavailable, out + ": cannot be written" };
    LogBench bench;
    Pieces pieces(source.get(), bench);
    std::optional<LogMiner> miner;
    std::vector<std::uint32_t> entries;
    std::vector<std::string_view> lines;
    while (pieces.next(lines)) {
        Stopwatch const timed(bench.mine_seconds);
        auto const cpu_before = std::clock();
        if (!miner)
            miner.emplace(LogLayout::learned_from(std::span(lines).first(std::min(lines.size(), layout_lines))));
        for (auto const line : lines)
            entries.push_back(miner->add(line));
        bench.mine_cpu_seconds += double(std::clock() - cpu_before) / CLOCKS_PER_SEC;
    }
    bench.lines = entries.size();
    MinedPatterns mined;
    if (miner) {
        Stopwatch const timed(bench.group_seconds);
        mined = miner->patterns();
        bench.miner_bytes = miner->bytes();
    }
    {
        Stopwatch const timed(bench.write_seconds);
        if (!write_patterns(target.get(), entries, mined))
            return Error { ErrorKind::unavailable, out + ": could not be written" };
    }
    std::vector<bool> shown(mined.patterns.size());
    for (auto const entry : entries)
        shown[mined.pattern_of[entry]] = true;
    bench.patterns = static_cast<std::size_t>(std::count(shown.begin(), shown.end(), true));
    bench.rss_mb = double(memory_use().peak_resident_bytes) / 1e6;
    return bench;
}

} // namespace convops
