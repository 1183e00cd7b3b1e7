#include "base/text.h"
#include "runbook/runbook.h"

namespace convops {

namespace {

bool any_matches(std::vector<std::string> const& patterns, std::vector<std::string> const& texts) {
    return std::any_of(patterns.begin(), patterns.end(), [&](std::string const& pattern) {
        return std::any_of(
            texts.begin(), texts.end(), [&](std::string const& text) { return glob_matches(pattern, text); });
    });
}

struct Wanted { // what the incident has
    std::vector<std::string> alarms;
    std::vector<std::string> resources;
    std::optional<CauseKind> kind; // of the first cause
};

Wanted wanted_by(Investigation const& investigation) {
    Wanted wanted;
    auto const add = [&](Resource const& resource) {
        for (auto const& text : { resource.key(), resource.name, resource.short_name(), resource.arn })
            if (!text.empty())
                wanted.resources.push_back(text);
    };
    for (auto const& [key, alarm] : investigation.incident.alarms) {
        wanted.alarms.push_back(alarm.latest.name);
        for (auto const& resource : alarm.latest.resources())
            add(resource);
    }
    auto const& causes = investigation.diagnosis.causes;
    if (!causes.empty()) {
        wanted.kind = causes.front().kind;
        add(causes.front().resource);
    }
    return wanted;
}

// Why it fits; empty: it does not.
std::vector<std::string> fits_of(Runbook const& runbook, Wanted const& wanted) {
    std::vector<std::string> fits;
    if (!runbook.alarms.empty()) {
        if (!any_matches(runbook.alarms, wanted.alarms))
            return {};
        fits.emplace_back("alarm");
    }
    if (!runbook.resources.empty()) {
        if (!any_matches(runbook.resources, wanted.resources))
            return {};
        fits.emplace_back("resource");
    }
    if (!runbook.kinds.empty()) {
        if (!wanted.kind
            || std::find(runbook.kinds.begin(), runbook.kinds.end(), *wanted.kind) == runbook.kinds.end())
            return {};
        fits.emplace_back("kind");
    }
    return fits;
}

// Letters, digits and what a path has; everything else as %XX.
std::string in_address(std::string_view path) {
    std::string out;
    for (char const c : path) {
        bool const plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '/'
            || c == '-' || c == '_' || c == '.' || c == '~';
        if (plain) {
            out += c;
            continue;
        }
        char coded[4];
        std::snprintf(coded, sizeof coded, "%%%02X", static_cast<unsigned>(static_cast<unsigned char>(c)));
        out += coded;
    }
    return out;
}

} // namespace

std::vector<CitedRunbook> runbooks_for(
    Investigation const& investigation, std::vector<Runbook> const& runbooks, std::string_view address) {
    auto const wanted = wanted_by(investigation);
    std::vector<std::pair<Runbook const*, std::vector<std::string>>> found;
    for (auto const& runbook : runbooks)
        if (auto fits = fits_of(runbook, wanted); !fits.empty())
            found.emplace_back(&runbook, std::move(fits));
    std::stable_sort(found.begin(), found.end(), [](auto const& a, auto const& b) {
        return std::tuple(b.second.size(), a.first->file) < std::tuple(a.second.size(), b.first->file);
    });
    while (address.ends_with('/'))
        address.remove_suffix(1);
    std::vector<CitedRunbook> cited;
    for (auto const& [runbook, fits] : found) {
        if (cited.size() == most_cited_runbooks)
            break;
        auto const place = address.empty() ? runbook->file : std::string(address) + "/" + in_address(runbook->file);
        cited.push_back({ runbook->title, place, std::string(address), runbook->steps, fits });
    }
    return cited;
}

} // namespace convops
