// The liar bench: drafts from one seed, true sentences mixed with lies, each judged. No lie may survive; of the
// truths at least 95 % must. Prints what survived by sort. Exit status 1 when a goal is missed.
#include "draft.h"
#include "subjects.h"
#include "wording/claims.h"

#include <cstdio>
#include <cstring>

namespace convops {
namespace {

struct Tally {
    int said = 0;
    int survived = 0;
    std::vector<std::string> examples; // of what went wrong
};

struct Options {
    std::uint64_t seed = 20261128;
    int drafts = 1200;
    std::size_t examples = 3;
    bool reasons = false;
};

Style style_for(std::string_view language, Dice& dice, Readership& reader) {
    struct Zone {
        int minutes;
        char const* label;
    };
    static std::vector<Zone> const zones { { 0, "UTC" }, { 60, "CET" }, { -300, "UTC-05:00" }, { 330, "IST" } };
    auto const& zone = dice.pick(zones);
    reader.language = std::string(language);
    reader.utc_offset = Minutes { zone.minutes };
    reader.zone_label = zone.label;
    Style style;
    style.utc_offset = reader.utc_offset;
    style.zone_label = reader.zone_label;
    style.numbers = int(dice.below(4));
    style.clocks = int(dice.below(4));
    if (language == "de")
        style.about = "etwa ";
    if (language == "es")
        style.about = "unos ";
    if (language == "hi")
        style.about = "लगभग ";
    if (language == "de" || language == "es") {
        style.decimal = ',';
        style.numbers = style.numbers == 2 ? 2 : 0;
    }
    if (language == "hi") {
        style.devanagari = dice.one_in(2);
        style.numbers = style.numbers == 2 ? 2 : 0;
    }
    return style;
}

class Bench {
public:
    Bench(std::vector<Subject> subjects, Options options)
        : subjects_(std::move(subjects))
        , options_(options)
        , dice_(options.seed) { }

    int run();

private:
    void write_draft();
    void try_other_words();
    void try_one(Judge const& judge, Draft const& draft, Style const& style, bool is_true, Readership const& reader);
    int print() const;

    std::vector<Subject> subjects_;
    Options options_;
    Dice dice_;
    std::map<std::string, Tally> truths_;
    std::map<std::string, Tally> lies_;
    Tally unseen_;
    std::map<std::string, int> reasons_;
};

void Bench::try_one(
    Judge const& judge, Draft const& draft, Style const& style, bool is_true, Readership const& reader) {
    auto const text = render(draft.pieces, style);
    auto const judgement = judge.judge({ text, draft.cites });
    bool const survived = judgement.dropped == DropReason::none;
    auto& tally = (is_true ? truths_ : lies_)[draft.sort];
    ++tally.said;
    tally.survived += survived ? 1 : 0;
    if (!survived)
        ++reasons_[(is_true ? "truth: " : "lie: ") + std::string(to_string(judgement.dropped))];
    if (survived != is_true && tally.examples.size() < options_.examples) {
        std::string cites;
        for (auto const& id : draft.cites)
            cites += id + " ";
        tally.examples.push_back("[" + cites + "| " + reader.language + " " + reader.zone_label + "] " + text
            + "   <- " + std::string(to_string(judgement.dropped)) + ": " + judgement.what);
    }
}

void Bench::write_draft() {
    auto const& subject = dice_.pick(subjects_);
    static std::vector<std::string> const languages { "en", "en", "en", "en", "en", "de", "es", "hi" };
    auto const& language = dice_.pick(languages);
    Readership reader;
    auto const style = style_for(language, dice_, reader);
    Judge const judge(subject.investigation, reader);
    auto const truths = truths_about(subject.investigation, language, dice_);
    if (truths.empty())
        return;
    constexpr std::size_t sentences_of_a_draft = 8;
    for (std::size_t i = 0; i < sentences_of_a_draft; ++i) {
        auto const& truth = dice_.pick(truths);
        if (dice_.one_in(2)) {
            try_one(judge, truth, style, true, reader);
            continue;
        }
        auto const& sort = dice_.pick(lie_sorts());
        for (int tries = 0; tries < 40; ++tries) {
            auto const lie = lie_about(subject.investigation, dice_.pick(truths), sort, language, dice_);
            if (!lie)
                continue;
            try_one(judge, *lie, style, false, reader);
            break;
        }
    }
}

// The second author's truths are counted apart, and no goal is set for them.
void Bench::try_other_words() {
    for (auto const& subject : subjects_) {
        Readership reader;
        auto const style = style_for("en", dice_, reader);
        Judge const judge(subject.investigation, reader);
        for (auto const& truth : truths_in_other_words(subject.investigation, dice_)) {
            ++unseen_.said;
            auto const text = render(truth.pieces, style);
            auto const judgement = judge.judge({ text, truth.cites });
            if (judgement.dropped == DropReason::none)
                ++unseen_.survived;
            else if (unseen_.examples.size() < 4 * options_.examples)
                unseen_.examples.push_back(
                    text + "   <- " + std::string(to_string(judgement.dropped)) + ": " + judgement.what);
        }
    }
}

int Bench::print() const {
    auto const section = [](char const* title, std::map<std::string, Tally> const& tallies) {
        int said = 0;
        int survived = 0;
        std::printf("%s\n", title);
        for (auto const& [sort, tally] : tallies) {
            std::printf("  %-32s %6d said %6d survived\n", sort.c_str(), tally.said, tally.survived);
            for (auto const& example : tally.examples)
                std::printf("      %s\n", example.c_str());
            said += tally.said;
            survived += tally.survived;
        }
        std::printf("  %-32s %6d said %6d survived (%.2f %%)\n", "all", said, survived,
            said == 0 ? 0.0 : 100.0 * survived / said);
        return std::pair { said, survived };
    };
    auto const [true_said, true_survived] = section("truths", truths_);
    auto const [false_said, false_survived] = section("lies", lies_);
    std::printf("truths in other words                %6d said %6d survived\n", unseen_.said, unseen_.survived);
    for (auto const& example : unseen_.examples)
        std::printf("      %s\n", example.c_str());
    if (options_.reasons)
        for (auto const& [reason, count] : reasons_)
            std::printf("  %-32s %6d\n", reason.c_str(), count);
    bool const good = false_survived == 0 && true_survived * 100 >= true_said * 95 && true_said > 0 && false_said > 0;
    std::printf("seed %llu: %s\n", static_cast<unsigned long long>(options_.seed), good ? "held" : "MISSED");
    return good ? 0 : 1;
}

int Bench::run() {
    std::printf("seed %llu, %d drafts about %zu investigations\n", static_cast<unsigned long long>(options_.seed),
        options_.drafts, subjects_.size());
    for (int i = 0; i < options_.drafts; ++i)
        write_draft();
    try_other_words();
    return print();
}

} // namespace
} // namespace convops

int main(int argc, char** argv) {
    convops::Options options;
    for (int i = 1; i < argc; ++i) {
        std::string_view const argument = argv[i];
        if (argument == "--reasons")
            options.reasons = true;
        else if (argument == "--seed" && i + 1 < argc)
            options.seed = std::strtoull(argv[++i], nullptr, 10);
        else if (argument == "--drafts" && i + 1 < argc)
            options.drafts = std::atoi(argv[++i]);
        else if (argument == "--examples" && i + 1 < argc)
            options.examples = std::size_t(std::atoi(argv[++i]));
        else {
            std::printf("usage: wording_bench [--seed N] [--drafts N] [--examples N] [--reasons]\n");
            return argument == "--help" ? 0 : 2;
        }
    }
    auto subjects = convops::all_subjects();
    if (!subjects) {
        std::fprintf(stderr, "wording_bench: %s\n", subjects.error().message.c_str());
        return 3;
    }
    return convops::Bench(std::move(*subjects), options).run();
}
