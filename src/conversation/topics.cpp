#include "conversation/topics.h"

#include "base/text.h"
#include "conversation/tokens.h"

#include <array>

namespace convops {

namespace {

struct Phrase {
    Topic topic;
    std::string_view
        words; // folded; each word is whole, or a beginning when it ends in "*"; other words may stand between
};

constexpr std::array phrases { Phrase { Topic::not_seen, "not see" }, Phrase { Topic::not_seen, "not seen" },
    Phrase { Topic::not_seen, "not read" }, Phrase { Topic::not_seen, "t see" }, Phrase { Topic::not_seen, "t read" },
    Phrase { Topic::not_seen, "not look" }, Phrase { Topic::not_seen, "blind*" },
    Phrase { Topic::not_seen, "permission* need" }, Phrase { Topic::not_seen, "rechte brauchst" },
    Phrase { Topic::not_seen, "permisos necesitas" }, Phrase { Topic::not_seen, "gaps" },
    Phrase { Topic::not_seen, "nicht sehen" }, Phrase { Topic::not_seen, "nicht gesehen" },
    Phrase { Topic::not_seen, "nicht lesen" }, Phrase { Topic::not_seen, "no viste" },
    Phrase { Topic::not_seen, "no pudiste" }, Phrase { Topic::not_seen, "no ver" },
    Phrase { Topic::not_seen, "नहीं देख*" }, Phrase { Topic::not_seen, "नहीं पढ़*" }, Phrase { Topic::price, "cost*" },
    Phrase { Topic::price, "price" }, Phrase { Topic::price, "tokens" }, Phrase { Topic::price, "kostet*" },
    Phrase { Topic::price, "kosten" }, Phrase { Topic::price, "gekostet" }, Phrase { Topic::price, "preis" },
    Phrase { Topic::price, "cuesta*" }, Phrase { Topic::price, "costo" }, Phrase { Topic::price, "लागत" },
    Phrase { Topic::price, "खर्च" }, Phrase { Topic::confidence, "how sure" },
    Phrase { Topic::confidence, "sure you" }, Phrase { Topic::confidence, "are you sure" },
    Phrase { Topic::confidence, "confiden*" }, Phrase { Topic::confidence, "certain*" },
    Phrase { Topic::confidence, "wie sicher" }, Phrase { Topic::confidence, "sicher du" },
    Phrase { Topic::confidence, "wahrscheinlich*" }, Phrase { Topic::confidence, "seguro*" },
    Phrase { Topic::confidence, "certeza" }, Phrase { Topic::confidence, "probab*" },
    Phrase { Topic::confidence, "यकीन" }, Phrase { Topic::confidence, "पक्का" }, Phrase { Topic::confidence, "भरोसा" },
    Phrase { Topic::advice, "should do" }, Phrase { Topic::advice, "can i do" },
    Phrase { Topic::advice, "can we do" }, Phrase { Topic::advice, "do i do" }, Phrase { Topic::advice, "do now" },
    Phrase { Topic::advice, "fix" }, Phrase { Topic::advice, "undo" }, Phrase { Topic::advice, "suggest*" },
    Phrase { Topic::advice, "recommend*" }, Phrase { Topic::advice, "next step*" },
    Phrase { Topic::advice, "was tun" }, Phrase { Topic::advice, "soll tun" }, Phrase { Topic::advice, "sollen tun" },
    Phrase { Topic::advice, "kann tun" }, Phrase { Topic::advice, "beheb*" }, Phrase { Topic::advice, "que hago" },
    Phrase { Topic::advice, "que hacer" }, Phrase { Topic::advice, "debo hacer" },
    Phrase { Topic::advice, "soluci*" }, Phrase { Topic::advice, "arregl*" }, Phrase { Topic::advice, "क्या करना" },
    Phrase { Topic::advice, "क्या करूँ" }, Phrase { Topic::advice, "क्या करूं" }, Phrase { Topic::advice, "क्या करें" },
    Phrase { Topic::advice, "ठीक कैसे" }, Phrase { Topic::aws_side, "aws" }, Phrase { Topic::aws_side, "amazon" },
    Phrase { Topic::changes, "chang*" }, Phrase { Topic::changes, "deploy*" }, Phrase { Topic::changes, "who did" },
    Phrase { Topic::changes, "who touched" }, Phrase { Topic::changes, "who scaled" },
    Phrase { Topic::changes, "releas*" }, Phrase { Topic::changes, "rollout" }, Phrase { Topic::changes, "image" },
    Phrase { Topic::changes, "version" }, Phrase { Topic::changes, "modif*" }, Phrase { Topic::changes, "geandert" },
    Phrase { Topic::changes, "anderung*" }, Phrase { Topic::changes, "ausgeroll*" },
    Phrase { Topic::changes, "wer war" }, Phrase { Topic::changes, "wer hat" }, Phrase { Topic::changes, "cambio*" },
    Phrase { Topic::changes, "cambiaron" }, Phrase { Topic::changes, "despleg*" },
    Phrase { Topic::changes, "desplieg*" }, Phrase { Topic::changes, "quien fue" }, Phrase { Topic::changes, "बदल*" },
    Phrase { Topic::changes, "परिवर्तन" }, Phrase { Topic::changes, "किसने" }, Phrase { Topic::changes, "डिप्लॉय" },
    Phrase { Topic::onset, "since when" }, Phrase { Topic::onset, "how long" }, Phrase { Topic::onset, "start*" },
    Phrase { Topic::onset, "began" }, Phrase { Topic::onset, "begin" }, Phrase { Topic::onset, "begun" },
    Phrase { Topic::onset, "onset" }, Phrase { Topic::onset, "seit wann" }, Phrase { Topic::onset, "wie lange" },
    Phrase { Topic::onset, "begann" }, Phrase { Topic::onset, "begonnen" }, Phrase { Topic::onset, "angefangen" },
    Phrase { Topic::onset, "desde cuando" }, Phrase { Topic::onset, "empez*" }, Phrase { Topic::onset, "empiez*" },
    Phrase { Topic::onset, "comenz*" }, Phrase { Topic::onset, "शुरू" }, Phrase { Topic::onset, "कब से" },
    Phrase { Topic::still, "still" }, Phrase { Topic::still, "ongoing" }, Phrase { Topic::still, "is over" },
    Phrase { Topic::still, "recovered" }, Phrase { Topic::still, "resolved" }, Phrase { Topic::still, "immer noch" },
    Phrase { Topic::still, "noch" }, Phrase { Topic::still, "vorbei" }, Phrase { Topic::still, "sigue*" },
    Phrase { Topic::still, "todavia" }, Phrase { Topic::still, "aun" }, Phrase { Topic::still, "termino" },
    Phrase { Topic::still, "अभी भी" }, Phrase { Topic::still, "अब भी" }, Phrase { Topic::errors, "error*" },
    Phrase { Topic::errors, "exception*" }, Phrase { Topic::errors, "log" }, Phrase { Topic::errors, "logs" },
    Phrase { Topic::errors, "fehler*" }, Phrase { Topic::errors, "protokoll*" },
    Phrase { Topic::errors, "registros" }, Phrase { Topic::errors, "त्रुटि*" }, Phrase { Topic::errors, "लॉग" },
    Phrase { Topic::errors, "एरर" }, Phrase { Topic::load, "query" }, Phrase { Topic::load, "queries" },
    Phrase { Topic::load, "sql" }, Phrase { Topic::load, "load" }, Phrase { Topic::load, "abfrage*" },
    Phrase { Topic::load, "consulta*" }, Phrase { Topic::load, "क्वेरी" }, Phrase { Topic::before, "happened before" },
    Phrase { Topic::before, "seen before" }, Phrase { Topic::before, "how often" },
    Phrase { Topic::before, "schon mal" }, Phrase { Topic::before, "wie oft" },
    Phrase { Topic::before, "paso antes" }, Phrase { Topic::before, "ocurrido antes" },
    Phrase { Topic::before, "पहले भी" }, Phrase { Topic::before, "पहले हुआ" }, Phrase { Topic::alarms, "which alarm*" },
    Phrase { Topic::alarms, "what alarm*" }, Phrase { Topic::alarms, "welche alarm*" },
    Phrase { Topic::alarms, "que alarma*" }, Phrase { Topic::alarms, "cuales alarma*" },
    Phrase { Topic::alarms, "अलार्म" }, Phrase { Topic::cause, "why" }, Phrase { Topic::cause, "cause*" },
    Phrase { Topic::cause, "reason*" }, Phrase { Topic::cause, "wrong" }, Phrase { Topic::cause, "broken" },
    Phrase { Topic::cause, "guess" }, Phrase { Topic::cause, "best lead" }, Phrase { Topic::cause, "what happened" },
    Phrase { Topic::cause, "what happening" }, Phrase { Topic::cause, "warum" }, Phrase { Topic::cause, "wieso" },
    Phrase { Topic::cause, "ursache*" }, Phrase { Topic::cause, "grund" }, Phrase { Topic::cause, "was passiert" },
    Phrase { Topic::cause, "kaputt" }, Phrase { Topic::cause, "por que" }, Phrase { Topic::cause, "causa*" },
    Phrase { Topic::cause, "que paso" }, Phrase { Topic::cause, "que pasa" }, Phrase { Topic::cause, "क्यों" },
    Phrase { Topic::cause, "कारण" }, Phrase { Topic::cause, "क्या हुआ" } };

struct KindWord {
    CauseKind kind;
    std::string_view word; // as in Phrase
};
constexpr std::array kind_names { KindWord { CauseKind::deploy, "deploy*" },
    KindWord { CauseKind::deploy, "release" }, KindWord { CauseKind::deploy, "despliegue" },
    KindWord { CauseKind::deploy, "डिप्लॉय" }, KindWord { CauseKind::config_change, "config*" },
    KindWord { CauseKind::config_change, "konfiguration*" }, KindWord { CauseKind::scaling_change, "scaling" },
    KindWord { CauseKind::scaling_change, "skalierung" }, KindWord { CauseKind::permission_change, "permission*" },
    KindWord { CauseKind::permission_change, "iam" }, KindWord { CauseKind::permission_change, "rechte" },
    KindWord { CauseKind::permission_change, "permisos" }, KindWord { CauseKind::traffic_surge, "traffic" },
    KindWord { CauseKind::traffic_surge, "surge" }, KindWord { CauseKind::traffic_surge, "ansturm" },
    KindWord { CauseKind::traffic_surge, "trafico" }, KindWord { CauseKind::traffic_surge, "ट्रैफ़िक" },
    KindWord { CauseKind::cpu_saturation, "cpu" }, KindWord { CauseKind::cpu_saturation, "processor" },
    KindWord { CauseKind::cpu_saturation, "prozessor" }, KindWord { CauseKind::memory_exhaustion, "memory" },
    KindWord { CauseKind::memory_exhaustion, "ram" }, KindWord { CauseKind::memory_exhaustion, "oom" },
    KindWord { CauseKind::memory_exhaustion, "arbeitsspeicher" },
    KindWord { CauseKind::memory_exhaustion, "memoria" }, KindWord { CauseKind::memory_exhaustion, "मेमोरी" },
    KindWord { CauseKind::storage_exhaustion, "disk*" }, KindWord { CauseKind::storage_exhaustion, "storage" },
    KindWord { CauseKind::storage_exhaustion, "festplatte" },
    KindWord { CauseKind::storage_exhaustion, "speicherplatz" }, KindWord { CauseKind::storage_exhaustion, "disco" },
    KindWord { CauseKind::storage_exhaustion, "almacenamiento" }, KindWord { CauseKind::storage_exhaustion, "डिस्क" },
    KindWord { CauseKind::io_saturation, "iops" }, KindWord { CauseKind::connection_exhaustion, "connection*" },
    KindWord { CauseKind::connection_exhaustion, "verbindung*" },
    KindWord { CauseKind::connection_exhaustion, "conexiones" },
    KindWord { CauseKind::connection_exhaustion, "कनेक्शन" }, KindWord { CauseKind::replication_lag, "replication" },
    KindWord { CauseKind::failover, "failover" }, KindWord { CauseKind::failover, "fail" },
    KindWord { CauseKind::throttling, "throttl*" }, KindWord { CauseKind::throttling, "gedrosselt" },
    KindWord { CauseKind::quota, "quota*" }, KindWord { CauseKind::timeout, "timeout*" },
    KindWord { CauseKind::network, "network" }, KindWord { CauseKind::network, "netzwerk" },
    KindWord { CauseKind::network, "red" }, KindWord { CauseKind::certificate, "certificate*" },
    KindWord { CauseKind::certificate, "cert" }, KindWord { CauseKind::certificate, "zertifikat*" },
    KindWord { CauseKind::certificate, "certificado" }, KindWord { CauseKind::security_event, "attack*" },
    KindWord { CauseKind::security_event, "hack*" }, KindWord { CauseKind::security_event, "angriff" },
    KindWord { CauseKind::security_event, "ataque" }, KindWord { CauseKind::scheduled_job, "cron" },
    KindWord { CauseKind::scheduled_job, "scheduled" }, KindWord { CauseKind::data_backlog, "backlog" },
    KindWord { CauseKind::query_load, "query" } };

// How a suspicion is worded: a question that wants yes or no, or "why not".
constexpr std::array doubts = std::to_array<std::string_view>({ "is", "was", "were", "did", "does", "could", "can",
    "are", "has", "war", "ist", "lag", "liegt", "hat", "fue", "es", "era", "क्या", "why", "warum", "por" });

constexpr std::array stop_words = std::to_array<std::string_view>({ "a", "an", "the", "of", "in", "on", "at", "to",
    "for", "by", "and", "or", "that", "this", "it", "its", "is", "are", "was", "were", "be", "been", "do", "does",
    "did", "doing", "done", "what", "which", "who", "when", "where", "how", "why", "i", "we", "you", "me", "us", "my",
    "our", "your", "there", "then", "than", "so", "now", "just", "please", "can", "could", "should", "would", "will",
    "about", "with", "from", "not", "t", "s", "any", "anything", "some", "many", "much", "have", "has", "had", "tell",
    "show", "happening", "happened", "happen", "as", "see", "der", "die", "das", "den", "dem", "des", "ein", "eine",
    "einen", "ist", "war", "sind", "hat", "haben", "wer", "was", "wann", "warum", "wie", "welche", "welcher", "wo",
    "es", "ich", "du", "wir", "mir", "an", "am", "im", "zu", "von", "und", "oder", "nicht", "bitte", "so", "seit",
    "denn", "el", "la", "los", "las", "un", "una", "es", "fue", "hay", "hubo", "que", "quien", "cuando", "como",
    "cual", "cuantos", "cuantas", "de", "del", "en", "y", "o", "por", "no", "se", "lo", "me", "mi", "esto", "eso",
    "favor", "क्या", "है", "हैं", "था", "हुआ", "यह", "का", "की", "के", "में", "से", "मुझे", "कब", "कौन", "सी", "सा", "से", "कैसे",
    "किस", "पर", "को", "ने", "भी", "अब", "और", "हो", "रहा", "रही", "कितने", "कितनी", "हमें", "हमे", "चाहिए", "use", "used",
    "uses" });

bool matches(std::string_view pattern, std::string const& token) {
    if (pattern.ends_with('*'))
        return token.starts_with(pattern.substr(0, pattern.size() - 1));
    return token == pattern;
}

// Whether the words of the phrase occur in this order, at most two other words apart; which tokens they were.
std::optional<std::set<std::string>> found(std::string_view phrase, std::vector<std::string> const& tokens) {
    constexpr std::size_t most_between = 2;
    auto const words = split(phrase, ' ');
    for (std::size_t start = 0; start < tokens.size(); ++start) {
        std::set<std::string> used;
        std::size_t at = start;
        bool all = true;
        for (std::size_t w = 0; w < words.size() && all; ++w) {
            auto const limit = w == 0 ? at + 1 : std::min(tokens.size(), at + most_between + 1);
            auto const before = at;
            while (at < limit && !matches(words[w], tokens[at]))
                ++at;
            all = at < limit && at < tokens.size() && (w > 0 || at == before);
            if (all)
                used.insert(tokens[at++]);
        }
        if (all)
            return used;
    }
    return std::nullopt;
}

struct Synonym {
    std::string_view word; // folded stem, or a beginning with "*"
    std::string_view meaning; // "|"-separated parts of metric names
};
constexpr std::array synonyms { Synonym { "disk*", "storage" }, Synonym { "festplatte", "storage" },
    Synonym { "speicherplatz", "storage" }, Synonym { "disco", "storage" }, Synonym { "almacenamiento", "storage" },
    Synonym { "डिस्क", "storage" }, Synonym { "ram", "memory" }, Synonym { "arbeitsspeicher", "memory" },
    Synonym { "memoria", "memory" }, Synonym { "मेमोरी", "memory" }, Synonym { "latenz", "latency|response" },
    Synonym { "latencia", "latency|response" }, Synonym { "latency", "latency|response" },
    Synonym { "slow", "latency|response" }, Synonym { "langsam", "latency|response" }, Synonym { "processor", "cpu" },
    Synonym { "prozessor", "cpu" }, Synonym { "verbindung*", "connection" }, Synonym { "conexiones", "connection" },
    Synonym { "कनेक्शन", "connection" }, Synonym { "traffic", "request" }, Synonym { "requests", "request" },
    Synonym { "anfragen", "request" }, Synonym { "depth", "visible" }, Synonym { "deep", "visible" },
    Synonym { "backlog", "visible" }, Synonym { "queue", "message" }, Synonym { "throttl*", "throttle|throttled" } };

struct TypeWord {
    std::string_view word;
    std::string_view type; // beginning of Resource::type
};
constexpr std::array type_words { TypeWord { "database", "rds:" }, TypeWord { "db", "rds:" },
    TypeWord { "datenbank", "rds:" }, TypeWord { "datos", "rds:" }, TypeWord { "डेटाबेस", "rds:" },
    TypeWord { "queue", "sqs:" }, TypeWord { "cola", "sqs:" }, TypeWord { "warteschlange", "sqs:" },
    TypeWord { "table", "dynamodb:" }, TypeWord { "tabelle", "dynamodb:" }, TypeWord { "tabla", "dynamodb:" },
    TypeWord { "function", "lambda:" }, TypeWord { "lambda", "lambda:" }, TypeWord { "funktion", "lambda:" },
    TypeWord { "balancer", "elb:load_balancer" }, TypeWord { "bucket", "s3:" }, TypeWord { "cache", "elasticache:" },
    TypeWord { "cluster", "ecs:cluster" }, TypeWord { "instance", "ec2:" }, TypeWord { "service", "ecs:service" } };

// Rows are tried in order. IAM actions as the service authorization reference names them.
constexpr std::array telling_calls { TellingCall { "bill|spend|dollar|euro|expensive|rechnung|factura",
                                         "aws ce get-cost-and-usage", "ce:GetCostAndUsage" },
    TellingCall { "query|sql|statement|abfrage|consulta|lock",
        "aws pi describe-dimension-keys --service-type RDS --identifier RESOURCE-ID --metric db.load.avg --group-by "
        "'{\"Group\":\"db.user\"}'",
        "pi:DescribeDimensionKeys" },
    TellingCall { "login|console|mfa|credential|signed|anmeldung",
        "aws cloudtrail lookup-events --lookup-attributes AttributeKey=EventName,AttributeValue=ConsoleLogin",
        "cloudtrail:LookupEvents" },
    TellingCall { "firewall|port|ingress|egress|security|group", "aws ec2 describe-security-groups",
        "ec2:DescribeSecurityGroups" },
    TellingCall { "dns|route53|domain", "aws route53 list-resource-record-sets --hosted-zone-id ZONE",
        "route53:ListResourceRecordSets" },
    TellingCall { "certificate|tls|ssl|zertifikat|certificado", "aws acm list-certificates", "acm:ListCertificates" },
    TellingCall { "backup|snapshot|restore", "aws rds describe-db-snapshots", "rds:DescribeDBSnapshots" },
    TellingCall { "quota|limit", "aws service-quotas list-service-quotas --service-code CODE",
        "servicequotas:ListServiceQuotas" },
    TellingCall { "bucket|s3|object", "aws s3api list-buckets", "s3:ListAllMyBuckets" },
    TellingCall { "pod|kubernete|eks|node", "aws eks describe-cluster --name NAME", "eks:DescribeCluster" },
    TellingCall { "waf|bot|block", "aws wafv2 list-web-acls --scope REGIONAL", "wafv2:ListWebACLs" },
    TellingCall { "customer|user|client|visitor|ip|kunde|nutzer|cliente|usuario|country",
        "aws elbv2 describe-load-balancer-attributes --load-balancer-arn ARN (it says where the access logs are, "
        "which name each client)",
        "elasticloadbalancing:DescribeLoadBalancerAttributes" },
    TellingCall { "log|line|trace|exception|message",
        "aws logs filter-log-events --log-group-name GROUP --filter-pattern PATTERN", "logs:FilterLogEvents" },
    TellingCall { "metric|graph|percentile|p99", "aws cloudwatch list-metrics", "cloudwatch:ListMetrics" },
    TellingCall {
        "delete|deleted|created|removed|policy|role", "aws cloudtrail lookup-events", "cloudtrail:LookupEvents" } };

} // namespace

std::vector<TopicMatch> topics_of(std::vector<std::string> const& tokens) {
    std::map<Topic, std::set<std::string>> all;
    for (auto const& phrase : phrases)
        if (auto used = found(phrase.words, tokens))
            all[phrase.topic].merge(*used);
    auto const kinds = kinds_named(tokens);
    auto const doubt = !tokens.empty() && std::find(doubts.begin(), doubts.end(), tokens.front()) != doubts.end();
    if (!kinds.empty() && doubt && !all.contains(Topic::not_seen))
        for (auto const& [kind, word] : kinds)
            all[Topic::suspicion].insert(word);
    std::vector<TopicMatch> matches;
    for (auto& [topic, words] : all)
        matches.push_back({ topic, std::move(words) });
    return matches;
}

std::vector<std::pair<CauseKind, std::string>> kinds_named(std::vector<std::string> const& tokens) {
    std::vector<std::pair<CauseKind, std::string>> named;
    for (auto const& row : kind_names)
        for (auto const& token : tokens)
            if (matches(row.word, token))
                named.emplace_back(row.kind, token);
    return named;
}

bool is_stop_word(std::string const& token) {
    return std::find(stop_words.begin(), stop_words.end(), token) != stop_words.end();
}

std::string stem(std::string const& token) {
    for (std::string_view const ending : { "ings", "ing", "ies", "ed", "es", "s", "e" })
        if (token.size() > ending.size() + 3 && token.ends_with(ending))
            return token.substr(0, token.size() - ending.size());
    return token;
}

std::vector<std::string> metric_words_for(std::string const& token) {
    for (auto const& synonym : synonyms)
        if (matches(synonym.word, token))
            return split(synonym.meaning, '|');
    return { token };
}

std::string_view resource_type_for(std::string const& token) {
    for (auto const& row : type_words)
        if (row.word == token)
            return row.type;
    return {};
}

TellingCall const* telling_call(std::vector<std::string> const& tokens) {
    std::set<std::string> asked;
    for (auto const& token : tokens)
        asked.insert(stem(token));
    for (auto const& call : telling_calls)
        for (auto const& word : split(call.words, '|'))
            if (asked.contains(stem(word)))
                return &call;
    return nullptr;
}

} // namespace convops
