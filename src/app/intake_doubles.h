// Test doubles of the intake tests: a store in memory, a fake web, a clock that stands still.
#pragma once

#include "app/intake.h"

#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <sstream>

namespace convops::doubles {

class StillClock : public Clock {
public:
    Time at = *parse_time("2026-03-06T20:03:00Z"); // within an hour of every genuine sample
    [[nodiscard]] Time now() const override { return at; }
    [[nodiscard]] std::chrono::nanoseconds monotonic() const override { return at.time_since_epoch(); }
    void wait(Milliseconds duration) override { at += duration; }
};

class MapStore : public Store {
public:
    std::map<ItemKey, Item> items;
    bool fails = false;
    Result<Item> get(ItemKey const& key, Time) override {
        if (fails)
            return Error { ErrorKind::unavailable, "disk full" };
        auto const found = items.find(key);
        if (found == items.end())
            return Error { ErrorKind::not_found, "no item" };
        return found->second;
    }
    Result<> commit(std::vector<Write> const& writes, Time) override {
        if (fails)
            return Error { ErrorKind::unavailable, "disk full" };
        for (auto const& write : writes)
            if (write.condition == Write::Condition::absent && items.contains(write.item.key))
                return Error { ErrorKind::conflict, "exists" };
        for (auto const& write : writes)
            items[write.item.key] = write.item;
        return {};
    }
    Result<std::vector<Item>> query(
        WorkspaceId const&, std::string_view, SortRange const&, std::size_t, Time) override {
        return std::vector<Item> {};
    }
    Result<std::size_t> sweep(Time, std::size_t) override { return std::size_t { 0 }; }
};

class FakeWeb : public Http {
public:
    std::map<std::string, HttpResponse> pages; // by URL
    std::vector<std::string> asked;
    void serve(std::string const& url, std::string body, int status = 200) {
        pages[url].status = status;
        pages[url].body = std::move(body);
    }
    Result<HttpResponse> send(HttpRequest const& request) override {
        asked.push_back(request.url);
        auto const page = pages.find(request.url);
        if (page == pages.end())
            return Error { ErrorKind::unavailable, "no route to host" };
        return page->second;
    }
    std::vector<Result<HttpResponse>> send_all(std::span<HttpRequest const> requests) override {
        std::vector<Result<HttpResponse>> answers;
        for (auto const& request : requests)
            answers.push_back(send(request));
        return answers;
    }
};

inline std::string const topic = "arn:aws:sns:us-west-2:131990247566:dongie-standard-topic"; // of the genuine samples

// Everything that intake needs, wired as the application wires it.
struct Bench {
    explicit Bench(std::string test_pem = {})
        : certificates(web, clock, TestCertificate { "https://local.test/", std::move(test_pem) }) { }

    StillClock clock;
    MapStore store;
    FakeWeb web;
    std::vector<Alarm> stored;
    bool sink_fails = false;
    CertificateCache certificates;
    Intake intake { store, clock, web, certificates,
        [this](WorkspaceId const&, ConnectionId const&, Alarm const& alarm, Write const& mark) -> Result<> {
            if (sink_fails)
                return Error { ErrorKind::unavailable, "disk full" };
            stored.push_back(alarm);
            return store.commit({ mark }, clock.now());
        },
        {},
        { { WorkspaceId("w"), ConnectionId("main"), "", topic, "s3cret" },
            { WorkspaceId("w"), ConnectionId("other"), "999988887777", topic + "-other", "" } } };

    [[nodiscard]] IntakeConnection const& main() const { return intake.connections[0]; }
    // An envelope that the local test certificate signs.
    [[nodiscard]] JsonObject envelope(std::string_view message) const {
        return { { "Type", "Notification" }, { "MessageId", "m-1" }, { "TopicArn", topic },
            { "Message", boost::json::string_view(message.data(), message.size()) },
            { "Timestamp", format_time(clock.at) }, { "SignatureVersion", "1" },
            { "SigningCertURL", "https://local.test/cert.pem" } };
    }
};

inline std::string const alarm_message = R"json({ "AlarmName": "cpu", "AWSAccountId": "131990247566",
  "NewStateValue": "ALARM", "OldStateValue": "OK", "NewStateReason": "because", "Region": "US West (Oregon)",
  "StateChangeTime": "2026-03-06T20:02:59.000+0000" })json";

} // namespace convops::doubles
