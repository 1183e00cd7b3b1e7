// REST-JSON and REST-XML requests: a method, a path with {Parameters}, the rest in the query (GET) or a JSON body.
// https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html
#include "adapters/aws/protocols.h"
#include "adapters/aws/sigv4.h"

namespace convops {

namespace {

using Named = std::vector<std::pair<std::string, Json>>; // by the name on the wire

std::string wire_name(AwsOperation const& operation, std::string_view name) {
    for (auto const& pair : operation.renamed)
        if (pair.from == name)
            return std::string(pair.to);
    return std::string(name);
}

// Takes the named parameter out of `params`.
Result<std::string> take(Named& params, std::string_view name) {
    for (auto at = params.begin(); at != params.end(); ++at) {
        if (at->first != name)
            continue;
        auto text = scalar_text(at->second);
        params.erase(at);
        // A dot segment would lead to another resource.
        if (text.empty() || text == "." || text == "..")
            break;
        return text;
    }
    return Error { ErrorKind::invalid_input, "the parameter " + std::string(name) + " is missing" };
}

Result<std::string> filled_path(std::string_view path, Named& params) {
    std::string out;
    while (!path.empty()) {
        auto const open = path.find('{');
        out += path.substr(0, open);
        if (open == std::string_view::npos)
            break;
        auto const close = path.find('}', open);
        if (close == std::string_view::npos)
            return Error { ErrorKind::invalid_input, "an unclosed path parameter" };
        out += sigv4::uri_encode(TRY(take(params, path.substr(open + 1, close - open - 1))));
        path = path.substr(close + 1);
    }
    return out;
}

void add_to_query(std::string& query, std::string_view name, Json const& value) {
    if (auto const* array = value.if_array()) {
        for (auto const& element : *array)
            add_to_query(query, name, element);
        return;
    }
    if (value.is_null() || value.is_object())
        return;
    if (!query.empty())
        query += '&';
    query += sigv4::uri_encode(name) + "=" + sigv4::uri_encode(scalar_text(value));
}

} // namespace

Result<WireRequest> write_rest(AwsService const& service, AwsOperation const& operation, JsonObject params) {
    Named named;
    for (auto& pair : params)
        named.emplace_back(
            wire_name(operation, std::string_view(pair.key().data(), pair.key().size())), std::move(pair.value()));
    WireRequest request;
    request.method = operation.method;
    auto const question = operation.path.find('?');
    request.path = TRY(filled_path(operation.path.substr(0, question), named));
    if (question != std::string_view::npos)
        request.query = operation.path.substr(question + 1);
    if (operation.method == "GET") {
        for (auto const& [name, value] : named)
            add_to_query(request.query, name, value);
        return request;
    }
    if (service.protocol == Protocol::rest_xml)
        return Error { ErrorKind::invalid_input, "REST-XML bodies are not written by a reader" };
    JsonObject body;
    for (auto& [name, value] : named)
        body[name] = std::move(value);
    request.body = to_text(Json(std::move(body)));
    request.headers.emplace_back("Content-Type", "application/json");
    return request;
}

} // namespace convops
