#include "app/capsule.h"

#include "app/budgeted_aws.h"

#include "adapters/files/files.h"
#include "adapters/memory/simulated_clock.h"
#include "app/remembering_aws.h"
#include "app/secret_free_aws.h"
#include "model/incident_json.h"

#include <charconv>

namespace convops {

namespace {

constexpr std::string_view capsule_format = "convops-capsule/1";
// Unpacked; a document of tiny values takes about ten times as much memory once parsed.
constexpr std::size_t most_capsule_bytes = std::size_t { 64 } << 20;

std::string key_of(AwsCall const& call) {
    return call.name() + "@" + call.region + " " + to_canonical_text(Json(call.params));
}

// Answers from the reads of a capsule. The same call made again gets the next recorded answer, then the last one.
class ReplayedAws final : public Aws {
public:
    explicit ReplayedAws(Capsule const& capsule)
        : capsule_(capsule) {
        for (auto const& read : capsule.reads)
            answers_[text_at(read, "key")].push_back(&read);
    }
    Result<Json> call(AwsCall const& call) override {
        std::lock_guard const lock(mutex_);
        ++calls_;
        auto const found = answers_.find(key_of(call));
        if (found == answers_.end() && call.service == "convops") // Made when nothing was remembered yet.
            return Json(JsonObject {});
        if (found == answers_.end())
            return Error { ErrorKind::corrupt, "the capsule holds no answer to " + call.name() };
        auto& next = next_[found->first];
        auto const& read = *found->second[std::min(next++, found->second.size() - 1)];
        if (auto const kind = error_kind_from(text_at(read, "error.kind")))
            return Error { *kind, text_at(read, "error.message") };
        auto const* answer = find(read, "answer");
        return answer == nullptr ? Json(nullptr) : *answer;
    }
    std::vector<Result<Json>> call_all(std::span<AwsCall const> calls) override {
        std::vector<Result<Json>> answers;
        for (auto const& one : calls)
            answers.push_back(call(one));
        return answers;
    }
    [[nodiscard]] int calls_made() const override { return calls_; }
    [[nodiscard]] std::string account() const override { return capsule_.account; }
    [[nodiscard]] std::string region() const override { return capsule_.region; }

private:
    Capsule const& capsule_;
    std::mutex mutex_;
    std::map<std::string, std::vector<Json const*>> answers_;
    std::map<std::string, std::size_t> next_;
    int calls_ = 0;
};

JsonObject to_json(Gap const& gap) {
    return { { "source", gap.source }, { "iam_action", gap.iam_action }, { "kind", to_string(gap.kind) },
        { "why", gap.why }, { "would_have_told", gap.would_have_told } };
}

Gap gap_from(Json const& json) {
    return { text_at(json, "source"), text_at(json, "iam_action"),
        error_kind_from(text_at(json, "kind")).value_or(ErrorKind::timeout), text_at(json, "why"),
        text_at(json, "would_have_told") };
}

// Boost.JSON 1.81 reads a number to within one unit in the last place, not exactly (scenario 034 found it), so a
// double travels as text, exactly. A text that begins with the mark itself is marked, too.
constexpr std::string_view number_mark = "\x01n";
constexpr std::string_view text_mark = "\x01t";

void pack_numbers(Json& json) {
    if (auto* object = json.if_object()) {
        for (auto& pair : *object)
            pack_numbers(pair.value());
    } else if (auto* array = json.if_array()) {
        for (auto& element : *array)
            pack_numbers(element);
    } else if (json.is_double()) {
        std::array<char, 40> digits {};
        auto const end = std::to_chars(digits.data(), digits.data() + digits.size(), json.get_double()).ptr;
        json = std::string(number_mark) + std::string(digits.data(), end);
    } else if (auto const* text = json.if_string(); text != nullptr && text->starts_with('\x01')) {
        json = std::string(text_mark) + std::string(*text);
    }
}

void unpack_numbers(Json& json) {
    if (auto* object = json.if_object()) {
        for (auto& pair : *object)
            unpack_numbers(pair.value());
    } else if (auto* array = json.if_array()) {
        for (auto& element : *array)
            unpack_numbers(element);
    } else if (auto const* text = json.if_string()) {
        std::string_view const whole(text->data(), text->size());
        if (whole.starts_with(text_mark)) {
            json = std::string(whole.substr(text_mark.size()));
        } else if (whole.starts_with(number_mark)) {
            double value = 0;
            std::from_chars(whole.data() + number_mark.size(), whole.data() + whole.size(), value);
            json = std::isfinite(value) ? value : 0.0;
        }
    }
}

// A source that its deadline ended: no call of it failed, so only this gap tells that its answer was dropped.
bool came_too_late(Gap const& gap) {
    return gap.kind == ErrorKind::timeout && gap.iam_action.empty();
}

} // namespace

Result<Json> RecordingAws::call(AwsCall const& call) {
    auto answer = inner_.call(call);
    keep(call, answer);
    return answer;
}

std::vector<Result<Json>> RecordingAws::call_all(std::span<AwsCall const> calls) {
    auto answers = inner_.call_all(calls);
    for (std::size_t i = 0; i < answers.size(); ++i)
        keep(calls[i], answers[i]);
    return answers;
}

void RecordingAws::keep(AwsCall const& call, Result<Json> const& answer) {
    JsonObject read { { "key", key_of(call) } };
    if (answer)
        read["answer"] = *answer;
    else
        read["error"]
            = JsonObject { { "kind", to_string(answer.error().kind) }, { "message", answer.error().message } };
    std::lock_guard const lock(mutex_);
    reads_.push_back(std::move(read));
}

JsonArray RecordingAws::reads() const {
    std::lock_guard const lock(mutex_);
    return reads_;
}

std::pair<Investigation, Capsule> investigate_and_record(
    Incident incident, Aws& aws, Clock& clock, InvestigationOptions const& options) {
    BudgetedAws budgeted(aws);
    RememberingAws remembering(
        budgeted, options.memory, incident.workspace, incident.id, clock.now(), incident.connection);
    SecretFreeAws clean(remembering);
    RecordingAws recording(clean);
    Capsule capsule;
    capsule.incident = incident;
    if (options.sources.size() != sources::all().size())
        for (auto const& source : options.sources)
            capsule.sources.emplace_back(source.card->name);
    auto investigation = investigate(std::move(incident), recording, clock, options);
    capsule.now = investigation.as_of;
    capsule.depth = options.depth;
    capsule.account = aws.account();
    capsule.region = aws.region();
    capsule.cost = investigation.cost;
    for (auto const& gap : investigation.evidence.gaps)
        if (came_too_late(gap))
            capsule.late.push_back(gap);
    capsule.reads = recording.reads();
    return { std::move(investigation), std::move(capsule) };
}

Result<Investigation> replay(Capsule const& capsule) {
    ReplayedAws aws(capsule);
    SimulatedClock clock(capsule.now);
    InvestigationOptions options;
    options.known_gaps = capsule.late;
    options.depth = capsule.depth;
    std::erase_if(options.sources, [&](EvidenceSource const& source) {
        return !capsule.sources.empty()
            && std::find(capsule.sources.begin(), capsule.sources.end(), source.card->name) == capsule.sources.end();
    });
    std::erase_if(options.sources, [&](EvidenceSource const& source) {
        return std::any_of(capsule.late.begin(), capsule.late.end(),
            [&](Gap const& gap) { return gap.source == source.card->name; });
    });
    if (capsule.incident.alarms.empty())
        return Error { ErrorKind::corrupt, "the capsule names no alarm" };
    auto investigation = investigate(capsule.incident, aws, clock, options);
    investigation.cost = capsule.cost; // What it cost then; running it again is free.
    return investigation;
}

std::string capsule_bytes(Capsule const& capsule) {
    JsonArray late;
    for (auto const& gap : capsule.late)
        late.push_back(to_json(gap));
    JsonArray asked;
    for (auto const& source : capsule.sources)
        asked.emplace_back(source);
    Json document = JsonObject { { "format", std::string(capsule_format) }, { "incident", to_json(capsule.incident) },
        { "now", format_time(capsule.now) }, { "depth", to_string(capsule.depth) }, { "account", capsule.account },
        { "region", capsule.region }, { "sources", std::move(asked) }, { "late", std::move(late) },
        { "cost", JsonObject { { "aws_calls", capsule.cost.aws_calls }, { "seconds", capsule.cost.seconds } } },
        { "reads", capsule.reads } };
    pack_numbers(document);
    return to_text(document);
}

Result<Capsule> capsule_from_bytes(std::string_view bytes) {
    auto json = TRY(parse_json(bytes, { .bytes = most_capsule_bytes, .depth = 64 }));
    unpack_numbers(json);
    if (text_at(json, "format") != capsule_format)
        return Error { ErrorKind::invalid_input,
            "not a capsule: \"format\" must be \"" + std::string(capsule_format) + "\"" };
    auto const now = time_at(json, "now");
    auto const* incident = find(json, "incident");
    if (!now || incident == nullptr)
        return Error { ErrorKind::corrupt, "the capsule lacks its incident or its time" };
    Capsule capsule;
    capsule.incident = TRY(incident_from_json(*incident).with_context("capsule"));
    capsule.now = *now;
    capsule.depth = depth_from(text_at(json, "depth")); // older capsules know no other than the usual one
    capsule.account = text_at(json, "account");
    capsule.region = text_at(json, "region");
    for (auto const& source : list_at(json, "sources"))
        if (auto const* name = source.if_string())
            capsule.sources.emplace_back(*name);
    for (auto const& gap : list_at(json, "late"))
        capsule.late.push_back(gap_from(gap));
    capsule.cost.aws_calls
        = static_cast<int>(std::clamp<std::int64_t>(integer_at(json, "cost.aws_calls").value_or(0), 0, 1'000'000));
    capsule.cost.seconds = number_at(json, "cost.seconds").value_or(0);
    capsule.reads = list_at(json, "reads");
    return capsule;
}

Result<> save_capsule(Capsule const& capsule, std::filesystem::path const& file) {
    return write_file(file, zstd_pack(capsule_bytes(capsule)));
}

Result<Capsule> load_capsule(std::filesystem::path const& file) {
    auto const packed = TRY(read_file(file, most_capsule_bytes));
    auto const bytes = TRY(zstd_unpack(packed, most_capsule_bytes).with_context(file.string()));
    return capsule_from_bytes(bytes).with_context(file.string());
}

} // namespace convops
