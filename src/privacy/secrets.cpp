#include "privacy/secrets.h"

#include "base/text.h"
#include "privacy/characters.h"
#include "privacy/secret_places.h"
#include "privacy/secret_shapes.h"

namespace convops {

using namespace characters;

namespace {

constexpr std::string_view mark = "[secret]";
constexpr int most_depth = 64;
constexpr std::size_t most_name_bytes = 256;

// Copies a text and leaves out what it is told to hide.
class Cleaning {
public:
    explicit Cleaning(std::string_view text)
        : text_(text) { }

    std::string run() {
        while (at_ < text_.size()) {
            bool const starts_word = at_ == 0 || !is_word(text_[at_ - 1]);
            if (!hide_url_credentials() && (!starts_word || !hide_at_word()))
                at_ += starts_word ? std::max<std::size_t>(1, word_length()) : 1;
        }
        out_ += text_.substr(copied_);
        return std::move(out_);
    }

private:
    [[nodiscard]] std::size_t word_length() const { return run_length(text_.substr(at_), is_field); }

    bool hide(Span const& span) {
        if (span.size == 0)
            return false;
        out_ += text_.substr(copied_, span.from - copied_);
        out_ += mark;
        copied_ = span.from + span.size;
        at_ = copied_;
        return true;
    }

    bool hide_url_credentials() {
        auto const rest = text_.substr(at_);
        return (at_ > 0 && rest.starts_with("://") && hide(url_credentials(text_, at_ + 3)))
            || (rest.starts_with(":thin:") && hide(oracle_credentials(text_, at_ + 6)));
    }

    bool hide_at_word() {
        auto const rest = text_.substr(at_);
        if (auto const length = secret_length(rest); length > 0) {
            bool const is_access_key = access_key_length(rest) == length;
            hide({ at_, length });
            if (is_access_key)
                hide_key_of_access_key();
            return true;
        }
        auto const word = word_length();
        if (word == 0 || word > most_name_bytes)
            return false;
        auto const name = to_lower(rest.substr(0, std::min<std::size_t>(word, 16)));
        if ((name == "cookie" || name == "set-cookie") && hide_cookies(at_ + word))
            return true;
        if (hide(command_line_.word(text_, at_, word)))
            return true;
        return (word >= 3 && hide(secret_behind(text_, at_, word)))
            || (word >= 5 && hide(scheme_credentials(text_, at_)));
    }

    // "AKIA.../wJalr...": 40 characters of base64 behind an access key are its secret.
    void hide_key_of_access_key() {
        constexpr std::size_t secret_bytes = 40;
        constexpr std::size_t most_filler_bytes = 3;
        for (std::size_t filler = 1; filler <= most_filler_bytes && at_ + filler < text_.size(); ++filler) {
            char const c = text_[at_ + filler - 1];
            if (is_base64(c) && c != '/')
                return;
            if (run_length(text_.substr(at_ + filler, secret_bytes + 1), is_base64) == secret_bytes) {
                hide({ at_ + filler, secret_bytes });
                return;
            }
        }
    }

    bool hide_cookies(std::size_t at) {
        constexpr int most_cookies = 64;
        at += run_length(text_.substr(at, 8),
            [](char c) { return std::string_view("\\\"'=: ").find(c) != std::string_view::npos; });
        constexpr std::size_t most_header_bytes = 8192;
        auto const header = text_.substr(0, at + most_header_bytes);
        bool hidden = false;
        for (int i = 0; i < most_cookies; ++i) {
            auto const cookie = next_cookie(header, at);
            hidden |= hide(cookie.value);
            if (cookie.end == 0)
                break;
            at = cookie.end;
        }
        return hidden;
    }

    std::string_view text_;
    std::string out_;
    std::size_t at_ = 0;
    std::size_t copied_ = 0;
    CommandLine command_line_;
};

} // namespace

std::string without_secrets(std::string_view text) {
    return Cleaning(text).run();
}

namespace {

void remove_secrets_below(Json& json, int depth) {
    if (depth > most_depth)
        return;
    if (auto* object = json.if_object()) {
        // {"name": "DB_PASSWORD", "value": "..."}: how ECS lists environment variables.
        auto* value = object->if_contains("value");
        auto const* name = object->if_contains("name");
        if (value != nullptr && value->is_string() && name != nullptr && name->is_string()
            && names_a_secret(name->get_string()))
            *value = boost::json::string_view(mark.data(), mark.size());
        for (auto& pair : *object) {
            if (pair.value().is_string() && names_a_secret(pair.key()))
                pair.value() = boost::json::string_view(mark.data(), mark.size());
            else
                remove_secrets_below(pair.value(), depth + 1);
        }
    } else if (auto* array = json.if_array()) {
        bool is_secret = false; // ["--password", "..."]: how containers get their command
        for (auto& element : *array) {
            auto const* text = element.if_string();
            if (is_secret && text != nullptr)
                element = boost::json::string_view(mark.data(), mark.size());
            else
                remove_secrets_below(element, depth + 1);
            text = element.if_string();
            is_secret = text != nullptr && text->starts_with("--") && text->find('=') == boost::json::string::npos
                && text->size() <= 64 && names_a_secret(*text);
        }
    } else if (auto* text = json.if_string()) {
        if (text->size() >= 8) {
            auto cleaned = without_secrets(*text);
            if (cleaned != std::string_view(text->data(), text->size()))
                *text = cleaned;
        }
    }
}

} // namespace

void remove_secrets(Json& json) {
    remove_secrets_below(json, 0);
}

} // namespace convops
