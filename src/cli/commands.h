// What each command does once its arguments are read. Each returns the exit status of contracts.md: 0 done, 1 it ran
// and the answer is bad, 2 unusable arguments or configuration, 3 the outside failed.
#pragma once

#include "app/bench_petshop.h"
#include "base/result.h"

#include <cstdint>
#include <string>
#include <vector>

namespace convops {

enum class OutputFormat : std::uint8_t { text, json, markdown };

struct InvestigateArguments {
    std::string alarm;
    std::string region;
    std::string role_arn;
    std::string external_id;
    std::string at; // RFC 3339; empty: now
    std::string save; // capsule file; empty: none
    std::string chart; // PNG file; empty: none
    std::string runbooks; // folder; empty: none
    std::string words = "template"; // "model": Anthropic's, with the key of ANTHROPIC_API_KEY
    OutputFormat format = OutputFormat::text;
};

enum class AuditFormat : std::uint8_t { text, json, markdown, html, sarif, junit };

struct AuditArguments {
    std::string regions; // "eu-west-1,us-east-1"
    std::string role_arn;
    std::string external_id;
    std::string fail_under; // grade; empty: any grade is good
    std::string compare; // JSON of an earlier audit; empty: none
    std::string fixes; // cli | cloudformation | terraform; empty: the report
    std::string only; // "delivery,alarm_has_data,59"; empty: every check
    bool list_checks = false;
    AuditFormat format = AuditFormat::text;
};

struct ReplayArguments {
    std::string file;
    std::string chart;
    std::string runbooks; // folder; empty: none
    OutputFormat format = OutputFormat::text;
};

enum class ReportFormat : std::uint8_t { markdown, html };

struct ReportArguments {
    std::string what; // a capsule; with `config`: the id of an incident
    std::string config; // of the server that has the incident; empty: `what` is a capsule
    std::string out; // file; empty: standard output
    ReportFormat format = ReportFormat::markdown;
};

struct AskArguments {
    std::string file;
    std::string question;
};

struct DemoArguments {
    std::string recording; // empty: the first of recordings/
    std::string chart = "convops-demo.png";
    std::string save; // capsule file
};

struct ServeArguments {
    std::string config = "convops.toml";
    bool check_only = false;
};

struct WatchArguments {
    std::string region;
    bool once = false;
    std::string role_arn;
    std::string external_id;
    std::vector<std::string> include; // patterns of metrics; empty: all that tell something
    std::vector<std::string> exclude;
    double budget = 25; // dollars a month
    int days = 7;
    std::string explain; // id of an anomaly, in the store of `config`
    bool digest = false; // as it would be told now
    std::string config = "convops.toml";
    OutputFormat format = OutputFormat::text;
};

struct DeadLettersArguments {
    std::string config = "convops.toml";
    bool resend = false;
    std::string id;
    bool all = false;
    OutputFormat format = OutputFormat::text;
};

struct BenchInvestigateArguments {
    std::string recording;
    int runs = 50;
    int latency_ms = 0; // of every AWS call
    int resources = 0; // so many more than were recorded, with
    int metrics = 0; // so many metrics and
    int log_lines = 0; // so many log lines within 80 minutes
};

struct BenchLogsArguments {
    std::string in;
    std::string out;
};

struct BenchNabArguments {
    std::string data;
    std::string out;
};

struct BenchDetectArguments {
    int series = 100;
    int points = 20'000;
    int generated = 0;
    std::string peer = "build/peers/random-cut-forest/run";
};

struct BenchAuditArguments {
    int resources = 5'000;
    int alarms = 2'000;
    std::string page; // file for the report as HTML; empty: none
};

struct BenchStoreArguments {
    std::string nab; // folder with NAB's CSV files; empty: the generated fleet alone
    std::string export_to; // file for a peer; empty: none
    int series = 400;
    int points = 10'080;
};

struct BenchPetshopArguments {
    std::string data;
    std::string out;
    PetshopAsked asks;
};

struct BenchWatchArguments {
    int series = 10'000;
    double hours = 2; // simulated
};

struct BenchStormArguments {
    std::string recording;
    int alarms = 10'000;
    int seconds = 60; // the alarms are spread over so long
    int slow_connections = 0; // that trickle a header meanwhile
};

int investigate_command(InvestigateArguments const& arguments);
int audit_command(AuditArguments const& arguments);
int replay_command(ReplayArguments const& arguments);
int report_command(ReportArguments const& arguments);
int ask_command(AskArguments const& arguments);
int demo_command(DemoArguments const& arguments);
int serve_command(ServeArguments const& arguments);
int watch_command(WatchArguments const& arguments);
int dead_letters_command(DeadLettersArguments const& arguments);
struct TemplateArguments {
    std::string what;
    std::string github_token_secret;
    bool audit = false; // iam-policy: also what `convops audit` reads
};
int template_command(TemplateArguments const& arguments);
int bench_investigate_command(BenchInvestigateArguments const& arguments);
int bench_logs_command(BenchLogsArguments const& arguments);
int bench_nab_command(BenchNabArguments const& arguments);
int bench_detect_command(BenchDetectArguments const& arguments);
int bench_petshop_command(BenchPetshopArguments const& arguments);
int bench_watch_command(BenchWatchArguments const& arguments);
int bench_audit_command(BenchAuditArguments const& arguments);
int bench_store_command(BenchStoreArguments const& arguments);
int bench_storm_command(BenchStormArguments const& arguments);

// The first recording of recordings/, beside the binary or where the command runs.
Result<std::string> default_recording();

// Prints "convops: <message>" on stderr and returns 2 for what the caller can mend, 3 for what failed outside.
int report(Error const& error);

} // namespace convops
