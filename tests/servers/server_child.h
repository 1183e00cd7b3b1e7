// A server of this folder as a child of the test, on a port of its own; ended with the suite. Told what to do, and
// asked what it saw, by paths below /_control/.
#pragma once

#include "adapters/http/curl_http.h"
#include "base/json.h"

#include <csignal>
#include <cstdlib>
#include <gtest/gtest.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

extern char** environ;

namespace convops {

class ServerChild : public ::testing::Test {
protected:
    static void start(std::string script) {
        int pipe_ends[2];
        ASSERT_EQ(pipe(pipe_ends), 0);
        posix_spawn_file_actions_t actions;
        posix_spawn_file_actions_init(&actions);
        posix_spawn_file_actions_adddup2(&actions, pipe_ends[1], 1);
        posix_spawn_file_actions_addclose(&actions, pipe_ends[0]);
        auto const* python = std::getenv("CONVOPS_PYTHON");
        std::string program = python == nullptr ? "python3" : python;
        char* arguments[] = { program.data(), script.data(), nullptr };
        ASSERT_EQ(posix_spawnp(&server_, program.c_str(), &actions, nullptr, arguments, environ), 0);
        posix_spawn_file_actions_destroy(&actions);
        close(pipe_ends[1]);
        std::string line;
        for (char c = 0; read(pipe_ends[0], &c, 1) == 1 && c != '\n';)
            line += c;
        close(pipe_ends[0]);
        base_ = line.substr(line.find("http"));
    }

    static void TearDownTestSuite() {
        if (server_ > 0) {
            kill(server_, SIGTERM);
            waitpid(server_, nullptr, 0);
        }
    }

    void SetUp() override {
        ASSERT_TRUE(base_.starts_with("http://127.0.0.1:")) << base_;
        control("reset", {});
    }

    void control(std::string const& what, JsonObject const& args) {
        auto const answer
            = http_.send({ .method = "POST", .url = base_ + "/_control/" + what, .body = to_text(args) });
        ASSERT_TRUE(answer.has_value() && answer->status == 200);
    }

    Json read_control(std::string const& what) {
        auto const answer = http_.send({ .url = base_ + "/_control/" + what });
        return answer ? *parse_json(answer->body) : Json {};
    }

    CurlHttp http_;
    static inline std::string base_;
    static inline pid_t server_ = -1;
};

} // namespace convops
