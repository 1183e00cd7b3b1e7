#include "message/languages.h"

#include "base/text.h"
#include "message/cause_words.h"
#include "message/escape.h"
#include "message/samples_test.h"

#include <gtest/gtest.h>

namespace convops {
namespace {

// A catalogue is nothing but entries, one behind the other, so it can be read as a list of them.
template <class Table> std::vector<std::string> entries_of(Table const& table) {
    static_assert(std::is_standard_layout_v<Words> && sizeof(Table) % sizeof(Words) == 0);
    std::vector<std::string> entries;
    auto const* first = reinterpret_cast<Words const*>(&table);
    for (std::size_t i = 0; i < sizeof(Table) / sizeof(Words); ++i)
        entries.push_back(first[i].text());
    return entries;
}

std::set<char> slots_of(std::string_view entry) {
    std::set<char> slots;
    for (std::size_t i = 0; i + 2 < entry.size(); ++i)
        if (entry[i] == '{') {
            EXPECT_TRUE(entry[i + 2] == '}' && entry[i + 1] >= '0' && entry[i + 1] <= '9') << entry;
            slots.insert(entry[i + 1]);
        }
    return slots;
}

TEST(Languages, are_english_german_spanish_and_hindi) {
    EXPECT_EQ(language_codes(), (std::vector<std::string> { "de", "en", "es", "hi" }));
    EXPECT_EQ(language_of("hi").english_name, "Hindi");
    EXPECT_EQ(language_of("xx").code, "en");
}

TEST(Languages, use_the_same_arguments_in_every_entry_as_english) {
    auto const english = entries_of(words("en"));
    for (auto const& language : languages::all()) {
        auto const entries = entries_of(language.words);
        ASSERT_EQ(entries.size(), english.size());
        for (std::size_t i = 0; i < entries.size(); ++i)
            EXPECT_EQ(slots_of(entries[i]), slots_of(english[i])) << language.code << ": " << entries[i];
    }
}

TEST(Languages, use_the_same_arguments_in_every_sentence) {
    auto const german = entries_of(*language_of("de").sentences);
    for (auto const& language : languages::all()) {
        if (language.sentences == nullptr) {
            EXPECT_EQ(language.code, "en");
            continue;
        }
        auto const entries = entries_of(*language.sentences);
        ASSERT_EQ(entries.size(), german.size());
        for (std::size_t i = 0; i < entries.size(); ++i)
            EXPECT_EQ(slots_of(entries[i]), slots_of(german[i])) << language.code << ": " << entries[i];
    }
}

TEST(Languages, label_the_buttons_with_what_whatsapp_takes) {
    for (auto const& language : languages::all())
        for (auto const& label : { language.words.votes.button_right, language.words.votes.button_not_it })
            EXPECT_LE(width_of(label), 20U) << language.code << ": " << label.text();
}

TEST(Languages, write_numbers_durations_and_dates_in_the_readers_custom) {
    auto const& de = words("de");
    auto const& es = words("es");
    auto const& hi = words("hi");
    EXPECT_EQ(value_words(85.25, "Percent", de), "85,2 %");
    EXPECT_EQ(value_words(85.25, "Percent", hi), "85.2%");
    EXPECT_EQ(value_words(3.4e9, "Bytes", es), "3,4 GB");
    EXPECT_EQ(value_words(7, "Bytes", de), "7 Byte");
    EXPECT_EQ(value_words(1.25e6, "", de), "1,25 M");
    EXPECT_EQ(duration_words(Minutes { 200 }, de), "3 h 20 min");
    EXPECT_EQ(duration_words(Minutes { 200 }, hi), "3 घंटे 20 मिनट");
    EXPECT_EQ(date_words(samples::at("10:00"), de), "23.11.2026");
    EXPECT_EQ(date_words(samples::at("10:00"), es), "23/11/2026");
    EXPECT_EQ(language_of("es").ordinal(7), "7.ª");
    EXPECT_EQ(language_of("hi").ordinal(2), "दूसरी");
}

Reader reader_of(std::string language) {
    Reader reader;
    reader.language = std::move(language);
    reader.utc_offset = Minutes { 60 };
    reader.zone_label = "CET";
    return reader;
}

TEST(CauseWords, tell_what_when_the_difference_and_the_evidence) {
    auto const investigation = samples::pool_shrunk();
    auto const& cause = investigation.diagnosis.causes.front();
    auto const told = [&](std::string const& language) {
        auto reader = reader_of(language);
        auto with_time = cause;
        with_time.began_at = samples::at("19:55:38");
        return cause_words(
            with_time, investigation.evidence, { reader, samples::at("20:01"), investigation.diagnosis.onset });
    };
    EXPECT_EQ(told("de"),
        "Deploy von ECS-Service checkout um 20:55:38 CET, „DB_POOL_SIZE 20 → 2“. Neu im Log von ECS-Service "
        "checkout: "
        "„ERROR could not get a connection within <*> ms“, 311-mal.");
    EXPECT_EQ(told("es"),
        "Deploy de servicio ECS checkout a las 20:55:38 CET, «DB_POOL_SIZE 20 → 2». Nuevo en el log de servicio ECS "
        "checkout: «ERROR could not get a connection within <*> ms», 311 veces.");
    // English keeps the sentence of the code; only its clock is the reader's.
    EXPECT_EQ(told("en"),
        "The deploy of checkout at 20:55 CET set DB_POOL_SIZE from 20 to 2; requests wait for connections.");
}

TEST(CauseWords, have_a_sentence_for_every_kind_of_cause_and_of_fix) {
    for (auto const& code : { "de", "es", "hi" }) {
        std::set<std::string> seen;
        auto const reader = reader_of(code);
        for (int kind = 0; kind <= static_cast<int>(CauseKind::unknown); ++kind) {
            Cause cause;
            cause.kind = static_cast<CauseKind>(kind);
            cause.resource = { "rds:instance", "orders-db", "" };
            seen.insert(cause_words(cause, {}, { reader, {}, {} }));
            seen.insert(action_words({ "A1", "look_at", "orders-db", "", false }, { cause }, code));
        }
        EXPECT_EQ(seen.size(), 52U) << code;
    }
}

TEST(CauseWords, a_certificate_is_not_the_certificate_of_a_certificate) {
    for (auto const& [code, noun] : std::map<std::string, std::string> {
             { "de", "Zertifikat" }, { "es", "certificado" }, { "hi", "certificate" } }) {
        Cause cause;
        cause.kind = CauseKind::certificate;
        cause.resource = { "acm:certificate", "arn:aws:acm:eu-west-1:1:certificate/c-1", "" };
        auto const reader = reader_of(code);
        SuggestedAction const renew { "A1", "renew_this", cause.resource.name, "", false };
        for (auto const& text : { to_lower(cause_words(cause, {}, { reader, {}, {} })),
                 to_lower(action_words(renew, { cause }, code)) }) {
            auto const first = text.find(to_lower(noun));
            ASSERT_NE(first, std::string::npos) << text;
            EXPECT_EQ(text.find(to_lower(noun), first + 1), std::string::npos) << text;
        }
    }
}

TEST(FactWords, show_the_words_of_others_as_a_quotation_that_they_cannot_end) {
    Fact fact;
    fact.statement = "He said “stop” and „go“.";
    auto const reader = reader_of("de");
    EXPECT_EQ(fact_words(fact, { reader, {}, {} }), "„He said 'stop' and 'go'.“");
}

TEST(FactWords, move_the_clocks_of_english_sentences_into_the_readers_zone) {
    auto const reader = reader_of("en");
    EXPECT_EQ(in_readers_zone("Deploy of x at 23:18:20 changed A 1 → 2; \"at 10:00\" said y.", reader),
        "Deploy of x at 00:18:20 CET changed A 1 → 2; \"at 10:00\" said y.");
    EXPECT_EQ(in_readers_zone("rose from 1 to 2 from 14:24 on, at 14:30 UTC.", reader),
        "rose from 1 to 2 from 15:24 CET on, at 15:30 CET.");
}

} // namespace
} // namespace convops
