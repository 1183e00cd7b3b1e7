#include "app/runbooks.h"

#include "adapters/files/folder.h"
#include "app/log.h"

namespace convops {

Result<RunbookShelf> read_runbooks(std::filesystem::path const& folder, std::string const& address) {
    RunbookShelf shelf;
    shelf.address = address;
    FolderLimits const limits { ".md", most_runbooks, most_runbook_bytes };
    for (auto const& file : TRY(read_folder(folder, limits).with_context("runbooks"))) {
        auto runbook = parse_runbook(file.path, file.text);
        if (runbook)
            shelf.runbooks.push_back(std::move(*runbook));
        else
            shelf.problems.push_back(runbook.error().message);
    }
    return shelf;
}

void cite_runbooks(Investigation& investigation, RunbookShelf const& shelf) {
    investigation.runbooks = runbooks_for(investigation, shelf.runbooks, shelf.address);
}

void SharedShelf::read(std::string const& folder, std::string const& address) {
    if (folder.empty())
        return;
    auto shelf = read_runbooks(folder, address);
    if (!shelf) // What was read before stays in use.
        return log_warning("runbooks_not_read", { { "why", shelf.error().message } });
    for (auto const& problem : shelf->problems)
        log_warning("runbook_left_out", { { "why", problem } });
    std::lock_guard const lock(mutex_);
    shelf_ = std::make_shared<RunbookShelf const>(std::move(*shelf));
}

void SharedShelf::cite(Investigation& investigation) const {
    std::shared_ptr<RunbookShelf const> shelf;
    {
        std::lock_guard const lock(mutex_);
        shelf = shelf_;
    }
    cite_runbooks(investigation, *shelf);
}

} // namespace convops
