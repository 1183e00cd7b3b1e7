// AWS's wire protocols: a call's parameters become an HTTP request, an answer becomes JSON in the wire shape of
// docs/recorded-account.md. Pure.
//
// Two things that document leaves open, decided here: a list that AWS sends empty (<DBInstances/>) is an empty array,
// and an XML map (<entry><key/><value/></entry>) is an object, as the JSON protocols have it.
#pragma once

#include "adapters/aws/operations.h"
#include "base/json.h"
#include "ports/http.h"

namespace convops {

struct WireRequest {
    std::string method;
    std::string path;
    std::string query;
    HttpHeaders headers;
    std::string body;
};

// invalid_input when a path parameter is missing or the parameters are nested too deeply.
Result<WireRequest> write_request(AwsService const& service, AwsOperation const& operation, JsonObject params);

// The JSON of a 2xx answer; corrupt when it can not be read.
Result<Json> read_answer(AwsService const& service, AwsOperation const& operation, HttpResponse const& response);

// One protocol each.
Result<WireRequest> write_query(AwsService const& service, AwsOperation const& operation, JsonObject const& params);
Result<WireRequest> write_json(AwsService const& service, AwsOperation const& operation, JsonObject const& params);
Result<WireRequest> write_rest(AwsService const& service, AwsOperation const& operation, JsonObject params);

// Timestamps are epoch seconds in the JSON protocols and RFC 3339 in the others. Callers may use either; `names` are
// the parameters that are timestamps, separated by spaces, at any depth.
void convert_times(JsonObject& params, std::string_view names, Protocol protocol);

// A scalar as text: "true", "12", "0.5"; the text itself. Empty for null, objects and arrays.
std::string scalar_text(Json const& json);

} // namespace convops
