#include "app/bench_investigate.h"

#include "adapters/clock/system_clock.h"
#include "adapters/files/memory_use.h"
#include "adapters/memory/simulated_clock.h"
#include "adapters/recorded/recorded_aws.h"
#include "alarm/formats.h"
#include "app/budgeted_aws.h"
#include "app/investigate.h"

#include <mutex>

namespace convops {

namespace {

// Which source works on this thread; collect_evidence() tells its observer from the source's own thread.
thread_local std::string_view source_at_work = "before";

// Every call takes a while; counts how many calls each source made one after the other.
class DelayedAws final : public Aws {
public:
    DelayedAws(Aws& inner, Clock& clock, Milliseconds latency)
        : inner_(inner)
        , clock_(clock)
        , latency_(latency) { }
    Result<Json> call(AwsCall const& call) override {
        delay(1);
        return inner_.call(call);
    }
    std::vector<Result<Json>> call_all(std::span<AwsCall const> calls) override {
        if (!calls.empty())
            delay(static_cast<int>(calls.size()));
        return inner_.call_all(calls);
    }
    [[nodiscard]] int calls_made() const override { return inner_.calls_made(); }
    [[nodiscard]] std::string account() const override { return inner_.account(); }
    [[nodiscard]] std::string region() const override { return inner_.region(); }

    // Map sources, then reading sources, wait for each other; sources that stand alone run beside both.
    [[nodiscard]] int longest_chain(std::span<EvidenceSource const> sources) const {
        std::map<SourceStage, int> longest;
        for (auto const& source : sources)
            if (auto const count = rounds_.find(std::string(source.card->name)); count != rounds_.end())
                longest[source.card->stage] = std::max(longest[source.card->stage], count->second);
        auto const before = rounds_.find("before");
        return (before == rounds_.end() ? 0 : before->second)
            + std::max(longest[SourceStage::alone], longest[SourceStage::map] + longest[SourceStage::reading]);
    }

    [[nodiscard]] std::map<std::string, int> const& calls_of() const { return calls_of_; }

private:
    void delay(int calls) {
        {
            std::lock_guard const lock(mutex_);
            ++rounds_[std::string(source_at_work)];
            calls_of_[std::string(source_at_work)] += calls;
        }
        if (latency_.count() > 0)
            clock_.wait(latency_);
    }
    Aws& inner_;
    Clock& clock_;
    Milliseconds latency_;
    std::mutex mutex_;
    std::map<std::string, int> rounds_; // guarded by mutex_
    std::map<std::string, int> calls_of_; // guarded by mutex_
};

// The recorded time for what is asked, the true time for how long it takes.
class TimedClock final : public Clock {
public:
    explicit TimedClock(Time at)
        : at_(at) { }
    [[nodiscard]] Time now() const override { return at_; }
    [[nodiscard]] std::chrono::nanoseconds monotonic() const override { return system_.monotonic(); }
    void wait(Milliseconds duration) override { system_.wait(duration); }

private:
    Time at_;
    SystemClock system_;
};

std::string first_cause_of(Diagnosis const& diagnosis) {
    if (diagnosis.causes.empty())
        return {};
    auto const& cause = diagnosis.causes.front();
    return std::string(to_string(cause.kind)) + " of " + cause.resource.short_name();
}

double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return values.empty() ? 0 : values[values.size() / 2];
}

} // namespace

Result<InvestigationTimes> time_investigations(
    std::shared_ptr<RecordedAccount const> account, int runs, Milliseconds latency, Crowd const& crowd) {
    auto const alarm = TRY(parse_alarm(to_text(account->alarm_message)));
    TimedClock clock(account->now);
    InvestigationTimes times;
    std::vector<double> took;
    std::vector<double> first;
    std::string expected;
    {
        RecordedAws alone(account, clock); // small: no budget is reached
        expected = first_cause_of(investigate(incident_of(alarm), alone, clock, {}).diagnosis);
    }
    for (int run = 0; run < runs; ++run) {
        RecordedAws recorded(account, clock);
        CrowdedAws crowded(recorded, clock, crowd);
        auto& whole = crowd.resources > 0 ? static_cast<Aws&>(crowded) : recorded;
        DelayedAws delayed(whole, clock, latency);
        BudgetedAws aws(delayed);
        source_at_work = "before";
        auto const started = clock.monotonic();
        auto const since
            = [&] { return std::chrono::duration<double, std::milli>(clock.monotonic() - started).count(); };
        InvestigationOptions options;
        options.progress
            = [](SourceProgress const& progress) { source_at_work = progress.ended ? "before" : progress.source; };
        options.first_facts = [&](Evidence const&) { first.push_back(since()); };
        auto const investigation = investigate(incident_of(alarm), aws, clock, options);
        took.push_back(since());
        times.aws_calls = whole.calls_made();
        times.calls_of = delayed.calls_of();
        times.first_cause = first_cause_of(investigation.diagnosis);
        times.gaps = investigation.evidence.gaps.size();
        times.longest_chain = delayed.longest_chain(options.sources);
    }
    times.runs = runs;
    times.cause_right = !expected.empty() && times.first_cause == expected;
    times.rss_mb = double(memory_use().peak_resident_bytes) / 1e6;
    times.median_ms = median(took);
    times.slowest_ms = *std::max_element(took.begin(), took.end());
    times.first_facts_ms = median(first);
    if (latency.count() > 0 && times.longest_chain > 0)
        times.ratio = times.median_ms / double(times.longest_chain * latency.count());
    return times;
}

} // namespace convops
