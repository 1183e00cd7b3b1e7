// Bytes of an answer of AWS -> JSON or a refusal, in every protocol: the first byte picks the service, the second the
// status. Never a crash; a refusal is one line that can be shown.
#include "target.h"

#include "adapters/aws/errors.h"
#include "adapters/aws/protocols.h"
#include "base/check.h"

namespace convops::fuzz {

namespace {

AwsOperation const& first_operation_of(AwsService const& service) {
    for (auto const& operation : aws_operations())
        if (find_aws_service(operation.service) == &service)
            return operation;
    return aws_operations().front();
}

// The headers that refusals are read from come before an empty line, as on the wire.
HttpResponse response_from(std::string_view bytes, int status) {
    HttpResponse response;
    response.status = status;
    constexpr std::size_t most_headers = 8;
    while (response.headers.size() < most_headers) {
        auto const end = bytes.find('\n');
        if (end == std::string_view::npos)
            break;
        auto const line = bytes.substr(0, end);
        auto const colon = line.find(": ");
        if (colon == std::string_view::npos)
            break;
        response.headers.emplace_back(line.substr(0, colon), line.substr(colon + 2));
        bytes.remove_prefix(end + 1);
    }
    response.body = bytes;
    return response;
}

} // namespace

void one(std::string_view bytes) {
    if (bytes.size() < 2)
        return;
    auto const services = aws_services();
    auto const& service = services[static_cast<unsigned char>(bytes[0]) % services.size()];
    constexpr int statuses[] { 200, 400, 403, 404, 413, 429, 500, 503 };
    auto const status = statuses[static_cast<unsigned char>(bytes[1]) % std::size(statuses)];
    auto const response = response_from(bytes.substr(2), status);
    if (status != 200) {
        auto const refusal = read_refusal(response);
        CHECK(refusal.error.message.find('\n') == std::string::npos);
        CHECK(refusal.error.message.find('\x1b') == std::string::npos);
        return;
    }
    auto const answer = read_answer(service, first_operation_of(service), response);
    if (!answer) {
        CHECK(answer.error().kind == ErrorKind::corrupt);
        return;
    }
    static_cast<void>(to_text(*answer));
}

} // namespace convops::fuzz
