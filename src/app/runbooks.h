// The runbooks of a folder, ready to be cited. They are no evidence: they are matched when something is told, from
// the files as they are then, and no capsule holds them (decision 0034).
#pragma once

#include "runbook/runbook.h"

#include <filesystem>
#include <mutex>

namespace convops {

struct RunbookShelf {
    std::vector<Runbook> runbooks;
    std::vector<std::string> problems; // files that can not be used, each with its line
    std::string address; // what links begin with; may be empty
};

// not_found when there is no such folder. A file that can not be used is a problem of that file alone.
Result<RunbookShelf> read_runbooks(std::filesystem::path const& folder, std::string const& address);

void cite_runbooks(Investigation& investigation, RunbookShelf const& shelf);

// A shelf that can be read again while others cite from it.
class SharedShelf {
public:
    // Problems are logged, and what can be used is used.
    void read(std::string const& folder, std::string const& address);
    void cite(Investigation& investigation) const;

private:
    mutable std::mutex mutex_;
    std::shared_ptr<RunbookShelf const> shelf_ = std::make_shared<RunbookShelf const>(); // guarded by mutex_
};

} // namespace convops
