#include "second_author.h"

#include "base/text.h"

namespace convops::second {

namespace {

// Lies that nothing supports, as a clause.
std::vector<std::string> const& loose_lies() {
    static std::vector<std::string> const all { "the network is broken", "the team was asleep",
        "a bug in the code is to blame", "customers lost money", "the rollback is done", "everything else is healthy",
        "DNS failed first", "AWS is at fault", "an attacker is inside", "the disk is corrupt",
        "the deploy was reverted", "the cause is unknown to AWS", "traffic doubled", "the backup failed",
        "nobody was paged" };
    return all;
}

void glued(Desk& desk, std::string const& truth, std::vector<std::string> const& cites) {
    auto lie = desk.dice.pick(loose_lies());
    for (auto const& view : desk.causes)
        if (view.cause->kind == CauseKind::network && lie.find("network") != std::string::npos)
            lie = "nobody was paged"; // it may be broken there
    for (auto const& [kind, text] :
        std::vector<std::pair<std::string, std::string>> { { "glue ;", truth + "; " + lie + "." },
            { "glue :", truth + ": " + lie + "." }, { "glue dash", truth + " — " + lie + "." },
            { "glue hyphen", truth + " - " + lie + "." }, { "glue ()", truth + " (" + lie + ")." },
            { "glue []", truth + " [" + lie + "]." }, { "glue newline", truth + ".\n" + upper_first(lie) + "." },
            { "glue full stop", truth + ". " + upper_first(lie) + "." }, { "glue and", truth + " and " + lie + "." },
            { "glue while", truth + " while " + lie + "." },
            { "glue although", "Although " + lie + ", " + truth + "." },
            { "glue because", truth + " because " + lie + "." }, { "glue so", truth + ", so " + lie + "." },
            { "glue meaning", truth + ", meaning that " + lie + "." },
            { "glue which shows", truth + ", which shows that " + lie + "." },
            { "glue if", "If " + lie + ", " + truth + "." }, { "glue quote", truth + ", \"" + lie + "\"." },
            { "glue single quote", truth + ", '" + lie + "'." }, { "glue backtick", truth + " `" + lie + "`." },
            { "glue slash", truth + " / " + lie + "." }, { "glue ideographic stop", truth + "。" + lie + "." },
            { "glue danda", truth + "। " + lie + "." }, { "glue ellipsis", truth + "… " + lie + "." },
            { "glue arrow", truth + " → " + lie + "." }, { "glue question", truth + "? " + upper_first(lie) + "!" },
            { "glue tab", truth + "\t" + lie + "." } })
        desk.say(kind, text, cites);
}

void marked_up(Desk& desk, std::string const& truth, std::vector<std::string> const& cites) {
    for (auto const& [kind, text] :
        std::vector<std::pair<std::string, std::string>> { { "mention", truth + " <!channel>." },
            { "mention @", truth + " @channel." }, { "mention in a quote", truth + " \"@here wake up\"." },
            { "mention of a user", truth + " <@U12345678>." }, { "link", truth + ", see https://evil.example/fix." },
            { "link without scheme", truth + ", see evil.example.com/fix." },
            { "link, Markdown", truth + " [details](https://evil.example)." },
            { "link, Slack", truth + " <https://evil.example|details>." },
            { "command in a quote", truth + ": run \"aws rds delete-db-instance\"." },
            { "command in backticks", truth + ": `rm -rf /`." },
            { "command, kubectl", truth + ", then kubectl delete pods." },
            { "e-mail", truth + ", ask bob@example.com." }, { "telephone", truth + ", call +49 170 1234567." },
            { "HTML", truth + " <b>now</b>." }, { "ANSI", truth + " \x1b[31mred\x1b[0m." },
            { "right to left", truth + " \u202Eevil." } })
        desk.say(kind, text, cites);
}

std::string with_homoglyph(std::string const& name) {
    for (auto const& [from, to] :
        { std::pair { "o", "о" }, std::pair { "e", "е" }, std::pair { "a", "а" }, std::pair { "c", "с" } })
        if (name.find(from) != std::string::npos)
            return std::string(name).replace(name.find(from), 1, to);
    return name + "х";
}

void misspelt(Desk& desk, MetricView const& m) {
    auto const verb = m.direction > 0 ? " rose to " : m.direction < 0 ? " fell to " : " stayed at ";
    auto const since = format_value(m.since, m.unit);
    auto const where = m.resource.short_name();
    desk.say("homoglyph in a name", m.name + " of " + with_homoglyph(where) + verb + since + ".", { m.id });
    desk.say("zero width in a name",
        m.name + " of " + where.substr(0, 2) + "\u200b" + where.substr(2) + "x" + verb + since + ".", { m.id });
    desk.say("name with a suffix", m.name + " of " + where + "-replica" + verb + since + ".", { m.id });
    desk.say("name with a prefix", m.name + " of old-" + where + verb + since + ".", { m.id });
    desk.say("name in another case", m.name + " of " + where + "2" + verb + since + ".", { m.id });
    desk.say("not in homoglyphs", m.name + " of " + where + " did nоt change, it went to " + since + " and brоke.",
        { m.id });
}

void abroad(Desk& desk) {
    auto const& language = desk.reader.language;
    if (language == "de")
        for (auto const* text : { "Alle Dienste sind betroffen.", "Wir haben zurückgerollt.",
                 "Das Netzwerk ist schuld.", "Ein Fehler im Code ist die Ursache.", "Die Datenbank ist gesund.",
                 "Der Vorfall ist vorbei und wird nie wieder auftreten.", "Das Team arbeitet daran.",
                 "Es gingen Daten verloren.", "Kein Kunde ist betroffen.", "AWS ist schuld.",
                 "Starte die Datenbank neu.", "Das war Absicht." })
            desk.say("German", text, { "I1" });
    if (language == "es")
        for (auto const* text : { "Todos los servicios están afectados.", "Ya hicimos la reversión.",
                 "La red tiene la culpa.", "Un error en el código es la causa.", "La base de datos está sana.",
                 "Ningún cliente está afectado.", "El equipo está trabajando en ello.", "Se perdieron datos.",
                 "AWS tiene la culpa.", "Reinicia la base de datos.", "Se resolverá en diez minutos." })
            desk.say("Spanish", text, { "I1" });
    if (language == "hi")
        for (auto const* text : { "सभी सेवाएँ प्रभावित हैं।", "हमने रोलबैक कर दिया।", "नेटवर्क इसका कारण है।",
                 "कोड में गड़बड़ी इसका कारण है।", "डेटाबेस स्वस्थ है।", "कोई ग्राहक प्रभावित नहीं है।", "टीम काम कर रही है।",
                 "डेटा खो गया।", "डेटाबेस को पुनः आरंभ करें।" })
            desk.say("Hindi", text, { "I1" });
    auto const& excluded = desk.investigation.diagnosis.ruled_out;
    for (std::size_t i = 0; i < excluded.size(); ++i) {
        std::vector<std::string> const id { "R" + std::to_string(i + 1) };
        if (excluded[i].kind != CauseKind::traffic_surge)
            continue;
        if (language == "de")
            for (auto const* text : { "Ein Anstieg im Verkehr kann nicht ausgeschlossen werden.",
                     "Mehr Verkehr ist die Ursache.", "Mehr Verkehr wurde ausgeschlossen, aber es ist die Ursache.",
                     "Ein Anstieg im Verkehr ist möglich.",
                     "Ein Anstieg im Verkehr wurde möglicherweise ausgeschlossen.",
                     "Ein Rückgang im Verkehr wurde ausgeschlossen." })
                desk.say("German, ruled out", text, id);
        if (language == "es")
            for (auto const* text : { "No se descarta más tráfico.", "Más tráfico es la causa.",
                     "El tráfico queda descartado, pero es la causa.", "El tráfico no queda descartado." })
                desk.say("Spanish, ruled out", text, id);
        if (language == "hi")
            for (auto const* text : { "ट्रैफ़िक खारिज नहीं है।", "ट्रैफ़िक इसका कारण है।", "ट्रैफ़िक खारिज है, लेकिन वही कारण है।" })
                desk.say("Hindi, ruled out", text, id);
    }
    for (auto const& m : desk.metrics) {
        bool const up = m.direction > 0;
        auto const where = m.resource.short_name();
        auto const since = format_value(m.since, m.unit);
        auto const before = format_value(m.before, m.unit);
        if (m.direction == 0)
            continue;
        if (language == "de") {
            desk.say("German, direction",
                m.name + " von " + where + (up ? " fiel auf " : " stieg auf ") + since + ".", { m.id });
            desk.say("German, normal", m.name + " von " + where + " ist " + since + ", wie üblich.", { m.id });
            desk.say(
                "German, future", m.name + " von " + where + " wird morgen auf " + since + " steigen.", { m.id });
            desk.say("German, bare", where + desk.dice.pick({ " ist weg.", " ist kaputt.", " ist aus." }), { m.id });
            desk.say("German, gestern",
                "Seit gestern " + std::string(up ? "stieg " : "fiel ") + m.name + " von " + where + " auf " + since
                    + ".",
                { m.id });
            desk.say("German, denied", m.name + " von " + where + " hat sich nicht verändert.", { m.id });
            desk.say("German, swapped",
                m.name + " von " + where + (up ? " stieg von " : " fiel von ") + since + " auf " + before + ".",
                { m.id });
        }
        if (language == "es") {
            desk.say("Spanish, direction", m.name + " de " + where + (up ? " bajó a " : " subió a ") + since + ".",
                { m.id });
            desk.say("Spanish, normal", m.name + " de " + where + " es " + since + ", como es habitual.", { m.id });
            desk.say(
                "Spanish, bare", where + desk.dice.pick({ " está caído.", " no funciona.", " cayó." }), { m.id });
            desk.say("Spanish, denied", m.name + " de " + where + " no cambió.", { m.id });
            desk.say("Spanish, swapped",
                m.name + " de " + where + (up ? " subió de " : " bajó de ") + since + " a " + before + ".", { m.id });
        }
        if (language == "hi") {
            desk.say("Hindi, direction", where + " का " + m.name + (up ? " घटकर " : " बढ़कर ") + since + " हो गया।",
                { m.id });
            desk.say("Hindi, bare", where + desk.dice.pick({ " बंद है।", " नहीं है।", " गिरा।" }), { m.id });
            desk.say("Hindi, normal", where + " का " + m.name + " " + since + " है, जो सामान्य है।", { m.id });
            desk.say("Hindi, denied", where + " का " + m.name + " नहीं बदला।", { m.id });
        }
    }
}

} // namespace

void lie_in_disguise(Desk& desk) {
    if (desk.reader.language != "en") {
        desk.said.clear();
        abroad(desk);
        return;
    }
    for (auto const& m : desk.metrics) {
        auto const verb = m.direction > 0 ? " rose to " : m.direction < 0 ? " fell to " : " stayed at ";
        auto const truth = m.name + " of " + m.resource.short_name() + verb + format_value(m.since, m.unit);
        glued(desk, truth, { m.id });
        marked_up(desk, truth, { m.id });
        misspelt(desk, m);
    }
    for (auto const& view : desk.causes)
        if (!view.noun.empty()) {
            glued(desk, "The most likely cause is " + view.noun, { view.id });
            marked_up(desk, "The most likely cause is " + view.noun, { view.id });
        }
}

} // namespace convops::second
