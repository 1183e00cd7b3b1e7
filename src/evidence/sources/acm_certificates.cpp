// Certificates of ACM: which of them expired, expire soon or can not be renewed, and who uses them. One list tells
// the dates of all; only those that may be the trouble are described.
#include "evidence/answering.h"

#include "base/text.h"

#include <array>

namespace convops {

namespace {

constexpr std::array iam_actions {
    IamAction { "acm:ListCertificates", "which certificates expired or expire soon" },
    IamAction { "acm:DescribeCertificate", "who uses a certificate, and why its renewal failed" },
};

constexpr SourceCard the_card {
    .name = "acm_certificates",
    .says = "ACM certificates: expiry, failed renewals, who uses them.",
    .iam_actions = iam_actions,
    .stage = SourceStage::reading,
};

constexpr int most_pages = 2; // of 500
constexpr std::size_t most_described = 10;
// ACM begins to renew 60 days before the end; 45 days before it, it has told the owner what is in the way.
// https://docs.aws.amazon.com/acm/latest/userguide/managed-renewal.html
constexpr Days soon { 45 };
constexpr Days long_gone { 30 }; // A certificate that expired before that and hurts nobody is old news.

bool may_be_the_trouble(Json const& summary, Question const& question) {
    auto const arn = text_at(summary, "CertificateArn");
    if (is_centre(question, { "acm:certificate", arn, {} }))
        return true;
    if (text_at(summary, "InUse") == "false")
        return false;
    auto const status = text_at(summary, "Status");
    auto const ends = time_at(summary, "NotAfter");
    if (ends && *ends + long_gone < question.now)
        return false;
    return (ends && *ends < question.now + soon) || (status != "ISSUED" && status != "INACTIVE" && !status.empty());
}

bool anything_serves_tls(Question const& question) {
    auto const serves = [](Resource const& resource) {
        return resource.type == "elb:load_balancer" || resource.type == "apigateway:api"
            || resource.type == "cloudfront:distribution" || resource.type == "acm:certificate";
    };
    return std::any_of(question.centre.begin(), question.centre.end(), serves)
        || std::any_of(
            question.nearby.begin(), question.nearby.end(), [&](auto const& near) { return serves(near.first); });
}

// "in 3 days", "2 days ago", "5 h ago".
std::string distance_of(Time at, Time now) {
    auto const gap = at > now ? at - now : now - at;
    auto const days = std::chrono::floor<Days>(gap).count();
    auto const hours = std::chrono::floor<Hours>(gap).count();
    auto const length = days >= 2 ? std::to_string(days) + " days" : std::to_string(hours) + " h";
    return at > now ? "in " + length : length + " ago";
}

} // namespace

// https://docs.aws.amazon.com/acm/latest/APIReference/API_CertificateDetail.html
std::vector<Fact> acm_certificate_facts(Json const& answer, Time now) {
    auto const* detail = find(answer, "Certificate");
    auto const resource = detail == nullptr ? std::nullopt : resource_from_arn(text_at(*detail, "CertificateArn"));
    if (!resource || resource->type != "acm:certificate")
        return {};
    CertificateFact certificate;
    certificate.certificate = *resource;
    certificate.domain = shown(text_at(*detail, "DomainName"), 253);
    certificate.status = shown(text_at(*detail, "Status"), 40);
    certificate.expires_at = time_at(*detail, "NotAfter");
    std::vector<Fact> facts;
    for (auto const& user : list_at(*detail, "InUseBy"))
        if (auto const* arn = user.if_string())
            if (auto const owner = resource_from_arn(std::string_view(arn->data(), arn->size()))) {
                if (std::find(certificate.used_by.begin(), certificate.used_by.end(), *owner)
                    != certificate.used_by.end())
                    continue;
                certificate.used_by.push_back(*owner);
                facts.push_back(dependency_fact(*owner, *resource, "certificate that it shows to its clients", {}));
            }
    bool const expired
        = certificate.status == "EXPIRED" || (certificate.expires_at && *certificate.expires_at <= now);
    auto const renewal = shown(text_at(*detail, "RenewalSummary.RenewalStatus"), 40);
    auto const reason
        = shown(text_at(*detail, "RenewalSummary.RenewalStatusReason", text_at(*detail, "FailureReason")), 80);
    auto statement = "The certificate for " + certificate.domain + " is " + certificate.status;
    if (certificate.expires_at)
        statement += std::string(expired ? "; it expired " : "; it expires ")
            + distance_of(*certificate.expires_at, now) + " (" + format_time(*certificate.expires_at) + ")";
    if (!renewal.empty() && renewal != "SUCCESS")
        statement += "; its renewal is " + renewal + (reason.empty() ? "" : " (" + reason + ")");
    if (text_at(*detail, "RenewalEligibility") == "INELIGIBLE")
        statement += "; ACM does not renew it (type " + shown(text_at(*detail, "Type"), 40) + ")";
    Json value = { { "status", certificate.status }, { "domain", certificate.domain }, { "renewal", renewal },
        { "expires_at", certificate.expires_at ? Json(format_time(*certificate.expires_at)) : Json(nullptr) } };
    auto const at = expired && certificate.expires_at ? *certificate.expires_at : now;
    facts.insert(facts.begin(), fact_about(*resource, at, statement + ".", std::move(certificate), std::move(value)));
    return facts;
}

namespace {

Answer collect(Question const& question, Aws& aws) {
    Answering answering(the_card, question, aws);
    if (!anything_serves_tls(question))
        return answering.take();
    // Without the key types only RSA 1024 and 2048 are listed.
    // https://docs.aws.amazon.com/acm/latest/APIReference/API_ListCertificates.html
    auto const call = call_of("acm", "ListCertificates",
        { { "MaxItems", 500 },
            { "Includes",
                JsonObject { { "keyTypes",
                    JsonArray { "RSA_1024", "RSA_2048", "RSA_3072", "RSA_4096", "EC_prime256v1", "EC_secp384r1",
                        "EC_secp521r1" } } } } });
    std::vector<AwsCall> calls;
    std::size_t more = 0;
    for (auto const& summary :
        answering.read_pages({ call, "CertificateSummaryList", "NextToken", "NextToken", most_pages })) {
        if (!may_be_the_trouble(summary, question))
            continue;
        if (calls.size() == reach(question.depth, most_described))
            ++more;
        else
            calls.push_back(
                call_of("acm", "DescribeCertificate", { { "CertificateArn", text_at(summary, "CertificateArn") } }));
    }
    if (more > 0)
        answering.not_read(std::to_string(more) + " more certificates that expire soon were not read",
            "who uses the other certificates that expire soon");
    auto const answers = answering.read_all(calls);
    for (std::size_t i = 0; i < answers.size(); ++i)
        if (answers[i])
            answering.add(acm_certificate_facts(*answers[i], question.now), calls[i]);
    return answering.take();
}

} // namespace

sources::Registered make_acm_certificates() {
    return { &the_card, collect };
}

} // namespace convops
