#include "adapters/files/files.h"
#include "app/demo.h"
#include "base/text.h"
#include "cli/print.h"
#include "message/preview.h"

#include <cstdio>
#include <unistd.h>

namespace convops {

Result<std::string> default_recording() {
    // Beside the binary's checkout (build/convops), or where the command is run.
    std::error_code error;
    auto const binary = std::filesystem::read_symlink("/proc/self/exe", error);
    for (auto const& folder :
        { binary.parent_path().parent_path() / "recordings", std::filesystem::path("recordings") }) {
        std::vector<std::filesystem::path> found;
        for (auto const& entry : std::filesystem::directory_iterator(folder, error))
            if (entry.path().string().ends_with(".account.json.zst"))
                found.push_back(entry.path());
        if (!found.empty())
            return std::min_element(found.begin(), found.end())->string();
    }
    return Error { ErrorKind::not_found, "no recording in recordings/; name one with --recording FILE" };
}

namespace {

void say(std::string_view line) {
    std::printf("%.*s\n", static_cast<int>(line.size()), line.data());
}

void show_alarm(RecordedAccount const& account) {
    auto const& alarm = account.alarm_message;
    say("");
    say("ALARM  " + clean_utf8(text_at(alarm, "AlarmName")) + "  ·  account " + account.account + "  ·  "
        + account.region + "  ·  " + format_clock(account.now) + " UTC");
    say("       " + clean_utf8(text_at(alarm, "NewStateReason")));
    say("");
}

// What told something or could not be read; the many sources of services that this account does not use are counted.
void show_source(SourceProgress const& progress, int& quiet) {
    if (!progress.ended)
        return;
    if (progress.facts == 0 && progress.gaps == 0) {
        ++quiet;
        return;
    }
    auto const unread = std::to_string(progress.gaps) + " not readable";
    auto const count = std::to_string(progress.facts) + (progress.facts == 1 ? " fact" : " facts");
    auto const told = progress.facts == 0 ? unread : progress.gaps == 0 ? count : count + ", " + unread;
    auto const digits = static_cast<int>(told.find(' '));
    std::printf("  %s %-26.*s %*s%s\n", progress.gaps == 0 ? "✓" : "!", static_cast<int>(progress.source.size()),
        progress.source.data(), 3 - digits, "", told.c_str());
    std::fflush(stdout);
}

std::string seconds(Milliseconds duration) {
    char buffer[32];
    std::snprintf(buffer, sizeof buffer, "%.2f s", double(duration.count()) / 1000);
    return buffer;
}

// The last thing each channel was sent: what a reader sees now.
void show_posts(DemoResult const& result, PreviewStyle style) {
    for (auto const* channel : { "slack", "whatsapp" }) {
        std::vector<ChatPost const*> posts;
        for (auto const& post : result.posts)
            if (post.channel == channel)
                posts.push_back(&post);
        say("");
        say(std::string(channel) == "slack" ? "In Slack (one message, posted with first facts and edited in place "
                    + std::to_string(posts.size() - 1) + " ×):"
                                            : "In WhatsApp (" + std::to_string(posts.size()) + " short messages):");
        bool const edits = std::string(channel) == "slack";
        for (std::size_t i = edits ? posts.size() - 1 : 0; i < posts.size(); ++i)
            if (auto const drawn = preview_of_body(channel, posts[i]->body, style))
                std::fputs(drawn->c_str(), stdout);
    }
}

} // namespace

int demo_command(DemoArguments const& arguments) {
    auto const file = arguments.recording.empty() ? default_recording() : Result<std::string>(arguments.recording);
    if (!file)
        return report(file.error());
    auto account = load_recorded_account(*file);
    if (!account) {
        static_cast<void>(report(account.error()));
        return 2; // Whatever is wrong with it, the file that was named can not be used.
    }
    auto const recorded = std::make_shared<RecordedAccount const>(std::move(*account));
    show_alarm(*recorded);
    int quiet = 0; // the observer is called from several threads, one call at a time
    auto const result
        = run_demo(recorded, { say, [&quiet](SourceProgress const& progress) { show_source(progress, quiet); } });
    if (!result)
        return report(result.error());
    say("  · " + std::to_string(quiet) + " more sources had nothing to tell");
    show_posts(*result, isatty(STDOUT_FILENO) == 1 ? PreviewStyle::ansi : PreviewStyle::plain);
    say("");
    say("First message after " + seconds(result->first_message) + ", diagnosis after "
        + seconds(result->final_message) + ".");
    if (!result->chart_png.empty()) {
        if (auto const written = write_file(arguments.chart, result->chart_png); !written)
            return report(written.error());
        say("The chart that both channels show: " + arguments.chart);
    }
    if (!arguments.save.empty()) {
        if (auto const written = write_file(arguments.save, result->capsule); !written)
            return report(written.error());
        say("Everything that was read: " + arguments.save + " (convops replay " + arguments.save + ")");
    }
    return 0;
}

} // namespace convops
