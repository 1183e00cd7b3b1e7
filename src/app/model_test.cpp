#include "app/model.h"

#include "adapters/memory/simulated_clock.h"
#include "app/service.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace convops {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

// Remembers what it was sent and answers 401 with everything that it saw, as a careless gateway would.
class EchoHttp final : public Http {
public:
    HttpRequest last;
    Result<HttpResponse> send(HttpRequest const& request) override {
        last = request;
        last.on_bytes = nullptr;
        std::string seen = request.url;
        for (auto const& [name, value] : request.headers)
            seen += " " + name + ": " + value;
        return HttpResponse { 401, {}, to_text(JsonObject { { "error", JsonObject { { "message", seen } } } }) };
    }
    std::vector<Result<HttpResponse>> send_all(std::span<HttpRequest const> requests) override {
        std::vector<Result<HttpResponse>> answers;
        for (auto const& request : requests)
            answers.push_back(send(request));
        return answers;
    }
};

struct ConfiguredModel : ::testing::Test {
    EchoHttp http;
    SimulatedClock clock { Time {} };
    SeededEntropy entropy { 1 };
    std::map<std::string, std::string> environment { { "KEY", "sk-ant-hunter2" } };

    [[nodiscard]] EnvironmentLookup lookup() const {
        return [this](std::string const& name) -> std::optional<std::string> {
            auto const found = environment.find(name);
            return found == environment.end() ? std::nullopt : std::optional(found->second);
        };
    }
    static Settings settings(std::string const& model) {
        auto reading = read_settings("[model]\n" + model);
        EXPECT_TRUE(reading.problems.empty());
        return reading.settings;
    }
    Result<std::unique_ptr<Llm>> open(std::string const& model) {
        return model_from(settings(model), http, clock, entropy, lookup());
    }
};

std::string const anthropic = "provider = \"anthropic\"\napi_key_env = \"KEY\"\n";

} // namespace

TEST_F(ConfiguredModel, without_a_provider_there_is_none_and_its_host_is_not_reached) {
    auto const model = open("");
    ASSERT_TRUE(model);
    EXPECT_EQ(*model, nullptr);
    environment["CONVOPS_ANTHROPIC_URL"] = "http://127.0.0.1:9";
    EXPECT_EQ(model_url_of(settings(""), lookup()), "");
    EXPECT_FALSE((*allowed_hosts(settings(""), {}))("api.anthropic.com"));
    EXPECT_TRUE((*allowed_hosts(settings(anthropic), {}))("api.anthropic.com"));
}

TEST_F(ConfiguredModel, the_default_model_is_one_whose_price_is_known) {
    auto const model = open(anthropic);
    ASSERT_TRUE(model && *model);
    EXPECT_GT((*model)->most_usd({}), 0);
    auto const outcome = (*model)->ask({});
    EXPECT_EQ(http.last.url, "https://api.anthropic.com/v1/messages");
    EXPECT_THAT(http.last.body, HasSubstr("\"claude-sonnet-5-5\""));
    EXPECT_EQ(outcome.answer.error().kind, ErrorKind::access_denied);
}

TEST_F(ConfiguredModel, prices_of_the_settings_come_before_the_table) {
    auto const cheap = open(anthropic + "usd_per_million_input = 0.001\n");
    auto const usual = open(anthropic);
    EXPECT_LT((*cheap)->most_usd({}), (*usual)->most_usd({}));
    auto const own
        = open("provider = \"openai_compatible\"\nmodel = \"m\"\nbase_url = \"https://gpu.example.com/v1/\"\n");
    EXPECT_EQ((*own)->most_usd({}), 0);
    EXPECT_GT((*own)->most_tokens({}), 0);
    static_cast<void>((*own)->ask({}));
    EXPECT_EQ(http.last.url, "https://gpu.example.com/v1/chat/completions");
}

TEST_F(ConfiguredModel, the_endpoint_can_be_pointed_elsewhere_for_tests) {
    environment["CONVOPS_ANTHROPIC_URL"] = "http://127.0.0.1:9/";
    static_cast<void>((*open(anthropic))->ask({}));
    EXPECT_EQ(http.last.url, "http://127.0.0.1:9/v1/messages");
}

TEST_F(ConfiguredModel, a_missing_secret_is_named_and_a_present_one_never_shown) {
    environment.clear();
    auto const missing = open(anthropic);
    ASSERT_FALSE(missing);
    EXPECT_EQ(missing.error().kind, ErrorKind::not_found);
    EXPECT_EQ(missing.error().message, "the model's key: environment variable KEY is not set");
    EXPECT_FALSE(check_model_secret(settings(anthropic), lookup()));
    environment["KEY"] = "sk-ant-hunter2";
    EXPECT_TRUE(check_model_secret(settings(anthropic), lookup()));
    auto const outcome = (*open(anthropic))->ask({});
    EXPECT_THAT(outcome.answer.error().message, HasSubstr("x-api-key: [secret]"));
    EXPECT_THAT(outcome.answer.error().message, Not(HasSubstr("hunter2")));
}

} // namespace convops
