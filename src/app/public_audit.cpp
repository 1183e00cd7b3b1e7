#include "app/public_audit.h"

#include "adapters/crypto/keyed_digest.h"
#include "adapters/files/files.h"
#include "adapters/server/address.h"
#include "app/log.h"
#include "base/text.h"
#include "message/audit_report.h"

#include <set>

namespace convops {

namespace {

constexpr std::string_view tokens = "public-audit-token"; // partition; sort: digest of the token
constexpr std::string_view audits = "public-audit"; // sort: digest of the page's id
constexpr std::string_view queue = "public-audit-queue"; // sort: time and digest
constexpr std::size_t chunk_bytes = std::size_t { 300 } * 1024; // most_item_bytes with room for the key
constexpr std::size_t most_chunks = 200;
constexpr std::size_t most_report_bytes = std::size_t { 256 } << 20;
constexpr std::size_t most_regions = 4;
constexpr std::size_t secret_digits = 64;
constexpr std::size_t external_id_digits = 32;

// Who reads the store can not open a page or use a token.
std::string digest(std::string_view secret) {
    return to_hex(hmac_sha256("convops public audit 1", secret));
}

std::string new_secret(Entropy& entropy) {
    std::string bytes;
    while (bytes.size() < secret_digits / 2) {
        auto number = entropy.next();
        for (int i = 0; i < 8; ++i, number >>= 8U)
            bytes += static_cast<char>(number & 0xFFU);
    }
    return to_hex(bytes);
}

bool is_secret(std::string_view text) {
    return text.size() == secret_digits && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

bool is_region(std::string_view text) {
    return text.size() >= 9 && text.size() <= 20
        && text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == std::string_view::npos;
}

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_Role.html
bool is_role(std::string_view text) {
    auto const parts = split(text, ':');
    return text.size() <= 2048 && parts.size() == 6 && parts[0] == "arn" && parts[2] == "iam" && parts[4].size() == 12
        && parts[4].find_first_not_of("0123456789") == std::string::npos && parts[5].starts_with("role/")
        && parts[5].find_first_of(" \t\r\n\"'<>") == std::string::npos;
}

Item item_of(WorkspaceId const& workspace, std::string_view partition, std::string sort, DataClass data_class,
    Time now, Json const& body) {
    return { { workspace, std::string(partition), std::move(sort) }, data_class, now, to_text(body) };
}

Write put(Item item) {
    Write write;
    write.item = std::move(item);
    return write;
}

Json to_json(PublicAuditState const& state) {
    return { { "v", 1 }, { "stage", static_cast<int>(state.stage) }, { "calls_done", state.calls_done },
        { "calls_planned", state.calls_planned }, { "why", state.why }, { "grade", std::string(1, state.grade) },
        { "made_at", format_time(state.made_at) } };
}

PublicAuditState state_from(Json const& json) {
    PublicAuditState state;
    auto const stage = integer_at(json, "stage").value_or(0);
    state.stage
        = stage >= 0 && stage <= 3 ? static_cast<PublicAuditState::Stage>(stage) : PublicAuditState::Stage::failed;
    state.calls_done = static_cast<std::size_t>(integer_at(json, "calls_done").value_or(0));
    state.calls_planned = static_cast<std::size_t>(integer_at(json, "calls_planned").value_or(0));
    state.why = text_at(json, "why");
    auto const grade = text_at(json, "grade");
    state.grade = grade.size() == 1 ? grade.front() : ' ';
    state.made_at = time_at(json, "made_at").value_or(Time {});
    return state;
}

std::string chunks_of(std::string const& hash) {
    return std::string(audits) + "/" + hash;
}

std::string numbered(std::string_view form, std::size_t number) {
    auto digits = std::to_string(number);
    return std::string(form) + "/" + std::string(4 - std::min<std::size_t>(4, digits.size()), '0') + digits;
}

} // namespace

struct PublicAudits::Queued {
    ItemKey key;
    std::string id;
    std::string mail;
    std::string role_arn;
    std::string external_id;
    std::vector<std::string> regions;
    Json body; // as stored
    std::uint64_t version = 0;
};

// At most so many within the life of the counter, which is that of a token: a day.
Result<> PublicAudits::count(std::string const& what, std::string const& who, int most) {
    auto const now = world_.clock.now();
    ItemKey const key { world_.workspace, "public-audit-count", what + "/" + digest(who) };
    int counted = 0;
    Write write;
    write.condition = Write::Condition::absent;
    write.item.written_at = now;
    if (auto const found = world_.store.get(key, now); found) {
        auto const body = TRY(parse_json(found->body));
        counted = static_cast<int>(integer_at(body, "count").value_or(0));
        write.condition = Write::Condition::version_is;
        write.version = found->version;
        write.item.written_at = found->written_at; // the day begins with the first
    } else if (found.error().kind != ErrorKind::not_found) {
        return found.error();
    }
    if (counted >= most)
        return Error { ErrorKind::throttled, "too many requests today; try again tomorrow" };
    write.item.key = key;
    write.item.data_class = DataClass::registration_tokens;
    write.item.body = to_text(JsonObject { { "count", counted + 1 } });
    return world_.store.commit({ write }, now);
}

Result<> PublicAudits::register_mail(std::string const& mail, std::string const& address) {
    if (!is_mailbox(mail))
        return Error { ErrorKind::invalid_input, "this is not an e-mail address" };
    TRY(count("address", address_group(address), world_.limits.registrations_a_day_of_address));
    TRY(count("mail", to_lower(mail), world_.limits.registrations_a_day_of_mail));
    TRY(count("all", "all", world_.limits.registrations_a_day));
    auto const token = new_secret(world_.entropy);
    auto const external_id = new_secret(world_.entropy).substr(0, external_id_digits);
    auto const now = world_.clock.now();
    TRY(world_.store.commit(
        { put(item_of(world_.workspace, tokens, digest(token), DataClass::registration_tokens, now,
            JsonObject { { "v", 1 }, { "mail", to_lower(mail) }, { "external_id", external_id } })) },
        now));
    Mail message;
    message.to = mail;
    message.subject = "Your observability audit: the next step";
    message.key = digest(token);
    message.text
        = "Somebody, probably you, asked for an observability audit of an AWS account.\n\n"
          "Open this page within 24 hours; it says how to create the read-only role and starts the scan:\n\n  "
        + world_.public_url + "/audit-start?token=" + token
        + "\n\nIf it was not you, do nothing: without this link nothing happens, and we forget your address within "
          "24 hours.\n";
    return world_.mailer.send(message);
}

Result<std::string> PublicAudits::external_id_of(std::string const& token) {
    auto const unknown = Error { ErrorKind::not_found, "this link is unknown, used or older than 24 hours" };
    if (!is_secret(token))
        return unknown;
    auto const found = world_.store.get({ world_.workspace, std::string(tokens), digest(token) }, world_.clock.now());
    if (!found)
        return found.error().kind == ErrorKind::not_found ? unknown : found.error();
    return text_at(TRY(parse_json(found->body)), "external_id");
}

// A role that anybody could name to us must refuse us without the external ID that only its owner was told, and with
// any other one; otherwise one customer could have another one's account read.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
Result<> PublicAudits::check_role(PublicAuditRequest const& request) {
    auto const& region = request.regions.front();
    auto const another = new_secret(world_.entropy).substr(0, external_id_digits);
    for (auto const& external_id : { std::string(), another }) {
        auto const open = world_.try_role({ request.role_arn, external_id, region });
        if (open)
            return Error { ErrorKind::invalid_input,
                external_id.empty() ? "the role can be assumed without an external ID: add the condition "
                                      "sts:ExternalId to its trust policy"
                                    : "the role can be assumed with any external ID: its trust policy must name "
                        + request.external_id };
        if (open.error().kind != ErrorKind::access_denied)
            return Error { ErrorKind::unavailable, "AWS could not be asked about the role; try again later" };
    }
    auto const with = world_.try_role({ request.role_arn, request.external_id, region });
    if (!with && with.error().kind == ErrorKind::access_denied)
        return Error { ErrorKind::invalid_input,
            "the role can not be assumed: it must trust " + world_.principal + " with the external ID "
                + request.external_id };
    if (!with)
        return Error { ErrorKind::unavailable, "AWS could not be asked about the role; try again later" };
    return {};
}

Result<std::string> PublicAudits::request(PublicAuditRequest const& request) {
    if (!is_role(request.role_arn))
        return Error { ErrorKind::invalid_input,
            "role_arn must look like arn:aws:iam::111122223333:role/convops-audit" };
    std::set<std::string> const distinct(request.regions.begin(), request.regions.end());
    if (distinct.empty() || distinct.size() > most_regions || distinct.size() != request.regions.size()
        || !std::all_of(distinct.begin(), distinct.end(), [](auto const& region) { return is_region(region); }))
        return Error { ErrorKind::invalid_input, "regions must name one to four Regions, such as eu-west-1" };
    auto const unknown = Error { ErrorKind::not_found, "the token is unknown, used or older than 24 hours" };
    if (!is_secret(request.token))
        return unknown;
    auto const now = world_.clock.now();
    auto const token = world_.store.get({ world_.workspace, std::string(tokens), digest(request.token) }, now);
    if (!token)
        return token.error().kind == ErrorKind::not_found ? unknown : token.error();
    auto const registered = TRY(parse_json(token->body));
    auto const mail = text_at(registered, "mail");
    if (mail != to_lower(request.mail))
        return Error { ErrorKind::invalid_input, "the token was sent to another e-mail address" };
    if (text_at(registered, "external_id") != request.external_id)
        return Error { ErrorKind::invalid_input, "the external ID is not the one that was issued with the token" };
    auto const waiting
        = TRY(world_.store.query(world_.workspace, queue, SortRange {}, world_.limits.waiting + 1, now)).size();
    if (waiting >= world_.limits.waiting)
        return Error { ErrorKind::throttled, "too many audits wait; try again in an hour" };
    TRY(count("tries", request.token, world_.limits.tries_of_a_token));
    TRY(check_role(request));

    auto id = new_secret(world_.entropy);
    JsonArray regions;
    for (auto const& region : request.regions)
        regions.emplace_back(region);
    PublicAuditState state;
    state.made_at = now;
    Write use_up;
    use_up.kind = Write::Kind::remove;
    use_up.item.key = token->key;
    use_up.condition = Write::Condition::version_is;
    use_up.version = token->version;
    auto const queued = JsonObject { { "v", 1 }, { "id", id }, { "mail", mail }, { "role_arn", request.role_arn },
        { "external_id", request.external_id }, { "regions", std::move(regions) } };
    auto const done
        = world_.store.commit({ use_up,
                                  put(item_of(world_.workspace, queue, format_time(now) + "/" + digest(id),
                                      DataClass::pending_work, now, queued)),
                                  put(item_of(world_.workspace, audits, digest(id), DataClass::public_audit_results,
                                      now, to_json(state))) },
            now);
    if (!done)
        return done.error().kind == ErrorKind::conflict ? unknown : done.error();
    return id;
}

Result<PublicAuditState> PublicAudits::state(std::string const& id) {
    if (!is_secret(id))
        return Error { ErrorKind::not_found, "no such audit" };
    auto const found
        = TRY(world_.store.get({ world_.workspace, std::string(audits), digest(id) }, world_.clock.now()));
    return state_from(TRY(parse_json(found.body)));
}

Result<std::string> PublicAudits::report(std::string const& id, Form form) {
    if (!is_secret(id))
        return Error { ErrorKind::not_found, "no such audit" };
    auto const* name = form == Form::html ? "html" : "json";
    auto const chunks = TRY(world_.store.query(world_.workspace, chunks_of(digest(id)),
        SortRange::starting_with(std::string(name) + "/"), most_chunks, world_.clock.now()));
    if (chunks.empty())
        return Error { ErrorKind::not_found, "no report" };
    std::string packed;
    for (auto const& chunk : chunks)
        packed += chunk.body;
    return zstd_unpack(packed, most_report_bytes);
}

Result<> PublicAudits::remove(std::string const& id) {
    if (!is_secret(id))
        return {};
    auto const now = world_.clock.now();
    auto const hash = digest(id);
    std::vector<ItemKey> keys { { world_.workspace, std::string(audits), hash } };
    for (auto const& chunk :
        TRY(world_.store.query(world_.workspace, chunks_of(hash), SortRange {}, 2 * most_chunks, now)))
        keys.push_back(chunk.key);
    for (auto const& queued :
        TRY(world_.store.query(world_.workspace, queue, SortRange {}, world_.limits.waiting + 1, now)))
        if (queued.key.sort.ends_with(hash))
            keys.push_back(queued.key);
    for (std::size_t first = 0; first < keys.size(); first += most_writes_in_transaction) {
        std::vector<Write> writes;
        for (std::size_t i = first; i < std::min(keys.size(), first + most_writes_in_transaction); ++i) {
            Write write;
            write.kind = Write::Kind::remove;
            write.item.key = keys[i];
            writes.push_back(std::move(write));
        }
        TRY(world_.store.commit(writes, now));
    }
    return {};
}

Result<> PublicAudits::set_state(std::string const& hash, PublicAuditState const& state) {
    auto const now = world_.clock.now();
    // Deleted meanwhile: it stays deleted.
    auto const found = TRY(world_.store.get({ world_.workspace, std::string(audits), hash }, now));
    Write write = put(
        item_of(world_.workspace, audits, hash, DataClass::public_audit_results, state.made_at, to_json(state)));
    write.condition = Write::Condition::version_is;
    write.version = found.version;
    return world_.store.commit({ write }, now);
}

Result<> PublicAudits::keep_report(std::string const& hash, AuditReport const& report) {
    auto const now = world_.clock.now();
    // Of a run that was interrupted here: this report would end with its tail.
    for (auto const& left :
        TRY(world_.store.query(world_.workspace, chunks_of(hash), SortRange {}, 2 * most_chunks, now))) {
        Write write;
        write.kind = Write::Kind::remove;
        write.item.key = left.key;
        TRY(world_.store.commit({ write }, now));
    }
    for (auto const& [form, text] :
        { std::pair { "html", audit_html(report) }, { "json", to_text(to_json(report)) } }) {
        auto const packed = zstd_pack(text);
        if (packed.size() > chunk_bytes * most_chunks)
            return Error { ErrorKind::invalid_input, "the report is too large to keep" };
        for (std::size_t at = 0, number = 0; at < packed.size(); at += chunk_bytes, ++number) {
            Write write;
            write.item.key = { world_.workspace, chunks_of(hash), numbered(form, number) };
            write.item.data_class = DataClass::public_audit_results;
            write.item.written_at = now;
            write.item.body = packed.substr(at, chunk_bytes);
            TRY(world_.store.commit({ write }, now));
        }
    }
    return {};
}

void PublicAudits::run(Queued const& queued) {
    auto const hash = digest(queued.id);
    auto state = this->state(queued.id);
    if (!state) // deleted, or past its retention
        return;
    state->stage = PublicAuditState::Stage::running;
    auto const finish = [&](std::string const& why) {
        state->stage = why.empty() ? PublicAuditState::Stage::done : PublicAuditState::Stage::failed;
        state->why = why;
        if (auto const kept = set_state(hash, *state); !kept)
            log_warning("public_audit_not_kept", { { "why", kept.error().message } });
    };
    auto aws = world_.open_role({ queued.role_arn, queued.external_id, queued.regions.front() });
    if (!aws)
        return finish("the role could not be assumed any more");
    auto last_told = world_.clock.monotonic();
    auto const observer = [&](AuditProgress const& progress) {
        state->calls_done = progress.calls_done;
        state->calls_planned = progress.calls_planned;
        if (world_.clock.monotonic() - last_told < Seconds { 1 })
            return;
        last_told = world_.clock.monotonic();
        if (auto const kept = set_state(hash, *state); !kept)
            log_warning("public_audit_not_kept", { { "why", kept.error().message } });
    };
    auto const report = audit_account(**aws, split(queued.role_arn, ':')[4], queued.regions, world_.clock, observer);
    state->grade = report.grade;
    if (auto const kept = keep_report(hash, report); !kept)
        return finish("the report could not be kept");
    finish("");
    if (!this->state(queued.id)) { // deleted while it ran: nothing of it stays
        if (auto const removed = remove(queued.id); !removed)
            log_warning("public_audit_not_kept", { { "why", removed.error().message } });
        return;
    }
    Mail mail;
    mail.to = queued.mail;
    mail.subject = "Your observability audit: grade " + std::string(1, report.grade);
    mail.key = digest(hash);
    mail.text = "The audit of account " + report.account + " is done: grade " + std::string(1, report.grade)
        + ".\n\nThe report, for 30 days, for whoever has this link:\n\n  " + world_.public_url + "/audits/"
        + queued.id + "\n\nDelete it at any time:\n\n  " + world_.public_url + "/audit-deletions/" + queued.id
        + "\n\nYou can delete the role now; the audit needs it no more.\n";
    if (auto const sent = world_.mailer.send(mail); !sent)
        log_warning("public_audit_mail_not_sent", { { "why", sent.error().message } });
}

// Counted before it runs: what made the process end would otherwise do so at every start.
Result<bool> PublicAudits::begins(Queued const& queued, Time now) {
    auto const runs = integer_at(queued.body, "runs").value_or(0);
    if (runs >= world_.limits.runs_of_an_audit) {
        auto state = TRY(this->state(queued.id));
        state.stage = PublicAuditState::Stage::failed;
        state.why = "it was interrupted twice";
        TRY(set_state(digest(queued.id), state));
        return false;
    }
    auto body = queued.body.as_object();
    body["runs"] = runs + 1;
    Write write;
    write.item = { queued.key, DataClass::pending_work, now, to_text(body) };
    write.condition = Write::Condition::version_is;
    write.version = queued.version;
    TRY(world_.store.commit({ write }, now));
    return true;
}

bool PublicAudits::run_next() {
    auto const now = world_.clock.now();
    auto const waiting = world_.store.query(world_.workspace, queue, SortRange {}, 1, now);
    if (!waiting || waiting->empty())
        return false;
    auto const& item = waiting->front();
    if (auto const body = parse_json(item.body); body) {
        Queued queued { item.key, text_at(*body, "id"), text_at(*body, "mail"), text_at(*body, "role_arn"),
            text_at(*body, "external_id"), {}, *body, item.version };
        for (auto const& region : list_at(*body, "regions"))
            if (region.is_string())
                queued.regions.emplace_back(region.as_string().c_str());
        if (is_role(queued.role_arn) && !queued.regions.empty()) {
            auto const begun = begins(queued, now);
            if (begun && *begun)
                run(queued);
            else if (!begun && begun.error().kind != ErrorKind::not_found) { // not_found: deleted meanwhile
                log_warning("public_audit_not_kept", { { "why", begun.error().message } });
                return false;
            }
        }
    }
    // Only now: an audit that a crash interrupted is run again.
    Write write;
    write.kind = Write::Kind::remove;
    write.item.key = item.key;
    if (auto const removed = world_.store.commit({ write }, world_.clock.now()); !removed) {
        log_warning("public_audit_not_kept", { { "why", removed.error().message } });
        return false;
    }
    return true;
}

} // namespace convops
