// Bodies of HTTP forms.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace convops {

using FormFields = std::vector<std::pair<std::string, std::string>>;

std::string form_encoded(FormFields const& fields); // application/x-www-form-urlencoded

struct FormFile {
    std::string field; // "file"
    std::string filename; // "chart.png"
    std::string type; // "image/png"
    std::string bytes;
};
struct MultipartForm {
    std::string content_type; // with the boundary
    std::string body;
};
// The boundary is derived from the bytes and does not occur in them: equal input, equal output.
MultipartForm multipart_form(FormFields const& fields, FormFile const& file);

} // namespace convops
