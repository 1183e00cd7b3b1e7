// JSON 1.0 and 1.1 with X-Amz-Target. https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html
#include "adapters/aws/protocols.h"

namespace convops {

Result<WireRequest> write_json(AwsService const& service, AwsOperation const& operation, JsonObject const& params) {
    auto const* type
        = service.protocol == Protocol::json_1_0 ? "application/x-amz-json-1.0" : "application/x-amz-json-1.1";
    return WireRequest { "POST", "/", "",
        { { "Content-Type", type },
            { "X-Amz-Target", std::string(service.version) + "." + std::string(operation.name) } },
        to_text(Json(params)) };
}

} // namespace convops
