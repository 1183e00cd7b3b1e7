#include "cli/run.h"

#include "cli/commands.h"

#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdio>

namespace convops {

namespace {

void add_format(CLI::App& command, OutputFormat& format) {
    std::map<std::string, OutputFormat> const names { { "text", OutputFormat::text }, { "json", OutputFormat::json },
        { "markdown", OutputFormat::markdown } };
    command.add_option("--format", format, "text, json or markdown")
        ->transform(CLI::CheckedTransformer(names).description(""));
}

// The parser and what each command was asked; lives as long as the run.
struct CommandLine {
    CLI::App app {
        "ConvOps: operational intelligence for AWS. An alarm fires; ConvOps finds the cause and shows the evidence."
    };
    InvestigateArguments investigate;
    AuditArguments audit;
    ReplayArguments replay;
    ReportArguments report_asked;
    AskArguments ask;
    DemoArguments demo;
    ServeArguments serve;
    WatchArguments watch;
    DeadLettersArguments dead_letters;
    BenchInvestigateArguments bench;
    BenchLogsArguments logs;
    BenchPetshopArguments petshop;
    BenchStormArguments storm;
    BenchNabArguments nab;
    BenchDetectArguments detect;
    BenchWatchArguments watch_load;
    TemplateArguments wanted_template;
    BenchAuditArguments audit_load;
    BenchStoreArguments store;
    std::function<int()> chosen;

    CommandLine() {
        app.require_subcommand(1);
        app.set_version_flag("--version", "convops " CONVOPS_VERSION);
        add_investigate();
        add_audit();
        add_replay();
        add_report();
        add_ask();
        add_demo();
        add_serve();
        add_watch();
        add_dead_letters();
        add_template();
        add_bench();
    }

    void add_investigate() {
        auto& command
            = *app.add_subcommand("investigate", "find the cause behind one alarm, with your own AWS credentials");
        command.add_option("--alarm", investigate.alarm, "name of the CloudWatch alarm")->required();
        command.add_option("--region", investigate.region, "AWS Region of the alarm")->required();
        command.add_option("--role-arn", investigate.role_arn, "role to assume; needs --external-id");
        command.add_option("--external-id", investigate.external_id, "external ID that the role asks for");
        command.add_option("--at", investigate.at, "as of this time (RFC 3339); default: now");
        command.add_option("--save", investigate.save, "write everything that was read to this capsule");
        command.add_option("--chart", investigate.chart, "write the chart to this PNG file");
        command.add_option("--runbooks", investigate.runbooks, "cite the Markdown files of this folder that fit");
        command
            .add_option("--words", investigate.words,
                "template | model: a language model rewrites the diagnosis and code checks each sentence; the key "
                "comes "
                "from ANTHROPIC_API_KEY")
            ->check(CLI::IsMember({ "template", "model" }));
        add_format(command, investigate.format);
        command.callback([this] { chosen = [this] { return investigate_command(investigate); }; });
    }
    void add_audit() {
        auto& command
            = *app.add_subcommand("audit", "who would not have been told: score an account's observability");
        command.add_option("--region", audit.regions, "Region or Regions, separated by commas");
        command.add_option("--role-arn", audit.role_arn, "role to assume; needs --external-id");
        command.add_option("--external-id", audit.external_id, "external ID that the role asks for");
        command.add_option("--only", audit.only,
            "look at these checks alone: names, numbers or categories (coverage, hygiene, delivery, logs, depth, "
            "cost), "
            "separated by commas; only what they need is read, and the grade is theirs");
        command.add_flag("--list-checks", audit.list_checks, "name every check and end");
        command.add_option(
            "--fail-under", audit.fail_under, "exit with 1 when the grade is worse than this (A to F)");
        command.add_option(
            "--compare", audit.compare, "JSON of an earlier audit: say what is new and what is mended");
        command.add_option("--fixes", audit.fixes, "print every fix as one file: cli, cloudformation or terraform")
            ->check(CLI::IsMember({ "cli", "cloudformation", "terraform" }));
        std::map<std::string, AuditFormat> const names { { "text", AuditFormat::text }, { "json", AuditFormat::json },
            { "markdown", AuditFormat::markdown }, { "html", AuditFormat::html }, { "sarif", AuditFormat::sarif },
            { "junit", AuditFormat::junit } };
        command.add_option("--format", audit.format, "text, json, markdown, html, sarif or junit")
            ->transform(CLI::CheckedTransformer(names).description(""));
        command.callback([this] { chosen = [this] { return audit_command(audit); }; });
    }
    void add_replay() {
        auto& command = *app.add_subcommand("replay", "run a saved investigation again, offline");
        command.add_option("capsule", replay.file, "file that investigate --save wrote")->required();
        command.add_option("--runbooks", replay.runbooks, "cite the Markdown files of this folder that fit");
        command.add_option("--chart", replay.chart, "write the chart to this PNG file");
        add_format(command, replay.format);
        command.callback([this] { chosen = [this] { return replay_command(replay); }; });
    }
    void add_report() {
        auto& command = *app.add_subcommand("report", "write the incident report: from a capsule, or of a server");
        command.add_option("what", report_asked.what, "a capsule; with --config: the id of an incident")->required();
        command.add_option("--config", report_asked.config, "configuration of the server that has the incident");
        command.add_option("--out", report_asked.out, "write to this file");
        std::map<std::string, ReportFormat> const names { { "markdown", ReportFormat::markdown },
            { "html", ReportFormat::html } };
        command.add_option("--format", report_asked.format, "markdown or html")
            ->transform(CLI::CheckedTransformer(names).description(""));
        command.callback([this] { chosen = [this] { return report_command(report_asked); }; });
    }
    void add_ask() {
        auto& command = *app.add_subcommand("ask", "ask a saved investigation something, offline");
        command.add_option("capsule", ask.file, "file that investigate --save wrote")->required();
        command.add_option("question", ask.question, "in English, German, Spanish or Hindi")->required();
        command.callback([this] { chosen = [this] { return ask_command(ask); }; });
    }
    void add_demo() {
        auto& command = *app.add_subcommand("demo", "the main job on a recorded real incident: no account, no key");
        command.add_option("--recording", demo.recording, "a recorded account; default: the first in recordings/");
        command.add_option("--chart", demo.chart, "where the chart goes");
        command.add_option("--save", demo.save, "write the capsule of the investigation");
        command.callback([this] { chosen = [this] { return demo_command(demo); }; });
    }
    void add_serve() {
        auto& command = *app.add_subcommand("serve", "receive alarms, investigate them, tell the people on call");
        command.add_option("--config", serve.config, "configuration file; default: convops.toml");
        command.add_flag("--check-config", serve.check_only, "check the configuration and stop");
        command.callback([this] { chosen = [this] { return serve_command(serve); }; });
    }
    void add_watch() {
        auto& command = *app.add_subcommand(
            "watch", "find what no alarm covers: what is odd now, with your own AWS credentials");
        command.add_option("--region", watch.region, "AWS Region");
        command.add_flag("--once", watch.once, "one pass, then stop");
        command.add_option("--role-arn", watch.role_arn, "role to assume; needs --external-id");
        command.add_option("--external-id", watch.external_id, "external ID that the role asks for");
        command.add_option("--include", watch.include, "only metrics like this: \"AWS/RDS *\"; may be repeated");
        command.add_option("--exclude", watch.exclude, "no metrics like this; may be repeated");
        command.add_option("--budget", watch.budget, "dollars a month that watching may cost; default: 25")
            ->check(CLI::Range(0.0, 1e6));
        command.add_option("--days", watch.days, "of history to learn from; default: 7")->check(CLI::Range(2, 30));
        command.add_option("--explain", watch.explain, "what became of this anomaly, in the store of a server");
        command.add_flag("--digest", watch.digest, "the daily digest of a server, as it is now");
        command.add_option("--config", watch.config, "its configuration file; default: convops.toml");
        add_format(command, watch.format);
        command.callback([this] { chosen = [this] { return watch_command(watch); }; });
    }
    void add_dead_letters() {
        auto& command = *app.add_subcommand("dead-letters", "what was given up: list it, or send it again");
        command.require_subcommand(1);
        auto& list = *command.add_subcommand("list", "what was given up, and why; the server may run");
        list.add_option("--config", dead_letters.config, "configuration file; default: convops.toml");
        add_format(list, dead_letters.format);
        list.callback([this] { chosen = [this] { return dead_letters_command(dead_letters); }; });
        auto& resend = *command.add_subcommand("resend", "put it back to work; the server may run");
        resend.add_option("id", dead_letters.id, "as list shows it");
        resend.add_flag("--all", dead_letters.all, "every one");
        resend.add_option("--config", dead_letters.config, "configuration file; default: convops.toml");
        resend.callback([this] {
            dead_letters.resend = true;
            chosen = [this] { return dead_letters_command(dead_letters); };
        });
    }
    void add_template() {
        auto& command
            = *app.add_subcommand("template", "print what an AWS account needs, or every setting with its default");
        command.add_option("what", wanted_template.what, "customer-stack | iam-policy | configuration")->required();
        command.add_option("--github-token-secret", wanted_template.github_token_secret,
            "with iam-policy: ARN of the one secret that may be read, the one with the GitHub token");
        command.add_flag("--audit", wanted_template.audit,
            "iam-policy: also allow what `convops audit` reads, as a second statement");
        command.callback([this] { chosen = [this] { return template_command(wanted_template); }; });
    }
    void add_bench() {
        auto& command = *app.add_subcommand("bench", "measure; JSON on stdout");
        command.require_subcommand(1);
        auto& own_time
            = *command.add_subcommand("investigate", "own time of an investigation: every AWS call answered at once");
        own_time.add_option("--recording", bench.recording, "a recorded account; default: the first in recordings/");
        own_time.add_option("--runs", bench.runs, "how many investigations")->check(CLI::Range(1, 100'000));
        own_time.add_option("--latency-ms", bench.latency_ms, "let every AWS call take this long")
            ->check(CLI::Range(0, 10'000));
        own_time.add_option("--resources", bench.resources, "put the recording among so many other resources")
            ->check(CLI::Range(0, 10'000));
        own_time.add_option("--metrics", bench.metrics, "of theirs")->check(CLI::Range(0, 1'000'000));
        own_time.add_option("--log-lines", bench.log_lines, "of theirs, within 80 minutes")
            ->check(CLI::Range(0, 10'000'000));
        own_time.callback([this] { chosen = [this] { return bench_investigate_command(bench); }; });
        auto& logs_command = *command.add_subcommand(
            "logs", "patterns of a log file: for each line its pattern's number, tab, pattern");
        logs_command.add_option("--in", logs.in, "a text file, one log line a line")->required();
        logs_command.add_option("--out", logs.out, "where to write")->required();
        logs_command.callback([this] { chosen = [this] { return bench_logs_command(logs); }; });
        auto& nab_command
            = *command.add_subcommand("nab", "scores of the anomaly detector for each file of a folder");
        nab_command.add_option("--data", nab.data, "folder with data/<category>/<file>.csv")->required();
        nab_command.add_option("--out", nab.out, "where to write")->required();
        nab_command.callback([this] { chosen = [this] { return bench_nab_command(nab); }; });
        auto& detect_command = *command.add_subcommand("detect", "speed and memory of the anomaly detector");
        detect_command.add_option("--series", detect.series, "how many")->check(CLI::Range(1, 10'000));
        detect_command.add_option("--points", detect.points, "of each")->check(CLI::Range(100, 1'000'000));
        detect_command
            .add_option("--generated", detect.generated,
                "instead: false alarms and planted incidents found in so many generated series of each kind")
            ->check(CLI::Range(0, 1'000));
        detect_command.add_option("--peer", detect.peer, "program that times another detector on the same series");
        detect_command.callback([this] { chosen = [this] { return bench_detect_command(detect); }; });
        auto& watch_load_command = *command.add_subcommand(
            "watch", "processor and memory of watching many series by the minute, over simulated hours");
        watch_load_command.add_option("--series", watch_load.series, "how many")->check(CLI::Range(1, 1'000'000));
        watch_load_command.add_option("--hours", watch_load.hours, "simulated")->check(CLI::Range(0.1, 1'000.0));
        watch_load_command.callback([this] { chosen = [this] { return bench_watch_command(watch_load); }; });
        auto& audit_load_command
            = *command.add_subcommand("audit", "own time, memory and calls of the audit of a made account");
        audit_load_command.add_option("--resources", audit_load.resources, "how many")
            ->check(CLI::Range(10, 100'000));
        audit_load_command.add_option("--alarms", audit_load.alarms, "how many")->check(CLI::Range(1, 100'000));
        audit_load_command.add_option("--page", audit_load.page, "write the report as HTML to this file, too");
        audit_load_command.callback([this] { chosen = [this] { return bench_audit_command(audit_load); }; });
        auto& store_command
            = *command.add_subcommand("store", "size and speed of the datapoint store, every point compared");
        store_command.add_option("--nab", store.nab, "folder with CSV files of NAB, beside the generated fleet");
        store_command.add_option("--export", store.export_to, "write what is stored as series,milliseconds,value");
        store_command.add_option("--series", store.series, "of the fleet")->check(CLI::Range(1, 10'000));
        store_command.add_option("--points", store.points, "of each, one a minute")->check(CLI::Range(1, 40'000));
        store_command.callback([this] { chosen = [this] { return bench_store_command(store); }; });
        auto& petshop_command = *command.add_subcommand(
            "petshop", "root causes of the PetShop data set, by the ranking of suspects that diagnoses use");
        petshop_command.add_option("--data", petshop.data, "folder of the scenarios")->required();
        petshop_command.add_option("--out", petshop.out, "where to write the ranked nodes of each issue")->required();
        petshop_command.add_flag(
            "--noissue", petshop.asks.noissue, "ask the normal periods too: how often it abstains");
        petshop_command
            .add_option("--planted", petshop.asks.planted, "so many faults of each kind planted into normal periods")
            ->check(CLI::Range(1, 100'000));
        petshop_command.add_flag(
            "--rough", petshop.asks.rough, "planted with calls that keep less to the assumptions");
        petshop_command.add_option("--seed", petshop.asks.seed, "of what is planted");
        petshop_command.callback([this] { chosen = [this] { return bench_petshop_command(petshop); }; });
        auto& storm_command = *command.add_subcommand(
            "storm", "signed alarms against a real server process; counts afterwards what became of each");
        storm_command.add_option("--alarms", storm.alarms, "how many")->check(CLI::Range(1, 1'000'000));
        storm_command.add_option("--seconds", storm.seconds, "spread over so long")->check(CLI::Range(1, 3600));
        storm_command.add_option("--slow-connections", storm.slow_connections, "so many trickle a header meanwhile")
            ->check(CLI::Range(0, 20'000));
        storm_command.add_option("--recording", storm.recording, "a recorded account; default: the first");
        storm_command.callback([this] { chosen = [this] { return bench_storm_command(storm); }; });
    }
};

} // namespace

int run(int argc, char** argv) {
    CommandLine command_line;
    try {
        command_line.app.parse(argc, argv);
    } catch (CLI::ParseError const& error) {
        if (error.get_exit_code() == 0) // --help, --version
            return command_line.app.exit(error);
        std::string_view const first = argc > 1 ? argv[1] : "-";
        auto const commands = command_line.app.get_subcommands([](CLI::App const*) { return true; });
        bool const unknown = !first.starts_with('-')
            && std::none_of(
                commands.begin(), commands.end(), [&](CLI::App const* each) { return each->get_name() == first; });
        auto const what = unknown ? "\"" + std::string(first) + "\" is no command" : std::string(error.what());
        return report({ ErrorKind::invalid_input, what + "; see convops --help" });
    }
    std::signal(SIGPIPE, SIG_IGN); // A reader that left (convops ... | head) is an error to report, not a death.
    auto const status = command_line.chosen();
    // What was printed has been done only when it arrived: a full disk or a closed pipe shows here.
    bool const written = std::fflush(stdout) == 0 && std::ferror(stdout) == 0;
    if (status == 0 && !written)
        return report({ ErrorKind::unavailable, "cannot write to standard output" });
    return status;
}

} // namespace convops
