#include "app/case_file.h"

#include "diagnosis/recovery.h"
#include "model/retention.h"

namespace convops {

namespace {

constexpr Milliseconds aftermath_deadline { 10'000 };

std::string file_name_of(IncidentId const& incident, std::string_view end) {
    std::string name = incident.text;
    for (auto& c : name)
        if (std::isalnum(static_cast<unsigned char>(c)) == 0)
            c = '-';
    return name.substr(0, 200) + std::string(end);
}

// The same sources with a shorter deadline; made once, because a source points to its card.
std::vector<EvidenceSource> const& hurried_sources() {
    static std::vector<SourceCard> const cards = [] {
        std::vector<SourceCard> all;
        for (auto const& source : sources::all()) {
            all.push_back(*source.card);
            all.back().deadline = std::min(all.back().deadline, aftermath_deadline);
        }
        return all;
    }();
    static std::vector<EvidenceSource> const hurried = [] {
        auto all = sources::all();
        for (std::size_t i = 0; i < all.size(); ++i)
            all[i].card = &cards[i];
        return all;
    }();
    return hurried;
}

bool is_wanted(std::string_view source, std::set<std::string> const& services) {
    auto const any = [&](std::initializer_list<char const*> names) {
        return std::any_of(names.begin(), names.end(), [&](char const* name) { return services.contains(name); });
    };
    if (source == "alarm_metric" || source == "cloudtrail_changes" || source == "aws_health")
        return true;
    if (source == "ecs_state")
        return any({ "ecs", "elb" });
    if (source == "rds_events")
        return any({ "rds" });
    if (source == "lambda_state")
        return any({ "lambda" });
    return source == "autoscaling_activity" && any({ "autoscaling", "ec2" });
}

std::optional<Capsule> kept_capsule(std::filesystem::path const& file, Time now, std::optional<Error>& trouble) {
    auto capsule = load_capsule(file);
    if (!capsule) {
        if (capsule.error().kind != ErrorKind::not_found)
            trouble = capsule.error();
        return std::nullopt;
    }
    if (capsule->now + *kept(DataClass::diagnosis_summaries) < now)
        return std::nullopt;
    return *std::move(capsule);
}

} // namespace

std::filesystem::path capsule_file(
    std::filesystem::path const& folder, IncidentId const& incident, Investigate const& look) {
    auto const deeper = look.depth == Depth::deep ? "-deep-" + std::to_string(look.attempt) : std::string();
    return folder / file_name_of(incident, deeper + ".capsule");
}

std::filesystem::path aftermath_file(std::filesystem::path const& folder, IncidentId const& incident) {
    return folder / file_name_of(incident, "-aftermath.capsule");
}

std::vector<EvidenceSource> aftermath_sources(Investigation const& investigation) {
    std::set<std::string> services;
    auto const add
        = [&](Resource const& resource) { services.insert(resource.type.substr(0, resource.type.find(':'))); };
    for (auto const& [key, alarm] : investigation.incident.alarms)
        for (auto const& resource : alarm.latest.resources())
            add(resource);
    for (auto const& cause : investigation.diagnosis.causes)
        add(cause.resource);
    std::vector<EvidenceSource> wanted;
    for (auto const& source : hurried_sources())
        if (is_wanted(source.card->name, services))
            wanted.push_back(source);
    return wanted;
}

Result<CaseFile> case_file_of(IncidentRecord const& record, std::filesystem::path const& capsules, Time now) {
    CaseFile file;
    std::optional<Error> trouble;
    auto const load = [&](std::string const& reference) -> std::optional<Capsule> {
        if (reference.empty())
            return std::nullopt;
        return kept_capsule(capsules / std::filesystem::path(reference).filename(), now, trouble);
    };
    if (auto const capsule = load(record.report)) {
        file.investigation = TRY(replay(*capsule));
        file.investigated = true;
    }
    file.investigation.incident = record.incident; // Alarms may have joined or ended since.
    if (auto const capsule = load(record.aftermath)) {
        file.aftermath = renumbered_as_aftermath(TRY(replay(*capsule)).evidence);
        file.aftermath_at = capsule->now;
    }
    if (trouble)
        return *trouble;
    file.recovery = explain_recovery(
        file.investigation, file.aftermath ? &*file.aftermath : nullptr, file.aftermath ? file.aftermath_at : now);
    return file;
}

} // namespace convops
