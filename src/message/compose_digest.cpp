// The daily digest: one message that a phone shows without scrolling far.
#include "message/compose.h"
#include "message/phrases.h"
#include "message/words.h"

#include "base/text.h"

namespace convops {

namespace {

constexpr std::size_t most_examples = 3; // of each reason
constexpr std::size_t most_flappers = 5;
constexpr std::size_t most_ending_mutes = 3;
constexpr std::size_t most_name_bytes = 90;

std::string name_of(std::string_view name) {
    return one_line(name, most_name_bytes);
}

void add_line(Message& message, std::string text) {
    message.what_happened.push_back({ std::move(text), {}, {} });
}

void add_held(Message& message, Digest const& digest, Reader const& reader) {
    auto const& say_it = words(reader.language).digest;
    for (std::size_t because = 0; because < say_it.because.size(); ++because) {
        std::size_t count = 0;
        std::vector<std::string> examples;
        for (auto const& held : digest.held) {
            if (static_cast<std::size_t>(held.because) != because)
                continue;
            ++count;
            if (examples.size() < most_examples)
                examples.push_back(name_of(held.name) + " " + clock_words(held.since, digest.of.to, reader));
        }
        if (count == 0)
            continue;
        auto listed = join(examples, "; ");
        if (count > examples.size())
            listed += "; …";
        add_line(message, say(say_it.because[because], { std::to_string(count), listed }));
    }
}

} // namespace

Message compose_digest(Digest const& digest, Reader const& reader) {
    auto const& say_it = words(reader.language).digest;
    Message message;
    message.kind = MessageKind::answer;
    message.language = reader.language;
    message.title = say(say_it.title, { date_words(digest.of.to + reader.utc_offset, words(reader.language)) });
    message.headline = say(say_it.told_and_held, { std::to_string(digest.told), std::to_string(digest.held_in_all) });
    if (digest.held.empty())
        add_line(message, say_it.nothing_held.text());
    add_held(message, digest, reader);
    for (std::size_t i = 0; i < std::min(most_flappers, digest.flappers.size()); ++i)
        add_line(message,
            say(say_it.flapper, { name_of(digest.flappers[i].name), std::to_string(digest.flappers[i].times) }));
    for (std::size_t i = 0; i < std::min(most_ending_mutes, digest.mutes.size()); ++i)
        add_line(message,
            say(say_it.mute_ends,
                { name_of(digest.mutes[i].name), clock_words(digest.mutes[i].at, digest.of.to, reader) }));
    if (digest.metrics > 0) {
        std::array<char, 32> usd {};
        std::snprintf(usd.data(), usd.size(), "%.2f", digest.usd);
        add_line(message,
            say(say_it.cost,
                { std::to_string(digest.metrics), std::to_string(digest.requested),
                    decimal_words(usd.data(), words(reader.language)) }));
    }
    return message;
}

} // namespace convops
