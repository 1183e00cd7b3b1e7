// A second author's drafts, written blind: from the messages, the model's headers and the interface of the checker,
// without having read the checker, its words or the first author's drafts. Truths are put as a language model puts
// them; what makes a lie false is computed from the facts, never asked of the checker.
#pragma once

#include "draft.h"
#include "wording/claims.h"

namespace convops::second {

// What one metric did around the onset, as a writer would have it in front of them.
struct MetricView {
    std::string id; // "F2"
    Resource resource;
    std::string name; // CloudWatch's
    std::string unit;
    double before = 0;
    double since = 0;
    int direction = 0; // +1 rose, -1 fell, 0 stayed
    std::string statement;
};

struct CauseView {
    std::string id; // "C1"
    Cause const* cause = nullptr;
    std::string noun; // "the deploy of checkout"
    std::vector<std::string> facts;
};

// All that can be written about: the investigation, for one reader.
struct Desk {
    Investigation const& investigation;
    Readership reader;
    Dice& dice;
    std::vector<MetricView> metrics; // of interest: cited by the diagnosis, or moved
    std::vector<CauseView> causes;
    std::vector<Sentence> said;

    Desk(Investigation const& about, Readership for_whom, Dice& with);
    void say(std::string kind, std::string text, std::vector<std::string> cites);

    std::string clock(Time at); // "14:18", with or without seconds and label
    std::string minute(Time at) const; // "14:18 CET"
    std::string second(Time at) const; // "14:18:20 CET"
    std::string value(double number, std::string_view unit); // as shown, or at a sensible precision
    std::string rough(double number, std::string_view unit); // two digits; to be said with "about"
    std::string named(Resource const& resource); // "checkout", "the checkout service"
    std::string metric(MetricView const& view); // "CPU", "5xx errors"
    std::string subject(MetricView const& view); // "CPU on catalog-db"
    Fact const* fact(std::string const& id) const;
    Fact const* alarm_fact() const; // of the alarm's own metric
    MetricView const* alarm_metric() const;
    bool blamed(Resource const& resource) const;
};

bool capital(std::string& text); // the first letter
std::string upper_first(std::string text);
std::string kind_noun(CauseKind kind, std::string const& where); // "storage exhaustion on orders-db"
std::vector<double> numbers_in(std::string_view text);
bool near(double a, double b, double share);

// Every sentence of this author, true or false; `sort` is the style or the kind of lie.
std::vector<Sentence> truths(Investigation const& investigation, Readership const& reader, Dice& dice);
std::vector<Sentence> lies(Investigation const& investigation, Readership const& reader, Dice& dice);

// The parts.
void write_metrics(Desk& desk);
void write_causes(Desk& desk);
void write_rest(Desk& desk);
void lie_about_numbers(Desk& desk);
void lie_about_causes(Desk& desk);
void lie_about_the_rest(Desk& desk);
void lie_in_disguise(Desk& desk);

} // namespace convops::second
