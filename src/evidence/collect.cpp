// Asks every source at the same time, on a bounded pool of threads.
//
// How a deadline is kept: a source never waits for anything but AWS calls, so each source gets the port through
// DeadlineAws, which lets no call run past the end of the source's deadline. A late source therefore ends by itself,
// a moment after its deadline; its answer is dropped and a gap says so. Every thread is joined before
// collect_evidence() returns, so nothing can touch the port, the clock or the observer afterwards, and no wall clock
// is read here: the simulation runs this very code.
#include "base/text.h"
#include "evidence/call_budget.h"
#include "evidence/network_place.h"
#include "evidence/sources.h"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

namespace convops {

namespace {

constexpr std::size_t most_facts = 2'000; // of one source; the widest, related_metrics, has at most 500
constexpr std::size_t most_statement_bytes = 1'000;
constexpr std::size_t most_name_bytes = 512;

// The port as one source sees it: no call outlives the source's deadline, and none is sent that the budget does not
// allow. Calls come nearest first, so the ones that are left out are the farthest.
class DeadlineAws final : public Aws {
public:
    DeadlineAws(Aws& inner, Clock& clock, Milliseconds deadline, CallBudget& budget, std::size_t source)
        : inner_(inner)
        , clock_(clock)
        // What is left after the last call has timed out is for turning the failure into a gap.
        , ends_(clock.monotonic() + deadline - std::min<Milliseconds>(deadline / 10, Seconds { 1 }))
        , budget_(budget)
        , source_(source) { }

    Result<Json> call(AwsCall const& call) override {
        return inner_.call(budget_.take(source_, 1) == 1 ? bounded(call) : not_to_be_sent(call));
    }
    std::vector<Result<Json>> call_all(std::span<AwsCall const> calls) override {
        constexpr std::size_t most_together = 10'000;
        auto const allowed = static_cast<std::size_t>(
            budget_.take(source_, static_cast<int>(std::min(calls.size(), most_together))));
        std::vector<AwsCall> all;
        all.reserve(calls.size());
        for (auto const& one : calls)
            all.push_back(all.size() < allowed ? bounded(one) : not_to_be_sent(one));
        return inner_.call_all(all);
    }
    [[nodiscard]] int calls_made() const override { return inner_.calls_made(); }
    [[nodiscard]] std::string account() const override { return inner_.account(); }
    [[nodiscard]] std::string region() const override { return inner_.region(); }

private:
    // Past the deadline a call is still sent on, with next to no time: whoever records the calls sees it fail.
    [[nodiscard]] AwsCall bounded(AwsCall call) const {
        auto const left = std::chrono::floor<Milliseconds>(ends_ - clock_.monotonic());
        call.time_left = std::clamp<Milliseconds>(left, Milliseconds { 1 }, call.time_left);
        return call;
    }
    // Handed on without any time, so that whoever records the calls sees it refused (app/budgeted_aws.h): a replay
    // does not depend on which source was quicker.
    static AwsCall not_to_be_sent(AwsCall call) {
        call.time_left = Milliseconds { 0 };
        return call;
    }

    Aws& inner_;
    Clock& clock_;
    std::chrono::nanoseconds ends_;
    CallBudget& budget_;
    std::size_t source_;
};

Gap gap_of(SourceCard const& card, ErrorKind kind, std::string why) {
    auto const told = card.iam_actions.empty() ? card.says : card.iam_actions.front().would_have_told;
    // No iam_action: no permission would have helped.
    return { std::string(card.name), "", kind, std::move(why), std::string(told) };
}

// What every fact is held to, whichever source made it: its names come from outside.
void clean(Answer& answer, SourceCard const& card) {
    if (answer.facts.size() > most_facts) {
        answer.gaps.push_back(gap_of(card, ErrorKind::unavailable,
            "only the first " + std::to_string(most_facts) + " of " + std::to_string(answer.facts.size())
                + " facts are kept"));
        answer.facts.resize(most_facts);
    }
    for (auto& fact : answer.facts) {
        fact.source = std::string(card.name);
        fact.statement = shorten(clean_utf8(fact.statement), most_statement_bytes);
        fact.resource = shorten(clean_utf8(fact.resource), most_name_bytes);
    }
    for (auto& gap : answer.gaps) {
        gap.source = std::string(card.name);
        gap.why = shorten(clean_utf8(gap.why), most_statement_bytes);
    }
}

class Collection {
public:
    Collection(Question question, std::span<EvidenceSource const> sources, Aws& aws, Clock& clock,
        ProgressObserver const& observer)
        : question_(std::move(question))
        , sources_(sources)
        , aws_(aws)
        , clock_(clock)
        , observer_(observer)
        , budget_(most_aws_calls(question_.depth), sources.size())
        , answers_(sources.size()) {
        question_.map = {};
        question_.nearby.clear();
        for (std::size_t i = 0; i < sources_.size(); ++i) {
            auto const stage = sources_[i].card->stage;
            if (stage == SourceStage::map)
                ++maps_open_;
            if (stage != SourceStage::reading)
                ready_.push_back(i);
        }
        if (maps_open_ == 0)
            start_reading();
    }

    Evidence run(std::size_t at_once) {
        std::vector<std::thread> threads;
        auto const wanted = std::min({ sources_.size(), at_once, most_sources_at_once });
        try {
            while (threads.size() + 1 < wanted)
                threads.emplace_back([this] { work(); });
        } catch (std::system_error const&) {
            // The machine has no more threads: the ones that are there, this one among them, do the work.
        }
        work();
        for (auto& thread : threads)
            thread.join();
        return merged();
    }

private:
    void work() {
        std::unique_lock lock(mutex_);
        while (true) {
            changed_.wait(lock, [&] { return !ready_.empty() || ended_ == sources_.size(); });
            if (ready_.empty())
                return;
            auto const index = ready_.front();
            ready_.pop_front();
            lock.unlock();
            auto answer = ask(index);
            budget_.ended(index);
            lock.lock();
            answers_[index] = std::move(answer);
            ++ended_;
            if (sources_[index].card->stage == SourceStage::map && --maps_open_ == 0)
                start_reading();
            changed_.notify_all();
        }
    }

    // The map is complete: what the reading sources are asked about is known now. Called with the lock held, or
    // before any thread runs.
    void start_reading() {
        budget_.neighbourhood_known();
        reading_question_ = question_;
        auto& map = reading_question_.map;
        for (std::size_t i = 0; i < sources_.size(); ++i) {
            if (sources_[i].card->stage == SourceStage::reading)
                ready_.push_back(i);
            if (sources_[i].card->stage != SourceStage::map)
                continue;
            map.facts.insert(map.facts.end(), answers_[i].facts.begin(), answers_[i].facts.end());
            map.gaps.insert(map.gaps.end(), answers_[i].gaps.begin(), answers_[i].gaps.end());
        }
        add_edges(who_may_call(map), map);
        // Everything behind one NAT gateway would be a single neighbourhood, unless the alarm is about the gateway.
        bool const about_gateway = std::any_of(question_.centre.begin(), question_.centre.end(),
            [](Resource const& resource) { return resource.type == "nat:gateway"; });
        if (about_gateway)
            add_edges(ways_out(map, NetworkReach::all), map);
        number_facts(map); // For its order; the numbers themselves are given when everything is there.
        for (auto& fact : map.facts)
            fact.id = {};
        reading_question_.nearby
            = neighbourhood(map, question_.centre, hops_of(question_.depth), most_nearby(question_.depth));
        std::set<std::string> near;
        for (auto const& [resource, distance] : reading_question_.nearby)
            near.insert(resource.key());
        if (!about_gateway)
            add_edges(ways_out(map, NetworkReach::near, near), map);
        drop_ground_of_others(map, near);
        keep_only_ground_of(map);
    }

    // Who may call whom, and who stands on which network, is known only when the map is complete. The source that
    // read the groups or tables answers for it.
    void add_edges(std::vector<Fact> edges, Evidence& map) {
        for (auto& edge : edges) {
            for (std::size_t i = 0; i < sources_.size(); ++i)
                if (sources_[i].card->name == edge.source)
                    answers_[i].facts.push_back(edge);
            map.facts.push_back(std::move(edge));
        }
    }

    // Groups, tables and ACLs of the account that nothing of the map has to do with are no evidence.
    void keep_only_ground_of(Evidence const& map) {
        std::set<std::string> kept;
        for (auto const& fact : map.facts)
            kept.insert(fact.source + fact.statement);
        for (auto& answer : answers_)
            std::erase_if(answer.facts, [&](Fact const& fact) {
                return is_network_ground(fact) && !kept.contains(fact.source + fact.statement);
            });
    }

    Answer ask(std::size_t index) {
        auto const& source = sources_[index];
        auto const& card = *source.card;
        tell({ .source = card.name });
        auto const started = clock_.monotonic();
        Answer answer;
        auto const allowed = deadline(card, question_.depth);
        DeadlineAws aws(aws_, clock_, allowed, budget_, index);
        try {
            answer = source.collect(card.stage == SourceStage::reading ? reading_question_ : question_, aws);
        } catch (std::exception const& exception) {
            // A source never throws. Should one do so on an answer that nobody thought of, the others still count.
            answer = {};
            answer.gaps.push_back(gap_of(card, ErrorKind::corrupt,
                "the answer could not be understood: " + shorten(clean_utf8(exception.what()), 160)));
        }
        auto const took = std::chrono::floor<Milliseconds>(clock_.monotonic() - started);
        if (took > allowed) {
            answer = {};
            answer.gaps.push_back(gap_of(card, ErrorKind::timeout, "no answer within " + format_duration(allowed)));
        }
        clean(answer, card);
        tell({ card.name, true, answer.facts.size(), answer.gaps.size(), took, &answer });
        return answer;
    }

    void tell(SourceProgress const& progress) {
        if (!observer_)
            return;
        std::lock_guard const lock(observer_mutex_);
        observer_(progress);
    }

    Evidence merged() {
        Evidence evidence;
        std::set<std::tuple<std::string, std::string, ErrorKind, std::string, std::string>> told;
        for (auto& answer : answers_) {
            std::move(answer.facts.begin(), answer.facts.end(), std::back_inserter(evidence.facts));
            for (auto& gap : answer.gaps)
                if (told.emplace(gap.source, gap.iam_action, gap.kind, gap.why, gap.would_have_told).second)
                    evidence.gaps.push_back(std::move(gap));
        }
        number_facts(evidence);
        return evidence;
    }

    Question question_;
    Question reading_question_;
    std::span<EvidenceSource const> sources_;
    Aws& aws_;
    Clock& clock_;
    ProgressObserver const& observer_;
    std::mutex observer_mutex_;
    CallBudget budget_;

    std::mutex mutex_; // guards what follows
    std::condition_variable changed_;
    std::deque<std::size_t> ready_;
    std::size_t ended_ = 0;
    std::size_t maps_open_ = 0;
    std::vector<Answer> answers_; // in the order of the sources
};

} // namespace

Evidence collect_evidence(Question question, std::span<EvidenceSource const> sources, Aws& aws, Clock& clock,
    ProgressObserver const& observer, std::size_t at_once) {
    if (sources.empty())
        return {};
    return Collection(std::move(question), sources, aws, clock, observer).run(at_once);
}

} // namespace convops
