#include "adapters/server/tls.h"

#include "base/check.h"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <array>
#include <filesystem>

namespace convops {

namespace {

template <class T, void (*free_it)(T*)> struct Freed {
    void operator()(T* pointer) const { free_it(pointer); }
};
using Context = std::unique_ptr<SSL_CTX, Freed<SSL_CTX, SSL_CTX_free>>;
using Connection = std::unique_ptr<SSL, Freed<SSL, SSL_free>>;

// A key with a pass phrase is refused instead of asking on the terminal for it.
int no_pass_phrase(char*, int, int, void*) {
    return -1;
}

Error unusable(std::string const& file, std::string_view what) {
    std::error_code error;
    bool const there = std::filesystem::exists(file, error);
    ERR_clear_error(); // Its text may quote the file.
    return { there ? ErrorKind::invalid_input : ErrorKind::not_found,
        "[server] " + std::string(what) + " " + file + (there ? " is not a usable PEM file" : " does not exist") };
}

} // namespace

struct TlsContext::Inside {
    Context context;
};

TlsContext::TlsContext(std::unique_ptr<Inside> inside)
    : inside_(std::move(inside)) { }
TlsContext::~TlsContext() = default;

Result<std::shared_ptr<TlsContext const>> TlsContext::load(TlsFiles const& files) {
    Context context(SSL_CTX_new(TLS_server_method()));
    if (!context)
        return Error { ErrorKind::unavailable, "OpenSSL gives no TLS context" };
    auto* raw = context.get();
    SSL_CTX_set_default_passwd_cb(raw, no_pass_phrase);
    SSL_CTX_set_min_proto_version(raw, files.minimum == TlsVersion::tls_1_2 ? TLS1_2_VERSION : TLS1_3_VERSION);
    SSL_CTX_set_options(raw, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
    SSL_CTX_set_cipher_list(raw, "ECDHE+AESGCM:ECDHE+CHACHA20"); // of TLS 1.2; those of 1.3 are all good
    // Senders come rarely, or keep their connection: resuming would save little, and tickets are keys to guard.
    SSL_CTX_set_session_cache_mode(raw, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_num_tickets(raw, 0);
    SSL_CTX_set_options(raw, SSL_OP_NO_TICKET);
    SSL_CTX_set_mode(raw, SSL_MODE_RELEASE_BUFFERS); // an idle connection holds little
    if (SSL_CTX_use_certificate_chain_file(raw, files.certificate.c_str()) != 1)
        return unusable(files.certificate, "tls_certificate");
    if (SSL_CTX_use_PrivateKey_file(raw, files.key.c_str(), SSL_FILETYPE_PEM) != 1) {
        auto const reason = ERR_GET_REASON(ERR_peek_error());
        if (reason != X509_R_KEY_VALUES_MISMATCH)
            return unusable(files.key, "tls_key");
    }
    if (SSL_CTX_check_private_key(raw) != 1) {
        ERR_clear_error();
        return Error { ErrorKind::invalid_input,
            "[server] tls_key " + files.key + " does not belong to tls_certificate " + files.certificate };
    }
    return std::shared_ptr<TlsContext const>(new TlsContext(std::make_unique<Inside>(Inside { std::move(context) })));
}

struct TlsChannel::Inside {
    std::shared_ptr<TlsContext const> context;
    Connection connection;
    BIO* from_wire = nullptr; // owned by connection
    BIO* to_wire = nullptr; // owned by connection
    State state = State::handshake;
};

TlsChannel::TlsChannel(std::shared_ptr<TlsContext const> context)
    : inside_(std::make_unique<Inside>()) {
    inside_->context = std::move(context);
    inside_->connection.reset(SSL_new(inside_->context->inside_->context.get()));
    inside_->from_wire = BIO_new(BIO_s_mem());
    inside_->to_wire = BIO_new(BIO_s_mem());
    CHECK(inside_->connection && inside_->from_wire != nullptr && inside_->to_wire != nullptr);
    SSL_set_bio(inside_->connection.get(), inside_->from_wire, inside_->to_wire);
    SSL_set_accept_state(inside_->connection.get());
}
TlsChannel::~TlsChannel() = default;

TlsChannel::State TlsChannel::receive(std::string_view wire, std::string& plain) {
    auto& in = *inside_;
    if (in.state == State::failed || in.state == State::closed)
        return in.state;
    ERR_clear_error();
    BIO_write(in.from_wire, wire.data(), static_cast<int>(wire.size())); // memory: takes all
    std::array<char, 16 * 1024> buffer {}; // a record of TLS
    while (true) {
        auto const count = SSL_read(in.connection.get(), buffer.data(), static_cast<int>(buffer.size()));
        if (count > 0) {
            plain.append(buffer.data(), static_cast<std::size_t>(count));
            continue;
        }
        auto const error = SSL_get_error(in.connection.get(), count);
        if (error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE)
            return in.state = SSL_is_init_finished(in.connection.get()) ? State::open : State::handshake;
        ERR_clear_error();
        return in.state = error == SSL_ERROR_ZERO_RETURN ? State::closed : State::failed;
    }
}

void TlsChannel::send(std::string_view plain) {
    auto& in = *inside_;
    if (in.state == State::failed || plain.empty())
        return;
    ERR_clear_error();
    if (SSL_write(in.connection.get(), plain.data(), static_cast<int>(plain.size())) <= 0)
        in.state = State::failed;
}

void TlsChannel::say_goodbye() {
    if (inside_->state != State::open)
        return;
    ERR_clear_error();
    SSL_shutdown(inside_->connection.get());
}

std::string TlsChannel::take_outgoing() {
    std::string bytes(BIO_ctrl_pending(inside_->to_wire), '\0');
    if (!bytes.empty())
        BIO_read(inside_->to_wire, bytes.data(), static_cast<int>(bytes.size()));
    return bytes;
}

} // namespace convops
