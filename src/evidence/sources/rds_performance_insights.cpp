// Which statements and waits load a database now and did not before: Performance Insights' average active sessions.
#include "evidence/answering.h"

#include "base/text.h"

#include <array>

namespace convops {

namespace {

constexpr std::array iam_actions {
    IamAction { "pi:GetResourceMetrics", "which SQL statements and waits load the database" },
};

constexpr SourceCard the_card {
    .name = "rds_performance_insights",
    .says = "The statements and waits that load a database, now against before.",
    .iam_actions = iam_actions,
    .stage = SourceStage::reading,
    .looks_back = Minutes { 75 },
    .settles_after = Minutes { 2 },
};

constexpr std::size_t most_databases = 3;
constexpr int most_labels = 10; // of each dimension
constexpr std::size_t most_facts_each = 8;
constexpr double least_load = 0.05; // average active sessions below which a statement does not matter

struct Mean {
    double sum = 0;
    int points = 0;
    [[nodiscard]] double value() const { return points == 0 ? 0 : sum / points; }
};

struct Load {
    std::string label;
    double now = 0;
    double before = 0;
};

// The words of a key: {"db.sql_tokenized.statement": "UPDATE ..."}, {"db.wait_event.type": "IO", ".name":
// "DataFileRead"}.
std::string label_of(Json const& dimensions) {
    for (auto const* key : { "db.sql_tokenized.statement", "db.sql.statement" })
        if (auto const* object = dimensions.if_object())
            if (auto const* value = object->if_contains(key); value != nullptr && value->is_string())
                return std::string(value->get_string().data(), value->get_string().size());
    auto const* object = dimensions.if_object();
    if (object == nullptr)
        return {};
    std::string type;
    std::string name;
    for (auto const& pair : *object) {
        std::string_view const key(pair.key().data(), pair.key().size());
        auto const* text = pair.value().if_string();
        if (text == nullptr)
            continue;
        (key.ends_with(".type") ? type : name) = std::string(text->data(), text->size());
        if (key.ends_with(".id"))
            name.clear(); // A digest says nothing to a person.
    }
    return type.empty() ? name : type + ":" + name;
}

} // namespace

// https://docs.aws.amazon.com/performance-insights/latest/APIReference/API_GetResourceMetrics.html
std::vector<Fact> performance_insights_facts(
    Resource const& database, std::string const& dimension, Json const& answer, Time onset, Time now) {
    std::vector<Load> loads;
    for (auto const& metric : list_at(answer, "MetricList")) {
        auto const* dimensions = find(metric, "Key.Dimensions");
        auto const label = dimensions == nullptr ? std::string() : shown(label_of(*dimensions), 200);
        if (label.empty()) // The total has no dimensions.
            continue;
        Mean after;
        Mean before;
        for (auto const& point : list_at(metric, "DataPoints")) {
            auto const at = time_at(point, "Timestamp");
            auto const value = number_at(point, "Value");
            if (!at || !value)
                continue;
            auto& mean = *at >= onset ? after : before;
            mean.sum += *value;
            ++mean.points;
        }
        if (after.points > 0)
            loads.push_back({ label, after.value(), before.value() });
    }
    std::stable_sort(loads.begin(), loads.end(), [](Load const& a, Load const& b) { return a.now > b.now; });
    std::vector<Fact> facts;
    for (auto const& load : loads) {
        if (load.now < least_load || facts.size() == most_facts_each)
            break;
        auto statement = std::string(dimension == "sql" ? "The statement" : "The wait") + " \"" + load.label
            + "\" has " + format_number(load.now) + " sessions active on average in " + database.display() + " since "
            + format_clock(onset) + " UTC, " + format_number(load.before) + " before.";
        facts.push_back(fact_about(database, now, std::move(statement),
            LoadFact { database, dimension, load.label, load.now, load.before },
            { { "dimension", dimension }, { "label", load.label }, { "now", load.now }, { "before", load.before } }));
    }
    return facts;
}

namespace {

struct Database {
    Resource resource;
    std::string identifier; // DbiResourceId: "db-ABCD..."
};

// The near databases whose state rds_state read, with Performance Insights on.
std::vector<Database> databases(Answering& answering) {
    auto const& question = answering.question();
    std::vector<Database> found;
    auto const near = near_of_type(question, "rds:instance", most_databases);
    for (auto const& [fact, state] : question.map.all<StateFact>()) {
        if (state->resource.type != "rds:instance"
            || std::find(near.begin(), near.end(), state->resource) == near.end())
            continue;
        auto const id = state->attributes.find("dbi_resource_id");
        auto const on = state->attributes.find("performance_insights");
        if (id == state->attributes.end() || id->second.empty())
            continue;
        if (on != state->attributes.end() && on->second != "true") {
            answering.not_read("Performance Insights is off for " + state->resource.display(),
                "which SQL statements and waits load the database");
            continue;
        }
        if (on != state->attributes.end() && found.size() < most_databases)
            found.push_back({ state->resource, id->second });
    }
    return found;
}

AwsCall load_call(Database const& database, std::string_view group, Window window) {
    auto const seconds = [](Time time) { return std::chrono::floor<Seconds>(time).time_since_epoch().count(); };
    JsonObject query { { "Metric", "db.load.avg" }, { "GroupBy", { { "Group", group }, { "Limit", most_labels } } } };
    return call_of("pi", "GetResourceMetrics",
        { { "ServiceType", "RDS" }, { "Identifier", database.identifier }, { "MetricQueries", JsonArray { query } },
            { "StartTime", seconds(window.from) }, { "EndTime", seconds(window.to) }, { "PeriodInSeconds", 60 } });
}

Answer collect(Question const& question, Aws& aws) {
    Answering answering(the_card, question, aws);
    auto const onset = likely_onset(question);
    Window const window { onset - Minutes { 60 }, question.now };
    auto const near = databases(answering);
    std::vector<AwsCall> calls;
    for (auto const& database : near) {
        calls.push_back(load_call(database, "db.sql_tokenized", window));
        calls.push_back(load_call(database, "db.wait_event", window));
    }
    auto const answers = answering.read_all(calls);
    for (std::size_t i = 0; i < answers.size(); ++i)
        if (answers[i])
            answering.add(performance_insights_facts(
                              near[i / 2].resource, i % 2 == 0 ? "sql" : "wait", *answers[i], onset, question.now),
                calls[i]);
    return answering.take();
}

} // namespace

sources::Registered make_rds_performance_insights() {
    return { &the_card, collect };
}

} // namespace convops
