// The sections of the configuration file: every key once, with its meaning, its bounds and its check. To add a key,
// add a member in settings.h and a row in settings_sections.cpp.
#pragma once

#include "app/settings.h"

#include <variant>

namespace convops::settings_sections {

using Check = std::string (*)(std::string const&); // "" or what is wrong with the text
enum class Need : std::uint8_t { optional, required };

template <class Section> struct Field {
    using Member = std::variant<std::string Section::*, int Section::*, bool Section::*, double Section::*,
        std::map<std::string, std::string> Section::*>;
    std::string_view name;
    Member member;
    std::string_view says;
    Need need = Need::optional;
    Check check = nullptr; // of a text that is not empty, and of each value of a map
    int least = 1;
    int most = 1'000'000;
};

template <class Section> struct Declaration {
    std::string_view name;
    std::string_view says;
    std::vector<Field<Section>> fields;
};

Declaration<Settings::Server> const& server();
Declaration<Settings::Workspace> const& workspace();
Declaration<Settings::Connection> const& connection();
Declaration<Settings::Route> const& route();
Declaration<Settings::Slack> const& slack();
Declaration<Settings::Whatsapp> const& whatsapp();
Declaration<Settings::Eventbridge> const& eventbridge();
Declaration<Settings::Sqs> const& sqs();
Declaration<Settings::Sns> const& sns();
Declaration<Settings::Model> const& model();
Declaration<Settings::Runbooks> const& runbooks();
Declaration<Settings::PublicAudit> const& public_audit();
Declaration<Settings::Limits> const& limits();

// Calls visit(declaration, member) for every section: the one list of sections.
template <class Visit> void for_each_section(Visit&& visit) {
    visit(server(), &Settings::server);
    visit(workspace(), &Settings::workspace);
    visit(connection(), &Settings::connections);
    visit(route(), &Settings::routes);
    visit(slack(), &Settings::slack);
    visit(whatsapp(), &Settings::whatsapp);
    visit(eventbridge(), &Settings::eventbridge);
    visit(sqs(), &Settings::sqs);
    visit(sns(), &Settings::sns);
    visit(model(), &Settings::model);
    visit(runbooks(), &Settings::runbooks);
    visit(public_audit(), &Settings::public_audit);
    visit(limits(), &Settings::limits);
}

} // namespace convops::settings_sections
