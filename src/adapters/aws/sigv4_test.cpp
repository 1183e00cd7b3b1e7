#include "adapters/aws/sigv4.h"

#include "base/json.h"
#include "base/text.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>

namespace convops {
namespace {

// The official cases are read where they lie; see CONVOPS_SHARED_DATA in docs.
std::filesystem::path suite_folder() {
    auto const* set = std::getenv("CONVOPS_SHARED_DATA");
    return std::filesystem::path(set == nullptr ? "../shared/data" : set) / "sigv4-suite/v4";
}

std::string contents(std::filesystem::path const& path) {
    std::ifstream file(path, std::ios::binary);
    std::ostringstream out;
    out << file.rdbuf();
    return out.str();
}

// A request as the suite writes it: start line, headers (folded ones too), an empty line, the body.
sigv4::Request request_from(std::string_view text) {
    sigv4::Request request;
    auto const start_end = text.find('\n');
    auto const start = text.substr(0, start_end);
    auto const target_at = start.find(' ') + 1;
    auto const target = start.substr(target_at, start.rfind(' ') - target_at);
    request.method = start.substr(0, target_at - 1);
    request.path = target.substr(0, target.find('?'));
    if (target.find('?') != std::string_view::npos)
        request.query = target.substr(target.find('?') + 1);
    text = start_end == std::string_view::npos ? "" : text.substr(start_end + 1);
    while (!text.empty()) {
        auto const end = text.find('\n');
        auto const line = text.substr(0, end);
        text = end == std::string_view::npos ? "" : text.substr(end + 1);
        if (line.empty()) {
            request.body = text;
            break;
        }
        if (line.front() == ' ')
            request.headers.back().second += "\n" + std::string(line);
        else
            request.headers.emplace_back(line.substr(0, line.find(':')), line.substr(line.find(':') + 1));
    }
    return request;
}

struct Case {
    std::filesystem::path folder;
    sigv4::Request request;
    Credentials credentials;
    sigv4::Options options;
    Seconds expires { 0 };

    [[nodiscard]] std::string file(std::string const& name) const { return contents(folder / name); }
};

Case case_from(std::filesystem::path const& folder) {
    Case one;
    one.folder = folder;
    one.request = request_from(one.file("request.txt"));
    auto const context = *parse_json(one.file("context.json"));
    one.credentials
        = { text_at(context, "credentials.access_key_id"), Secret(text_at(context, "credentials.secret_access_key")),
              Secret(text_at(context, "credentials.token")), std::nullopt };
    one.options.region = text_at(context, "region");
    one.options.service = text_at(context, "service");
    one.options.at = *time_at(context, "timestamp");
    one.options.keep_dot_segments = !flag_at(context, "normalize");
    one.options.content_hash_header = flag_at(context, "sign_body");
    one.options.token_unsigned = flag_at(context, "omit_session_token");
    one.expires = Seconds { *integer_at(context, "expiration_in_seconds") };
    return one;
}

std::vector<Case> suite() {
    std::vector<Case> cases;
    if (!std::filesystem::exists(suite_folder())) {
        std::cout << "the SigV4 suite is not at " << suite_folder() << ": nothing compared\n";
        return cases;
    }
    for (auto const& entry : std::filesystem::directory_iterator(suite_folder()))
        cases.push_back(case_from(entry.path()));
    EXPECT_EQ(cases.size(), 38U);
    return cases;
}

Credentials example_credentials(std::string token = "") {
    return { "AKIDEXAMPLE", Secret("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"), Secret(std::move(token)),
        std::nullopt };
}

sigv4::Options example_options() {
    sigv4::Options options;
    options.region = "us-east-1";
    options.service = "service";
    options.at = *parse_time("2015-08-30T12:36:00Z");
    return options;
}

} // namespace

TEST(SigV4, every_official_case_signed_in_headers_agrees) {
    for (auto const& one : suite()) {
        SCOPED_TRACE(one.folder.filename().string());
        auto const signature = sigv4::sign(one.request, one.credentials, one.options);
        EXPECT_EQ(signature.canonical_request, one.file("header-canonical-request.txt"));
        EXPECT_EQ(signature.string_to_sign, one.file("header-string-to-sign.txt"));
        EXPECT_EQ(signature.signature, one.file("header-signature.txt"));
        auto const whole = one.file("header-signed-request.txt");
        for (auto const& [name, value] : signature.headers)
            EXPECT_NE(whole.find(name + ":" + value + "\n"), std::string::npos) << name << ":" << value;
    }
}

TEST(SigV4, every_official_case_signed_in_the_query_agrees) {
    for (auto const& one : suite()) {
        SCOPED_TRACE(one.folder.filename().string());
        auto options = one.options;
        options.content_hash_header = false; // The query variants of the suite hash the body all the same.
        auto const signature = sigv4::presign(one.request, one.credentials, options, one.expires);
        EXPECT_EQ(signature.canonical_request, one.file("query-canonical-request.txt"));
        EXPECT_EQ(signature.string_to_sign, one.file("query-string-to-sign.txt"));
        EXPECT_EQ(signature.signature, one.file("query-signature.txt"));
        EXPECT_NE(signature.query.find("X-Amz-Signature=" + signature.signature), std::string::npos);
    }
}

TEST(SigV4, the_plain_request_of_the_suite_has_its_known_signature) {
    sigv4::Request const request { "GET", "/", "", { { "Host", "example.amazonaws.com" } }, "" };
    EXPECT_EQ(sigv4::sign(request, example_credentials(), example_options()).signature,
        "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31");
}

TEST(SigV4, a_path_is_encoded_twice_except_for_s3) {
    sigv4::Request const request { "GET", "/a%3Ab", "", { { "Host", "h" } }, "" };
    auto options = example_options();
    EXPECT_NE(
        sigv4::sign(request, example_credentials(), options).canonical_request.find("/a%253Ab\n"), std::string::npos);
    options.path_as_sent = true;
    EXPECT_NE(
        sigv4::sign(request, example_credentials(), options).canonical_request.find("/a%3Ab\n"), std::string::npos);
}

TEST(SigV4, no_output_holds_the_secret_key) {
    sigv4::Request const request { "GET", "/", "", { { "Host", "h" } }, "" };
    auto const signature = sigv4::sign(request, example_credentials(), example_options());
    auto all = signature.canonical_request + signature.string_to_sign;
    for (auto const& [name, value] : signature.headers)
        all += name + value;
    EXPECT_EQ(all.find("wJalrXUtnFEMI"), std::string::npos);
}

} // namespace convops
