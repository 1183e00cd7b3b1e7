#include "adapters/clock/system_clock.h"
#include "adapters/sqlite/sqlite_store.h"
#include "app/dead_letters.h"
#include "app/settings.h"
#include "base/text.h"
#include "cli/commands.h"

#include <cstdio>
#include <filesystem>

namespace convops {

namespace {

// The store of an installation, beside a server that may run. Never creates one, and takes nothing over.
struct OpenedStore {
    WorkspaceId workspace;
    std::unique_ptr<Store> store;
    SystemClock clock;
    SystemEntropy entropy;
    std::unique_ptr<IncidentEngine> engine;
};

Result<std::unique_ptr<OpenedStore>> open_store(std::string const& config) {
    auto const settings = TRY(check_settings(config));
    auto const file = std::filesystem::path(settings.server.state_dir) / "convops.sqlite";
    std::error_code error;
    if (!std::filesystem::exists(file, error))
        return Error { ErrorKind::not_found,
            "there is no store at " + file.string() + "; is state_dir of " + config + " right?" };
    auto opened = std::make_unique<OpenedStore>();
    opened->workspace = WorkspaceId { settings.workspace.name };
    opened->store = TRY(open_sqlite_store(file.string()));
    opened->engine = std::make_unique<IncidentEngine>(*opened->store, opened->clock, opened->entropy);
    return opened;
}

void print_text(std::vector<DeadLetter> const& letters) {
    if (letters.empty())
        std::printf("No dead letters.\n");
    for (auto const& letter : letters) {
        auto const line = format_time(floor_to(letter.at, Seconds { 1 })) + "  " + letter.effect.id + "  "
            + describe(letter.effect) + "  (" + std::to_string(letter.attempts)
            + (letter.attempts == 1 ? " try)  " : " tries)  ") + letter.why;
        std::printf("%s\n", shorten(replace_all(clean_utf8(line), "\n", " "), 1'000).c_str());
    }
}

int list(OpenedStore& opened, OutputFormat format) {
    auto const letters = opened.engine->dead_letters(opened.workspace, most_dead_letters_listed);
    if (!letters)
        return report(letters.error());
    if (format != OutputFormat::json) {
        print_text(*letters);
        return 0;
    }
    JsonArray all;
    for (auto const& letter : *letters)
        all.push_back(to_json(letter));
    std::printf("%s\n", to_text(JsonObject { { "dead_letters", std::move(all) } }).c_str());
    return 0;
}

int resend_all(OpenedStore& opened, std::vector<std::string> const& ids) {
    int status = 0;
    for (auto const& id : ids) {
        if (auto const resent = resend(*opened.engine, *opened.store, opened.clock, opened.workspace, id); !resent)
            status = std::max(status, report(resent.error()));
        else
            std::printf("resent %s\n", id.c_str());
    }
    return status;
}

} // namespace

int dead_letters_command(DeadLettersArguments const& arguments) {
    if (arguments.resend && arguments.all == !arguments.id.empty())
        return report({ ErrorKind::invalid_input, "dead-letters resend: name one ID, or --all" });
    auto const opened = open_store(arguments.config);
    if (!opened)
        return report(opened.error());
    if (!arguments.resend)
        return list(**opened, arguments.format);
    std::vector<std::string> ids { arguments.id };
    if (arguments.all) {
        ids.clear();
        auto const letters = (*opened)->engine->dead_letters((*opened)->workspace, most_dead_letters_listed);
        if (!letters)
            return report(letters.error());
        for (auto const& letter : *letters)
            ids.push_back(letter.effect.id);
    }
    return resend_all(**opened, ids);
}

} // namespace convops
