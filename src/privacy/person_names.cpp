#include "privacy/person_names.h"

#include "base/text.h"
#include "privacy/characters.h"

#include <algorithm>
#include <unordered_set>

namespace convops {

using namespace characters;

namespace {

constexpr std::size_t most_name_bytes = 80;
constexpr std::size_t most_name_words = 4;

// Hashed once, because every word of every line is looked up.
using WordSet = std::unordered_set<std::string_view>;

enum class Announces : std::uint8_t {
    nothing,
    name, // firstName: whatever the value is
    login, // user: a person's login, not a program's
    perhaps, // name, customer: only what reads as a name
    greeting, // Dear: the words behind it
    title, // Mrs.: the words behind it
    doer // "approved by": the words behind it
};

// "first_name", "FirstName" and "first-name" are one.
std::string folded(std::string_view word) {
    std::string out;
    for (char const c : word)
        if (c != '_' && c != '-')
            out += is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c;
    return out;
}

bool is_title(std::string_view word) {
    static WordSet const titles { "Mr", "Mrs", "Ms", "Miss", "Mx", "Dr", "Prof", "Herr", "Herrn", "Frau", "Señor",
        "Señora", "Sr", "Sra", "Mme", "Monsieur", "Madame", "Signor", "Signora", "Shri", "Smt" };
    return titles.contains(word);
}

Announces announced_by(std::string_view word) {
    static WordSet const names { "firstname", "lastname", "fullname", "givenname", "familyname", "surname",
        "forename", "middlename", "realname", "displayname", "nickname", "maidenname", "customername", "patientname",
        "contactname", "recipientname", "cardholder", "cardholdername", "accountholder", "passengername",
        "employeename", "vorname", "nachname", "nombre", "apellido", "apellidos", "prénom", "prenom", "cognome",
        "sobrenome" };
    static WordSet const logins { "user", "username", "login", "uname", "loginname", "benutzer", "benutzername",
        "usuario", "utilisateur", "utente", "usuário", "actor", "operator", "requester", "author", "assignee",
        "उपयोगकर्ता" };
    static WordSet const perhaps { "name", "customer", "client", "kunde", "kundin", "cliente", "patient", "employee",
        "member", "passenger", "guest", "driver", "contact", "recipient", "sender", "owner", "reviewer", "approver",
        "holder", "nom", "nome", "नाम", "ग्राहक", "mitarbeiter", "empfänger", "agent", "student" };
    static WordSet const greetings { "hello", "hi", "dear", "hey", "hallo", "liebe", "lieber", "hola", "bonjour",
        "salut", "ciao", "olá", "ola", "namaste", "नमस्ते", "tag", "morgen", "morning", "afternoon", "evening", "días",
        "estimado", "estimada", "cher", "chère", "caro", "cara", "geehrte" };
    static WordSet const doers { "by", "to", "as", "behalf", "von", "por", "par", "welcome", "willkommen",
        "bienvenido", "bienvenue", "geehrter" };
    constexpr std::size_t longest = 40;
    if (word.size() > longest)
        return Announces::nothing;
    if (is_title(word))
        return Announces::title;
    auto const lower = folded(word);
    if (names.contains(lower))
        return Announces::name;
    if (logins.contains(lower))
        return Announces::login;
    if (perhaps.contains(lower))
        return Announces::perhaps;
    if (greetings.contains(lower) || lower == "geehrter")
        return Announces::greeting;
    return doers.contains(lower) ? Announces::doer : Announces::nothing;
}

// Words that people do not bear and that log lines write with a capital.
bool is_technical(std::string_view word) {
    static WordSet const words { "service", "gateway", "api", "amazon", "aws", "cloud", "load", "balancer", "group",
        "scaling", "auto", "simple", "queue", "lambda", "function", "container", "task", "cluster", "database",
        "server", "client", "error", "exception", "timeout", "connection", "pool", "out", "memory", "request",
        "response", "health", "check", "target", "world", "there", "all", "team", "everyone", "everybody", "from",
        "kubernetes", "docker", "user", "users", "order", "orders", "payment", "payments", "system", "admin", "the",
        "this", "that", "a", "an", "in", "on", "at", "for", "with", "and", "or", "not", "no", "is", "alarm", "ok",
        "insufficient", "http", "https", "tcp", "dns", "ssl", "tls", "sql", "mysql", "postgresql", "redis", "kafka",
        "node", "pod", "host", "desired", "count", "capacity", "state", "status", "active", "running", "stopped",
        "failed", "welcome", "you", "your", "customer", "support", "java", "python", "linux", "windows", "control",
        "manager", "agent", "web", "app", "application", "production", "staging", "test", "default", "null", "none",
        "unknown", "internal", "external", "elastic", "storage", "event", "bridge", "worker", "thread" };
    return words.contains(to_lower(word));
}

bool is_particle(std::string_view word) {
    static WordSet const particles { "de", "la", "del", "van", "der", "den", "von", "zu", "bin", "al", "da", "dos",
        "di", "le", "du", "el", "ter" };
    return particles.contains(word);
}

bool is_name_byte(char c) {
    return is_letter(c) || is_foreign(c) || c == '\'' || c == '-' || c == '.';
}

// The length of the name word at `at`: "Schmidt", "O'Brien", "M.", "Łukasz". All capitals are an abbreviation.
std::size_t name_word_length(std::string_view text, std::size_t at) {
    if (at >= text.size() || !(is_upper(text[at]) || is_foreign(text[at])))
        return 0;
    auto length = run_length(text.substr(at, most_name_bytes), is_name_byte);
    if (at + length < text.size() && (is_digit(text[at + length]) || text[at + length] == '_'))
        return 0;
    while (length > 2 && !is_letter(text[at + length - 1]) && !is_foreign(text[at + length - 1]))
        --length;
    auto const word = text.substr(at, length);
    bool const is_initial = length == 2 && word[1] == '.';
    bool const has_small = std::any_of(word.begin(), word.end(), [](char c) { return is_lower(c) || is_foreign(c); });
    bool const is_host = word.find('.') != std::string_view::npos && !is_initial;
    return (is_initial || (length >= 2 && has_small)) && !is_host && !is_technical(word) ? length : 0;
}

struct Words {
    Span span;
    std::size_t count = 0; // words with a capital
};

// As many words of one name as stand there: "Ana de la Cruz".
Words name_words(std::string_view text, std::size_t at) {
    Words words;
    words.span.from = at;
    auto here = at;
    while (words.count < most_name_words) {
        auto particles = here;
        for (int i = 0; i < 2; ++i) {
            auto const length = run_length(text.substr(particles, 8), is_lower);
            if (length == 0 || !is_particle(text.substr(particles, length)) || particles + length >= text.size()
                || text[particles + length] != ' ')
                break;
            particles += length + 1;
        }
        auto const length = name_word_length(text, particles);
        if (length == 0)
            break;
        ++words.count;
        here = particles + length;
        words.span.size = here - at;
        if (here >= text.size() || text[here] != ' ')
            break;
        ++here;
    }
    return words;
}

// Programs log in too.
bool is_system_login(std::string_view value) {
    static WordSet const parts { "root", "admin", "administrator", "postgres", "mysql", "app", "application",
        "service", "services", "svc", "system", "anonymous", "guest", "nobody", "nginx", "www", "web", "ec2",
        "ubuntu", "debian", "centos", "lambda", "rdsadmin", "api", "worker", "deploy", "deployer", "deployment", "ci",
        "cd", "build", "builder", "backup", "job", "jobs", "cron", "batch", "etl", "reader", "writer", "readonly",
        "readwrite", "ro", "rw", "db", "dba", "database", "master", "replica", "replication", "replicator", "repl",
        "monitor", "monitoring", "exporter", "agent", "daemon", "server", "client", "proxy", "test", "tester", "demo",
        "default", "user", "users", "null", "none", "unknown", "true", "false", "role", "bot", "runner", "operator",
        "controller", "kubelet", "kube", "docker", "jenkins", "github", "gitlab", "terraform", "ansible", "not",
        "is" };
    std::size_t from = 0;
    auto const lower = to_lower(value);
    for (std::size_t at = 0; at <= lower.size(); ++at) {
        bool const ends = at == lower.size() || lower[at] == '_' || lower[at] == '.' || lower[at] == '-';
        if (!ends)
            continue;
        auto part = std::string_view(lower).substr(from, at - from);
        while (!part.empty() && is_digit(part.back()))
            part.remove_suffix(1);
        if (parts.contains(part))
            return true;
        from = at + 1;
    }
    return false;
}

bool is_persons_login(std::string_view value) {
    constexpr std::size_t most_login_bytes = 40;
    if (value.size() < 2 || value.size() > most_login_bytes || !(is_letter(value[0]) || is_foreign(value[0])))
        return false;
    std::size_t letters = 0;
    std::size_t digits = 0;
    for (char const c : value) {
        if (!is_word(c) && !is_foreign(c) && c != '.' && c != '@' && c != '\'')
            return false;
        letters += is_letter(c) || is_foreign(c) ? 1U : 0U;
        digits += is_digit(c) ? 1U : 0U;
    }
    bool const is_loud
        = std::none_of(value.begin(), value.end(), [](char c) { return is_lower(c) || is_foreign(c); });
    return letters >= 2 && digits <= 4 && digits < letters && !is_loud && !is_system_login(value);
}

// A quoted value as a whole; of an unquoted one the words of a name, or its first word.
bool is_quoted(std::string_view text, Span const& value) {
    return value.from > 0 && (text[value.from - 1] == '"' || text[value.from - 1] == '\'');
}

Span name_in_field(std::string_view text, Span value) {
    auto const whole = text.substr(value.from, value.size);
    bool const has_letter
        = std::any_of(whole.begin(), whole.end(), [](char c) { return is_letter(c) || is_foreign(c); });
    bool const has_digit = std::any_of(whole.begin(), whole.end(), is_digit);
    if (!has_letter || has_digit || value.size > most_name_bytes || text[value.from] == '{'
        || text[value.from] == '[')
        return {};
    if (is_quoted(text, value))
        return value;
    auto const words = name_words(text, value.from);
    return words.count > 0 ? words.span : value;
}

Span name_like(std::string_view text, Span value) {
    auto const words = name_words(text, value.from);
    if (is_quoted(text, value))
        return words.count >= 2 && words.span.size == value.size ? value : Span {};
    return words.count >= 2 ? words.span : Span {};
}

// `customer "Maria Schmidt"`, "Benutzer Maria Schmidt hat ...".
Span name_behind_space(std::string_view text, std::size_t at) {
    if (at >= text.size() || text[at] != ' ')
        return {};
    auto from = at + 1;
    if (text.substr(from).starts_with("name "))
        from += 5;
    bool const quoted = from < text.size() && (text[from] == '"' || text[from] == '\'');
    auto const words = name_words(text, from + (quoted ? 1 : 0));
    return words.count >= 2 ? words.span : Span {};
}

// `for user "alice"` of a database.
Span login_behind_space(std::string_view text, std::size_t at) {
    if (at + 2 >= text.size() || text[at] != ' ' || (text[at + 1] != '"' && text[at + 1] != '\''))
        return {};
    auto const end = text.substr(0, at + 2 + most_name_bytes).find(text[at + 1], at + 2);
    if (end == std::string_view::npos || !is_persons_login(text.substr(at + 2, end - at - 2)))
        return {};
    return { at + 2, end - at - 2 };
}

Span name_in_greeting(std::string_view text, std::size_t at) {
    if (at >= text.size() || text[at] != ' ')
        return {};
    ++at;
    auto const title = run_length(text.substr(at, 16), [](char c) { return is_letter(c) || is_foreign(c); });
    if (is_title(text.substr(at, title))) {
        at += title;
        at += at < text.size() && text[at] == '.' ? 1 : 0;
        at += at < text.size() && text[at] == ' ' ? 1 : 0;
    }
    return name_words(text, at).span;
}

Span name_behind_title(std::string_view text, std::size_t at) {
    at += at < text.size() && text[at] == '.' ? 1 : 0;
    return at < text.size() && text[at] == ' ' ? name_words(text, at + 1).span : Span {};
}

} // namespace

Span name_behind(std::string_view text, std::size_t at, std::size_t length) {
    auto const announces = announced_by(text.substr(at, length));
    if (announces == Announces::nothing)
        return {};
    auto const end = at + length;
    // A name is short, so what is read to find it is, too.
    text = text.substr(0, end + 2 * most_name_bytes);
    auto const value = value_of_field(text, end);
    switch (announces) {
    case Announces::greeting:
        return name_in_greeting(text, end);
    case Announces::title:
        return name_behind_title(text, end);
    case Announces::doer:
        return name_behind_space(text, end);
    case Announces::name:
        return value.size > 0 ? name_in_field(text, value) : Span {};
    case Announces::perhaps:
        return value.size > 0 ? name_like(text, value) : name_behind_space(text, end);
    default:
        break;
    }
    if (value.size == 0) {
        auto const login = login_behind_space(text, end);
        return login.size > 0 ? login : name_behind_space(text, end);
    }
    if (auto const name = name_like(text, value); name.size > 0)
        return name;
    return is_persons_login(text.substr(value.from, value.size)) ? value : Span {};
}

Span name_before_address(std::string_view text, std::size_t at) {
    if (!is_upper(text[at]) && !is_foreign(text[at]))
        return {};
    text = text.substr(0, at + 2 * most_name_bytes);
    auto const words = name_words(text, at);
    auto const behind = text.substr(std::min(text.size(), at + words.span.size));
    bool const has_address
        = behind.starts_with(" <") && behind.substr(0, behind.find('>')).find('@') != std::string_view::npos;
    return words.count > 0 && has_address ? words.span : Span {};
}

} // namespace convops
