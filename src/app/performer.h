// Performs what incidents ask for: investigations through the port Aws, messages through the channels.
#pragma once

#include "app/case_file.h"
#include "app/mute_book.h"
#include "app/outbox.h"
#include "app/runbooks.h"
#include "message/compose.h"
#include "message/deliver.h"
#include "ports/llm.h"

namespace convops {

// What the performer needs of the world; everything outlives it.
struct PerformerWorld {
    IncidentEngine& engine;
    Http& http;
    Clock& clock;
    // A fresh session of the connection's account: an assumed role, 15 minutes, in memory.
    std::function<Result<std::unique_ptr<Aws>>(ConnectionId const&)> open_aws;
    // Where a channel's API is and its secret; not_found when the channel is not configured.
    std::function<Result<ChannelAccess>(std::string_view channel)> access;
    std::function<Reader(Route const&, Time)> reader; // the people behind a route, at that time of the year
    std::filesystem::path capsules; // folder
    ProgressObserver progress; // for the demo; may be empty
    // Whether free text arrives there now (WhatsApp's 24 hours), and whether the reader wants to hear nothing. Empty:
    // as the access says; nobody opted out.
    std::function<Result<bool>(Route const&)> window_is_open;
    std::function<Result<bool>(Route const&)> is_opted_out;
    std::function<bool(std::string_view channel)> hears; // whether what people write there reaches us
    // The language model for one incident, within its budgets; nullptr, or no function: words come from templates.
    std::function<std::unique_ptr<Llm>(WorkspaceId const&, IncidentId const&)> open_model;
    Milliseconds model_time { 0 }; // for one question to it
    std::function<std::vector<Route>(ConnectionId const&)> routes; // who is told; empty: one reader, of no route
    SharedShelf const* runbooks = nullptr; // nullptr: none are cited
    Store* memory = nullptr; // of incidents and of what was judged; nullptr: nothing is remembered
    MuteBook* mutes = nullptr; // for what is said of them; nullptr: nobody can mute
    Store* words = nullptr; // where a model's drafts are kept; nullptr: no model is asked
    std::size_t sources_at_once = most_sources_at_once; // 1 in the simulation, which has no threads
};

class Performer final : public EffectPerformer {
public:
    explicit Performer(PerformerWorld world)
        : world_(std::move(world)) { }

    PerformOutcome perform(PerformRequest const& request) override;
    Milliseconds wait_before(Effect const& effect) override;

private:
    PerformOutcome investigate(PerformRequest const& request);
    PerformOutcome look_at_aftermath(PerformRequest const& request, Investigate const& effect);
    PerformOutcome deliver(PerformRequest const& request, Deliver const& effect);
    PerformOutcome reply(PerformRequest const& request, Reply const& effect);
    PerformOutcome send(PerformRequest const& request, Delivery delivery, ChannelAccess const& access);
    Result<bool> window_is_open(Route const& route, ChannelAccess const& access);
    Result<ReplyMaterial> material_for(WorkspaceId const& workspace, std::string const& word);
    Result<Message> compose(PerformRequest const& request, WantedMessage const& wanted);
    Result<> assess(Message& message, IncidentRecord const& record, std::string_view channel, Reader const& reader);
    ChatAnswer answer_to(
        IncidentRecord const& record, WantedMessage const& wanted, Investigation const* investigation);
    std::optional<Message> shown_now(PerformRequest const& request);
    Result<Investigation> investigation_of(IncidentRecord const& record, std::string const& report);
    void ask_for_words(PerformRequest const& request, Investigation const& investigation, std::string const& report);
    void add_kept_words(IncidentRecord const& record, Investigation& investigation, Reader const& reader);
    [[nodiscard]] Evidence first_facts_of(IncidentId const& incident);
    void remember_first_facts(IncidentId const& incident, Evidence evidence);

    PerformerWorld world_;
    DeliveryRates rates_;
    std::mutex mutex_;
    // The first facts of running investigations; lost in a crash, after which the first message only says what fired.
    std::map<IncidentId, Evidence> first_facts_; // guarded by mutex_
};

} // namespace convops
