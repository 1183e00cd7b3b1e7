// A tool for the tests: the live AWS client on standard input and output, one JSON document per line.
//   aws_call call [--role-arn A --external-id X --access intake]   {"service","operation","params","region"} or a
//   list aws_call identity                                              sts:GetCallerIdentity aws_call sign requests
//   to sign, see signatures_test.py aws_call operations                                            the table of
//   operations
#include "adapters/aws/session.h"
#include "adapters/aws/sigv4.h"
#include "adapters/clock/system_clock.h"
#include "adapters/http/curl_http.h"
#include "adapters/http/loopback.h"

#include <iostream>

namespace convops {

namespace {

Json error_json(Error const& error) {
    return JsonObject { { "kind", std::string(to_string(error.kind)) }, { "message", error.message } };
}

Json answer_json(Result<Json> const& answer) {
    if (answer)
        return JsonObject { { "answer", *answer } };
    return JsonObject { { "error", error_json(answer.error()) } };
}

AwsCall call_from(Json const& json) {
    AwsCall call { .service = text_at(json, "service"), .operation = text_at(json, "operation") };
    if (auto const* params = find(json, "params"); params != nullptr && params->is_object())
        call.params = params->get_object();
    call.region = text_at(json, "region");
    call.time_left = Milliseconds { integer_at(json, "time_left_ms").value_or(20'000) };
    return call;
}

// A line with a list of calls goes through call_all.
Json answer_line(Aws& aws, Json const& line) {
    if (!line.is_array())
        return answer_json(aws.call(call_from(line)));
    std::vector<AwsCall> calls;
    for (auto const& element : line.get_array())
        calls.push_back(call_from(element));
    JsonArray answers;
    for (auto const& answer : aws.call_all(calls))
        answers.push_back(answer_json(answer));
    return answers;
}

int run_calls(Aws& aws) {
    SystemClock const clock;
    std::string line;
    while (std::getline(std::cin, line)) {
        auto const json = parse_json(line);
        if (!json)
            return 2;
        auto const start = clock.monotonic();
        auto answer = answer_line(aws, *json);
        auto const took = std::chrono::duration<double, std::milli>(clock.monotonic() - start).count();
        JsonObject const out { { "result", std::move(answer) }, { "calls_made", aws.calls_made() },
            { "account", aws.account() }, { "milliseconds", took } };
        std::cout << to_text(out) << std::endl;
    }
    return 0;
}

int sign_lines() {
    std::string line;
    while (std::getline(std::cin, line)) {
        auto const json = parse_json(line);
        if (!json)
            return 2;
        sigv4::Request request;
        request.method = text_at(*json, "method");
        request.path = text_at(*json, "path");
        request.query = text_at(*json, "query");
        request.body = text_at(*json, "body");
        for (auto const& header : list_at(*json, "headers"))
            request.headers.emplace_back(text_at(header, "name"), text_at(header, "value"));
        Credentials const credentials { text_at(*json, "access_key_id"), Secret(text_at(*json, "secret_access_key")),
            Secret(text_at(*json, "token")), std::nullopt };
        sigv4::Options options;
        options.region = text_at(*json, "region");
        options.service = text_at(*json, "service");
        options.at = time_at(*json, "at").value_or(Time {});
        options.path_as_sent = options.content_hash_header = flag_at(*json, "s3");
        auto const signature = flag_at(*json, "presign")
            ? sigv4::presign(request, credentials, options, Seconds { integer_at(*json, "expires").value_or(0) })
            : sigv4::sign(request, credentials, options);
        std::cout << to_text(
            JsonObject { { "signature", signature.signature }, { "canonical_request", signature.canonical_request } })
                  << "\n";
    }
    return 0;
}

JsonArray pairs_json(std::span<NamePair const> pairs) {
    JsonArray out;
    for (auto const& pair : pairs)
        out.push_back(JsonArray { std::string(pair.from), std::string(pair.to) });
    return out;
}

int print_operations() {
    for (auto const& operation : aws_operations()) {
        auto const& service = *find_aws_service(operation.service);
        std::cout << to_text(JsonObject { { "service", std::string(service.name) },
            { "operation", std::string(operation.name) }, { "id", std::string(service.id) },
            { "protocol", std::string(to_string(service.protocol)) }, { "version", std::string(service.version) },
            { "signing_name", std::string(service.signing_name.empty() ? service.name : service.signing_name) },
            { "host", std::string(service.host.empty() ? service.name : service.host) },
            { "global", service.scope == Scope::global }, { "method", std::string(operation.method) },
            { "path", std::string(operation.path) }, { "access", std::string(to_string(operation.access)) },
            { "times", std::string(operation.times) }, { "renamed", pairs_json(operation.renamed) },
            { "answer_lists", pairs_json(service.answer_lists) },
            { "request_lists", pairs_json(service.request_lists) } })
                  << "\n";
    }
    return 0;
}

// What an investigation's sixty calls cost when AWS answers at once: signing, protocols, HTTP and threads.
int print_overhead() {
    constexpr int rounds = 20;
    testing::LoopbackServer const server([](auto const&) { return testing::ok(R"({"clusterArns":["a"]})"); });
    CurlHttp http;
    SystemClock clock;
    SystemEntropy entropy;
    auto const aws = open_aws({ .region = "eu-west-1" },
        { http, clock, entropy,
            { { "AWS_ACCESS_KEY_ID", "AKIDEXAMPLE" }, { "AWS_SECRET_ACCESS_KEY", "example" },
                { "AWS_ENDPOINT_URL", server.url() } } });
    if (!aws)
        return 3;
    std::vector<AwsCall> const calls(60, AwsCall { .service = "sqs", .operation = "ListQueues" });
    std::vector<double> together;
    std::vector<double> one_by_one;
    auto const timed = [&](std::vector<double>& into, auto&& work) {
        auto const start = clock.monotonic();
        work();
        into.push_back(std::chrono::duration<double, std::milli>(clock.monotonic() - start).count());
    };
    for (int round = 0; round < rounds; ++round) {
        timed(together, [&] { (void)(*aws)->call_all(calls); });
        timed(one_by_one, [&] {
            for (auto const& call : calls)
                (void)(*aws)->call(call);
        });
    }
    std::ranges::sort(together);
    std::ranges::sort(one_by_one);
    std::cout << to_text(JsonObject { { "calls", 60 }, { "together_ms", together[rounds / 2] },
        { "one_by_one_ms", one_by_one[rounds / 2] }, { "connections", server.connections() } })
              << std::endl;
    return 0;
}

int complain(Error const& error) {
    std::cout << to_text(JsonObject { { "error", error_json(error) } }) << std::endl;
    return 3;
}

int run(std::vector<std::string> const& arguments) {
    auto const option = [&](std::string_view name) {
        for (std::size_t i = 1; i + 1 < arguments.size(); ++i)
            if (arguments[i] == name)
                return arguments[i + 1];
        return std::string {};
    };
    if (arguments.empty())
        return 2;
    if (arguments[0] == "operations")
        return print_operations();
    if (arguments[0] == "overhead")
        return print_overhead();
    if (arguments[0] == "sign")
        return sign_lines();
    auto allowed = aws_outbound_hosts(system_environment());
    if (!allowed)
        return complain(allowed.error());
    CurlHttp http({ .host_allowed = *std::move(allowed), .plain_http_hosts = aws_metadata_hosts() });
    SystemClock clock;
    SystemEntropy entropy;
    auto accounts = AwsAccounts::create({ http, clock, entropy, system_environment() });
    if (!accounts)
        return complain(accounts.error());
    AwsConnection const connection {
        .region = option("--region"), .role_arn = option("--role-arn"), .external_id = option("--external-id")
    };
    if (arguments[0] == "identity") {
        auto const identity = (*accounts)->who_am_i(connection);
        if (!identity)
            return complain(identity.error());
        std::cout << to_text(JsonObject { { "account", identity->account }, { "arn", identity->arn } }) << std::endl;
        return 0;
    }
    auto aws = option("--access") == "intake" ? (*accounts)->open_intake(connection) : (*accounts)->open(connection);
    if (!aws)
        return complain(aws.error());
    return run_calls(**aws);
}

} // namespace

} // namespace convops

int main(int count, char** values) {
    return convops::run(std::vector<std::string>(values + 1, values + count));
}
