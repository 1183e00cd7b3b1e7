// GET /incidents/<id> and /incidents/<id>.md: the report behind a link that nobody can guess. The link carries an
// HMAC over workspace and incident, so that nothing is stored per link, and a forged one costs no look into the
// store.
#pragma once

#include "app/routes.h"
#include "app/runbooks.h"
#include "message/compose.h"

#include <filesystem>

namespace convops {

class PageKey {
public:
    // The key of this folder; made (mode 0600) when there is none yet. corrupt when the file is not a key.
    static Result<PageKey> open(std::filesystem::path const& state, Entropy& entropy);
    // 64 hexadecimal digits.
    [[nodiscard]] std::string of(WorkspaceId const& workspace, IncidentId const& incident) const;

private:
    explicit PageKey(std::string bytes)
        : bytes_(std::move(bytes)) { }
    std::string bytes_;
};

struct IncidentPages {
    Store& store;
    Clock& clock;
    PageKey key;
    WorkspaceId workspace;
    std::filesystem::path capsules;
    std::function<Reader(Time)> reader;
    SharedShelf const* runbooks = nullptr; // nullptr: none are cited
};

// `pages` must outlive the server. An unknown incident, a forged link and no link are answered alike, and before
// anything is looked up.
std::vector<HttpRoute> incident_page_routes(IncidentPages const& pages);

} // namespace convops
