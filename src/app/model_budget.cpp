#include "app/model_budget.h"

#include "app/log.h"
#include "base/text.h"

namespace convops {

namespace {

constexpr std::string_view partition = "model_budget";
constexpr std::size_t most_held = 256; // reservations on one page at a time
constexpr int most_commit_tries = 64; // other workers may be first that often; each of them got on
constexpr double million = 1e6;

struct Held {
    std::string id;
    Spending most;
    Time until;
};

// One page of the ledger: an incident, a day or a month.
struct Page {
    std::string sort;
    std::uint64_t version = 0; // 0: not there yet
    Spending used;
    std::vector<Held> held;
};

struct PageLimit {
    std::string_view whose; // "today's"
    double usd = 0;
    std::int64_t tokens = 0;
};

std::string incident_page(IncidentId const& incident) {
    return "incident/" + incident.text;
}
std::string day_page(Time now) {
    return "day/" + format_time(now).substr(0, 10);
}
std::string month_page(Time now) {
    return "month/" + format_time(now).substr(0, 7);
}

std::int64_t micro(double usd) {
    return static_cast<std::int64_t>(std::ceil(usd * million));
}

std::string dollars(double usd) {
    char text[32];
    std::snprintf(text, sizeof text, "$%.2f", usd);
    return text;
}

Page page_from(std::string sort, Item const& item) {
    Page page { std::move(sort), item.version, {}, {} };
    auto const json = parse_json(item.body).value_or(Json {});
    page.used = { integer_at(json, "micro_usd").value_or(0), integer_at(json, "tokens").value_or(0) };
    for (auto const& each : list_at(json, "held"))
        page.held.push_back({ text_at(each, "id"),
            { integer_at(each, "micro_usd").value_or(0), integer_at(each, "tokens").value_or(0) },
            time_at(each, "until").value_or(Time {}) });
    return page;
}

std::string body_of(Page const& page) {
    JsonArray held;
    for (auto const& each : page.held)
        held.push_back(JsonObject { { "id", each.id }, { "micro_usd", each.most.micro_usd },
            { "tokens", each.most.tokens }, { "until", format_time(each.until) } });
    return to_text(
        JsonObject { { "micro_usd", page.used.micro_usd }, { "tokens", page.used.tokens }, { "held", held } });
}

Result<Page> read_page(Store& store, WorkspaceId const& workspace, std::string const& sort, Time now) {
    auto const item = store.get({ workspace, std::string(partition), sort }, now);
    if (item)
        return page_from(sort, *item);
    if (item.error().kind == ErrorKind::not_found)
        return Page { sort, 0, {}, {} };
    return item.error();
}

Write write_of(WorkspaceId const& workspace, Page const& page, Time now) {
    Write write;
    write.item.key = { workspace, std::string(partition), page.sort };
    // Kept as long as the incidents that it was spent on: sums and ids, no words.
    write.item.data_class = DataClass::diagnosis_summaries;
    write.item.written_at = now;
    write.item.body = body_of(page);
    write.condition = page.version == 0 ? Write::Condition::absent : Write::Condition::version_is;
    write.version = page.version;
    return write;
}

// Why `most` does not fit on the page any more; "" when it does.
std::string refusal(Page const& page, Spending const& most, PageLimit const& limit) {
    auto taken = page.used;
    for (auto const& each : page.held) {
        taken.micro_usd += each.most.micro_usd;
        taken.tokens += each.most.tokens;
    }
    auto const words = [&](bool used_up, std::string const& budget, std::string const& call) {
        auto const which = std::string(limit.whose) + " model budget of " + budget;
        return used_up ? which + " is used up" : which + " has too little left for a call of up to " + call;
    };
    auto const most_micro = micro(limit.usd);
    if (limit.usd > 0 && taken.micro_usd + most.micro_usd > most_micro)
        return words(taken.micro_usd >= most_micro, dollars(limit.usd),
            dollars(static_cast<double>(most.micro_usd) / million));
    if (limit.tokens > 0 && taken.tokens + most.tokens > limit.tokens)
        return words(taken.tokens >= limit.tokens, std::to_string(limit.tokens) + " tokens",
            std::to_string(most.tokens) + " tokens");
    if (page.held.size() >= most_held)
        return "too many calls of the model are under way";
    return {};
}

// Reads the pages, lets `change` alter each, and commits them together; again when somebody else was first.
Result<> change_pages(Store& store, Clock& clock, WorkspaceId const& workspace, std::vector<std::string> const& sorts,
    std::function<Result<>(Page&, std::size_t, Time)> const& change) {
    for (int tries = 0; tries < most_commit_tries; ++tries) {
        auto const now = clock.now();
        std::vector<Write> writes;
        for (std::size_t i = 0; i < sorts.size(); ++i) {
            auto page = TRY(read_page(store, workspace, sorts[i], now));
            std::erase_if(page.held, [&](Held const& each) { return each.until <= now; });
            TRY(change(page, i, now));
            writes.push_back(write_of(workspace, page, now));
        }
        auto committed = store.commit(writes, now);
        if (committed || committed.error().kind != ErrorKind::conflict)
            return committed;
    }
    return Error { ErrorKind::unavailable, "the model's ledger is too busy" };
}

class BudgetedLlm final : public Llm {
public:
    BudgetedLlm(ModelBudget& budget, Llm& model, WorkspaceId workspace, IncidentId incident)
        : budget_(budget)
        , model_(model)
        , workspace_(std::move(workspace))
        , incident_(std::move(incident)) { }

    LlmOutcome ask(LlmRequest const& request) override {
        auto const reserved = budget_.reserve(
            workspace_, incident_, { micro(model_.most_usd(request)), model_.most_tokens(request) });
        if (!reserved)
            return { reserved.error(), {}, {} };
        auto outcome = model_.ask(request);
        auto const settled = budget_.settle(*reserved, { micro(outcome.usage.usd), outcome.usage.tokens() });
        // The answer is paid for and good; only the ledger is behind, and the reservation holds for a while.
        if (!settled)
            log_warning("model_budget_not_settled", { { "why", settled.error().message } });
        return outcome;
    }
    [[nodiscard]] double most_usd(LlmRequest const& request) const override { return model_.most_usd(request); }
    [[nodiscard]] std::int64_t most_tokens(LlmRequest const& request) const override {
        return model_.most_tokens(request);
    }

private:
    ModelBudget& budget_;
    Llm& model_;
    WorkspaceId workspace_;
    IncidentId incident_;
};

} // namespace

BudgetLimits budget_limits_from(Settings const& settings) {
    auto const& model = settings.model;
    return { model.usd_per_incident, model.usd_per_day, model.usd_per_month, model.tokens_per_incident,
        model.tokens_per_day };
}

Result<Reservation> ModelBudget::reserve(
    WorkspaceId const& workspace, IncidentId const& incident, Spending const& most) {
    auto const now = clock_.now();
    Reservation reservation { workspace, std::to_string(entropy_.next()),
        { incident_page(incident), day_page(now), month_page(now) } };
    std::array<PageLimit, 3> const limits {
        { { "this incident's", limits_.usd_per_incident, limits_.tokens_per_incident },
            { "today's", limits_.usd_per_day, limits_.tokens_per_day }, { "this month's", limits_.usd_per_month, 0 } }
    };
    TRY(change_pages(
        store_, clock_, workspace, reservation.pages, [&](Page& page, std::size_t i, Time at) -> Result<> {
            if (auto why = refusal(page, most, limits[i]); !why.empty())
                return Error { ErrorKind::conflict, std::move(why) };
            page.held.push_back({ reservation.id, most, at + reservation_time });
            return {};
        }));
    return reservation;
}

Result<> ModelBudget::settle(Reservation const& reservation, Spending const& used) {
    return change_pages(
        store_, clock_, reservation.workspace, reservation.pages, [&](Page& page, std::size_t, Time) -> Result<> {
            std::erase_if(page.held, [&](Held const& each) { return each.id == reservation.id; });
            page.used.micro_usd += used.micro_usd; // also when the reservation has expired: it was spent
            page.used.tokens += used.tokens;
            return {};
        });
}

Result<Spending> ModelBudget::spent(WorkspaceId const& workspace, std::string const& page) {
    return TRY(read_page(store_, workspace, page, clock_.now())).used;
}
Result<Spending> ModelBudget::spent_on(WorkspaceId const& workspace, IncidentId const& incident) {
    return spent(workspace, incident_page(incident));
}
Result<Spending> ModelBudget::spent_today(WorkspaceId const& workspace) {
    return spent(workspace, day_page(clock_.now()));
}

std::unique_ptr<Llm> ModelBudget::for_incident(Llm& model, WorkspaceId workspace, IncidentId incident) {
    return std::make_unique<BudgetedLlm>(*this, model, std::move(workspace), std::move(incident));
}

} // namespace convops
