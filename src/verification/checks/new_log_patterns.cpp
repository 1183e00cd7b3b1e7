#include "base/text.h"
#include "verification/judging.h"

namespace convops {

namespace {

Finding judge(Alarm const&, Evidence const& evidence, Time) {
    std::vector<FactId> facts;
    LogPatternFact const* most = nullptr;
    std::size_t read = 0;
    for (auto const& [fact, log] : evidence.all<LogPatternFact>()) {
        ++read;
        auto const count = static_cast<double>(log->count);
        bool const fresh = log->usual_count < 0.5 ? count >= 1 : count >= 3 * log->usual_count + 3;
        if (!fresh || log->severity == LogSeverity::info)
            continue;
        facts.push_back(fact->id);
        if (most == nullptr || log->count > most->count)
            most = log;
    }
    if (most != nullptr) {
        auto pattern = clean_utf8(shorten(most->pattern, 100));
        std::replace(pattern.begin(), pattern.end(), '\n', ' ');
        return found(CheckVerdict::supports,
            std::to_string(facts.size()) + " new or surging patterns; most often (" + std::to_string(most->count)
                + " times): \"" + pattern + "\".",
            std::move(facts));
    }
    if (auto finding = cannot_tell(evidence, { "log_patterns" }))
        return *finding;
    if (read == 0)
        return found(CheckVerdict::refutes, "The logs that were found hold no errors.");
    return found(CheckVerdict::refutes, "The logs show no new or surging error.");
}

} // namespace

Check make_new_log_patterns() {
    return { "new_log_patterns", "What do the logs say?", CheckEffect::context, judge };
}

} // namespace convops
