#include "app/bench_detect.h"

#include "adapters/clock/system_clock.h"
#include "base/text.h"
#include "watch/detector.h"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <numbers>

#include <unistd.h>

namespace convops {
namespace {

namespace fs = std::filesystem;

Result<> score_file(fs::path const& from, fs::path const& to) {
    std::ifstream in(from);
    std::ofstream out(to);
    if (!in || !out)
        return Error { ErrorKind::unavailable, "cannot open " + from.string() + " or " + to.string() };
    std::string line;
    std::getline(in, line); // timestamp,value
    out << "timestamp,value,anomaly_score\n";
    Detector detector;
    while (std::getline(in, line)) {
        auto const comma = line.find(',');
        double value = 0;
        auto const* const end = line.data() + line.size();
        if (comma == std::string::npos || std::from_chars(line.data() + comma + 1, end, value).ec != std::errc {})
            return Error { ErrorKind::invalid_input, from.string() + ": no timestamp,value: " + line };
        auto const at = TRY(parse_time(std::string_view { line }.substr(0, comma)));
        auto const reading = TRY(detector.read(at, value));
        std::array<char, 32> score {};
        std::snprintf(score.data(), score.size(), "%.9f", reading.score);
        out << line.substr(0, line.find_last_not_of("\r") + 1) << ',' << score.data() << '\n';
    }
    if (!out.flush())
        return Error { ErrorKind::unavailable, "cannot write " + to.string() };
    return {};
}

} // namespace

Result<std::size_t> score_nab(std::string const& data, std::string const& out) {
    std::error_code error;
    std::size_t files = 0;
    for (fs::recursive_directory_iterator at(fs::path(data) / "data", error), end; !error && at != end;
        at.increment(error)) {
        if (!at->is_regular_file() || at->path().extension() != ".csv")
            continue;
        auto const to = fs::path(out) / fs::relative(at->path(), fs::path(data) / "data");
        fs::create_directories(to.parent_path(), error);
        TRY(score_file(at->path(), to));
        ++files;
    }
    if (error || files == 0)
        return Error { ErrorKind::not_found, data + "/data: no files to score; --data names the folder above data/" };
    return files;
}

std::vector<std::vector<double>> curves(std::size_t series, std::size_t points_each) {
    constexpr double day = 288;
    std::vector<std::vector<double>> values(series);
    std::uint64_t state = 1;
    for (std::size_t s = 0; s < series; ++s)
        for (std::size_t i = 0; i < points_each; ++i) {
            state = state * 6'364'136'223'846'793'005ULL + 1'442'695'040'888'963'407ULL;
            auto const noise = static_cast<double>(state >> 40U) / static_cast<double>(1U << 24U);
            auto const angle = 2 * std::numbers::pi * static_cast<double>(i) / day;
            values[s].push_back(100 + 30 * std::sin(angle) + 10 * noise + (i % 4'999 == 4'998 ? 200 : 0));
        }
    return values;
}

Result<DetectorSpeed> time_detector(std::vector<std::vector<double>> const& series) {
    SystemClock clock;
    DetectorSpeed speed;
    auto const begin = clock.monotonic();
    auto const processor_begin = std::clock();
    for (auto const& one : series) {
        Detector detector;
        Time at { Days { 20'000 } };
        for (auto const value : one) {
            at += Minutes { 5 };
            speed.opened += TRY(detector.read(at, value)).opens() ? 1 : 0;
        }
        speed.points += one.size();
    }
    auto const processor = static_cast<double>(std::clock() - processor_begin) / CLOCKS_PER_SEC;
    auto const took = std::chrono::duration<double>(clock.monotonic() - begin).count();
    speed.points_per_second = static_cast<double>(speed.points) / processor;
    speed.points_per_wall_second = static_cast<double>(speed.points) / took;
    return speed;
}

Result<Json> time_peer(std::string const& program, std::vector<std::vector<double>> const& series) {
    std::error_code error;
    if (!fs::exists(program, error))
        return Error { ErrorKind::not_found, "the peer is not installed; ./x bench detect fetches and runs it" };
    auto const file = fs::temp_directory_path(error) / ("convops-series-" + std::to_string(::getpid()));
    {
        std::ofstream out(file, std::ios::binary);
        auto const write = [&](auto const& value) { out.write(reinterpret_cast<char const*>(&value), sizeof value); };
        write(static_cast<std::uint32_t>(series.size()));
        write(static_cast<std::uint32_t>(series.empty() ? 0 : series[0].size()));
        for (auto const& one : series)
            for (auto const value : one)
                write(value);
        if (!out.flush())
            return Error { ErrorKind::unavailable, "cannot write " + file.string() };
    }
    std::string said;
    // A path of the person who runs the benchmark; quoted for the shell all the same.
    auto const quoted = [](std::string const& text) { return "'" + replace_all(text, "'", "'\\''") + "'"; };
    if (auto* const pipe = ::popen((quoted(program) + " " + quoted(file.string())).c_str(), "r")) {
        std::array<char, 4'096> piece {};
        while (said.size() < 65'536 && std::fgets(piece.data(), piece.size(), pipe) != nullptr)
            said += piece.data();
        if (::pclose(pipe) != 0)
            said.clear();
    }
    fs::remove(file, error);
    auto answer = parse_json(said);
    if (!answer)
        return Error { ErrorKind::unavailable, program + " failed or printed no JSON" };
    return *answer;
}

} // namespace convops
