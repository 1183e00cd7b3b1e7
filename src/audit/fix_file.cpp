#include "audit/fix_file.h"

#include "audit/fixes.h"
#include "base/text.h"

#include <algorithm>
#include <set>

namespace convops {

namespace {

struct PlannedFix {
    std::string region;
    AuditFix fix;
    std::vector<std::string> why; // "23 alarm_has_action: its name"
};

// Worst first, as the findings are. The first change of a field wins: it belongs to the worse finding.
std::vector<PlannedFix> planned_fixes(AuditReport const& report) {
    std::vector<PlannedFix> planned;
    std::map<std::pair<std::string, std::string>, std::size_t> by_alarm;
    auto const add = [&](std::string const& region, AuditFix const& fix, std::string const& why) {
        if (fix.empty())
            return;
        if (!fix.alarm.empty()) {
            auto const [place, first] = by_alarm.try_emplace({ region, fix.alarm }, planned.size());
            if (!first) {
                auto& merged = planned[place->second];
                for (auto const& [key, value] : fix.alarm_changes)
                    if (!merged.fix.alarm_changes.contains(key))
                        merged.fix.alarm_changes[key] = value;
                merged.why.push_back(why);
                return;
            }
        }
        planned.push_back({ region, fix, { why } });
    };
    for (auto const& finding : report.findings)
        if (finding.judgement.result == AuditResult::fail)
            add(finding.judgement.region, finding.judgement.fix,
                std::to_string(finding.number) + " " + finding.check + ": " + finding.judgement.why);
    for (auto const& tuning : report.tunings)
        add(tuning.region, tuning.fix, "tuning: " + tuning.would_say);
    for (auto const& moment : report.untold)
        add(moment.region, moment.fix, "would have told: " + moment.alarm);
    for (auto& one : planned)
        if (one.why.size() > 1)
            if (auto const alarm = report.changed_alarms.find({ one.region, one.fix.alarm });
                alarm != report.changed_alarms.end())
                one.fix = changed_alarm_fix(alarm->second, one.fix.alarm_changes, one.region);
    return planned;
}

std::string comment_of(PlannedFix const& planned, std::string_view indent) {
    std::string out;
    for (auto const& why : planned.why)
        out += std::string(indent) + "# " + shorten(replace_all(clean_utf8(why), "\n", " "), 160) + "\n";
    return out;
}

std::vector<std::string> lines_of(std::string const& text) {
    auto lines = split(text, '\n');
    if (!lines.empty() && lines.back().empty())
        lines.pop_back();
    return lines;
}

bool uses(std::string_view text, std::string_view name) {
    return text.find(name) != std::string_view::npos;
}

std::string as_script(std::vector<PlannedFix> const& planned, std::string const& heading) {
    std::string body;
    std::set<std::string> written;
    for (auto const& one : planned)
        if (!one.fix.cli.empty() && written.insert(one.fix.cli).second)
            body += "\n" + comment_of(one, "") + one.fix.cli + (one.fix.cli.ends_with("\n") ? "" : "\n");
    std::string out = "#!/bin/sh\n" + heading + "set -eu\n";
    for (auto const& placeholder : fix_placeholders)
        if (uses(body, "\"$" + std::string(placeholder.shell) + "\""))
            out += ": \"${" + std::string(placeholder.shell) + ":?set it to the " + std::string(placeholder.says)
                + "}\"\n";
    return out + body;
}

// A fix may hold several resources (a filter and its alarm), and two fixes the same one.
std::string new_resources(std::string const& cloudformation, std::set<std::string>& ids) {
    std::string out;
    bool is_new = false;
    for (auto const& line : lines_of(cloudformation)) {
        if (line.size() > 2 && line.starts_with("  ") && line[2] != ' ')
            is_new = ids.insert(line).second;
        if (is_new)
            out += line + "\n";
    }
    return out;
}

std::string as_template(std::vector<PlannedFix> const& planned, std::string const& heading) {
    std::string body;
    std::set<std::string> ids;
    for (auto const& one : planned)
        if (auto const added = new_resources(one.fix.cloudformation, ids); !added.empty())
            body += comment_of(one, "  ") + added;
    std::string out = heading
        + "AWSTemplateFormatVersion: \"2010-09-09\"\n"
          "Description: What the observability audit would mend.\n";
    std::string parameters;
    for (auto const& placeholder : fix_placeholders)
        if (uses(body, "!Ref " + std::string(placeholder.cloudformation)))
            parameters += "  " + std::string(placeholder.cloudformation)
                + ":\n    Type: String\n    Description: " + std::string(placeholder.says) + "\n";
    if (!parameters.empty())
        out += "Parameters:\n" + parameters;
    return out + (body.empty() ? "Resources: {}\n" : "Resources:\n" + body);
}

std::string alias_of(std::string_view region) {
    return replace_all(std::string(region), "-", "_");
}

// The blocks that no earlier fix has. An import block is told by the line that says where to.
std::string new_blocks(std::string const& terraform, std::set<std::string>& known) {
    std::string out;
    std::string block;
    std::string key;
    for (auto const& line : lines_of(terraform)) {
        block += line + "\n";
        if (key.empty() && (line.starts_with("resource \"") || line.starts_with("  to = ")))
            key = line;
        if (line != "}")
            continue;
        if (key.empty() || known.insert(key).second)
            out += block;
        block.clear();
        key.clear();
    }
    return out + block;
}

// Every resource and import of the fix for the provider of its Region.
std::string with_provider(std::string const& terraform, std::string const& region) {
    std::string out;
    for (auto const& line : split(terraform, '\n')) {
        out += line + "\n";
        if ((line.starts_with("resource \"") || line.starts_with("import {")) && line.ends_with("{"))
            out += "  provider = aws." + alias_of(region) + "\n\n";
    }
    if (out.ends_with("\n\n"))
        out.pop_back();
    return out;
}

std::string as_terraform(
    AuditReport const& report, std::vector<PlannedFix> const& planned, std::string const& heading) {
    bool const several = report.regions.size() > 1;
    std::string body;
    std::set<std::string> known;
    for (auto const& one : planned) {
        auto const added = new_blocks(one.fix.terraform, known);
        if (added.empty())
            continue;
        auto const region = one.region.empty() ? report.regions.front() : one.region;
        body += "\n" + comment_of(one, "") + (several ? with_provider(added, region) : added);
    }
    // Import blocks exist from Terraform 1.5 on.
    // https://developer.hashicorp.com/terraform/language/import
    std::string out = heading
        + "terraform {\n  required_version = \">= 1.5.0\"\n  required_providers {\n    aws = {\n"
          "      source  = \"hashicorp/aws\"\n      version = \">= 5.0\"\n    }\n  }\n}\n";
    for (auto const& region : report.regions)
        out += "\nprovider \"aws\" {\n" + (several ? "  alias  = \"" + alias_of(region) + "\"\n" : std::string())
            + "  region = \"" + region + "\"\n}\n";
    for (auto const& placeholder : fix_placeholders)
        if (uses(body, "var." + std::string(placeholder.terraform)))
            out += "\nvariable \"" + std::string(placeholder.terraform)
                + "\" {\n  type        = string\n  description = \"" + std::string(placeholder.says) + "\"\n}\n";
    return out + body;
}

} // namespace

Result<std::string> fix_file(AuditReport const& report, FixLanguage language) {
    if (language == FixLanguage::cloudformation && report.regions.size() > 1)
        return Error { ErrorKind::invalid_input,
            "a CloudFormation template is for one Region: audit one Region at a time for --fixes cloudformation" };
    auto const planned = planned_fixes(report);
    auto heading = "# Fixes for account " + report.account + ", audited at " + format_time(report.at)
        + ". Read before you apply.\n# Nothing here deletes anything. Alarms that exist are written whole, with the "
          "change.\n";
    switch (language) {
    case FixLanguage::cli:
        return as_script(planned, heading);
    case FixLanguage::cloudformation:
        heading += "# Entries with DeletionPolicy: Retain exist already: import them into the stack "
                   "(create-change-set --change-set-type IMPORT) first.\n";
        return as_template(planned, heading);
    case FixLanguage::terraform:
        return as_terraform(report, planned, heading);
    }
    return Error { ErrorKind::invalid_input, "no such language" };
}

} // namespace convops
