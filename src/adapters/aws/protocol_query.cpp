// The query protocol (Action=..&Names.member.1=..) and EC2's dialect of it (InstanceId.1=..).
// https://smithy.io/2.0/aws/protocols/aws-query-protocol.html
// https://smithy.io/2.0/aws/protocols/aws-ec2-query-protocol.html
#include "adapters/aws/protocols.h"
#include "adapters/aws/sigv4.h"

namespace convops {

namespace {

constexpr int deepest_parameter = 16;

class Form {
public:
    Form(AwsService const& service, std::string_view operation)
        : service_(service) {
        add("Action", operation);
        add("Version", service.version);
    }

    Result<> add_object(std::string const& prefix, JsonObject const& object, int depth) {
        for (auto const& pair : object) {
            auto const name = wire_name(std::string(pair.key().data(), pair.key().size()));
            TRY(add_value(prefix.empty() ? name : prefix + "." + name, name, pair.value(), depth));
        }
        return {};
    }

    [[nodiscard]] std::string const& text() const { return text_; }

private:
    [[nodiscard]] bool is_ec2() const { return service_.protocol == Protocol::ec2; }

    void add(std::string_view name, std::string_view value) {
        if (!text_.empty())
            text_ += '&';
        text_ += sigv4::uri_encode(name) + "=" + sigv4::uri_encode(value);
    }

    // EC2 capitalises its names and calls lists by their item: InstanceIds is InstanceId.1.
    [[nodiscard]] std::string wire_name(std::string name) const {
        if (!is_ec2())
            return name;
        if (!name.empty() && name.front() >= 'a' && name.front() <= 'z')
            name.front() = static_cast<char>(name.front() - 'a' + 'A');
        for (auto const& pair : service_.request_lists)
            if (pair.from == name)
                return std::string(pair.to);
        return name;
    }

    [[nodiscard]] std::string list_prefix(std::string const& prefix, std::string_view name) const {
        if (is_ec2())
            return prefix;
        for (auto const& pair : service_.request_lists)
            if (pair.from == name)
                return prefix + "." + std::string(pair.to);
        return prefix + ".member";
    }

    Result<> add_value(std::string const& name, std::string_view last_name, Json const& value, int depth) {
        if (depth > deepest_parameter)
            return Error { ErrorKind::invalid_input, "parameters nested too deeply" };
        if (auto const* object = value.if_object())
            return add_object(name, *object, depth + 1);
        if (auto const* array = value.if_array()) {
            if (array->empty() && !is_ec2())
                add(name, ""); // An empty list, as opposed to an absent one.
            auto const prefix = list_prefix(name, last_name);
            for (std::size_t i = 0; i < array->size(); ++i)
                TRY(add_value(prefix + "." + std::to_string(i + 1), last_name, (*array)[i], depth + 1));
            return {};
        }
        if (!value.is_null())
            add(name, scalar_text(value));
        return {};
    }

    AwsService const& service_;
    std::string text_;
};

} // namespace

Result<WireRequest> write_query(AwsService const& service, AwsOperation const& operation, JsonObject const& params) {
    Form form(service, operation.name);
    TRY(form.add_object("", params, 0));
    return WireRequest { "POST", "/", "", { { "Content-Type", "application/x-www-form-urlencoded; charset=utf-8" } },
        form.text() };
}

} // namespace convops
