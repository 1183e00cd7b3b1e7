#include "message/form.h"

#include <cctype>
#include <cstdint>

namespace convops {

namespace {

std::string percent_encoded(std::string_view text) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string out;
    for (char const c : text) {
        auto const byte = static_cast<unsigned char>(c);
        if (std::isalnum(byte) != 0 || c == '-' || c == '_' || c == '.' || c == '~') {
            out += c;
        } else {
            out += '%';
            out += digits[byte >> 4U];
            out += digits[byte & 15U];
        }
    }
    return out;
}

} // namespace

std::string form_encoded(FormFields const& fields) {
    std::string out;
    for (auto const& [name, value] : fields)
        out += (out.empty() ? "" : "&") + percent_encoded(name) + "=" + percent_encoded(value);
    return out;
}

MultipartForm multipart_form(FormFields const& fields, FormFile const& file) {
    std::uint64_t number = file.bytes.size();
    std::string boundary;
    do
        boundary = "convops-" + std::to_string(number++);
    while (file.bytes.find(boundary) != std::string::npos);

    MultipartForm form;
    form.content_type = "multipart/form-data; boundary=" + boundary;
    for (auto const& [name, value] : fields)
        form.body
            += "--" + boundary + "\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + value + "\r\n";
    form.body += "--" + boundary + "\r\nContent-Disposition: form-data; name=\"" + file.field + "\"; filename=\""
        + file.filename + "\"\r\nContent-Type: " + file.type + "\r\n\r\n" + file.bytes + "\r\n--" + boundary
        + "--\r\n";
    return form;
}

} // namespace convops
