#include "adapters/aws/xml.h"

#include "base/text.h"

#include <pugixml.hpp>

namespace convops {

namespace {

class Reader {
public:
    Reader(std::span<NamePair const> lists, int deepest)
        : lists_(lists)
        , deepest_(deepest) { }

    Json element(pugi::xml_node node, int depth) {
        if (depth > deepest_) {
            is_too_deep_ = true;
            return nullptr;
        }
        auto const first = first_element(node);
        if (!first)
            return leaf(node);
        if (is_list(node))
            return list(node, depth);
        if (is_map(node))
            return map(node, depth);
        return object(node, depth);
    }

    JsonObject object(pugi::xml_node node, int depth) {
        JsonObject out;
        for (auto const child : node.children()) {
            if (child.type() != pugi::node_element || std::string_view(child.name()) == "ResponseMetadata")
                continue;
            auto value = element(child, depth + 1);
            auto* known = out.if_contains(child.name());
            if (known == nullptr) {
                out.emplace(child.name(), std::move(value));
                continue;
            }
            // A repeated element is a list without a wrapper.
            if (repeated_.insert({ node.internal_object(), child.name() }).second)
                *known = JsonArray { std::move(*known) };
            known->get_array().push_back(std::move(value));
        }
        return out;
    }

    [[nodiscard]] bool is_too_deep() const { return is_too_deep_; }

    static pugi::xml_node first_element(pugi::xml_node node) {
        for (auto const child : node.children())
            if (child.type() == pugi::node_element)
                return child;
        return {};
    }

private:
    [[nodiscard]] bool names_list(std::string_view element, std::string_view item) const {
        return std::ranges::any_of(lists_, [&](NamePair const& pair) {
            return pair.from == element && (item.empty() || pair.to == item || pair.to == "*");
        });
    }

    [[nodiscard]] Json leaf(pugi::xml_node node) const {
        // &#xD800; and stray bytes are no UTF-8, and JSON that holds them could be written but not read again.
        auto const text = clean_utf8(node.text().get());
        if (trim(text).empty() && names_list(node.name(), ""))
            return JsonArray {};
        return Json(text);
    }

    [[nodiscard]] bool is_list(pugi::xml_node node) const {
        for (auto const child : node.children()) {
            if (child.type() != pugi::node_element)
                continue;
            std::string_view const name = child.name();
            if (name != "member" && name != "item" && !names_list(node.name(), name))
                return false;
        }
        return true;
    }

    static bool is_map(pugi::xml_node node) {
        for (auto const child : node.children())
            if (child.type() == pugi::node_element
                && (std::string_view(child.name()) != "entry" || !child.child("key") || !child.child("value")))
                return false;
        return true;
    }

    Json list(pugi::xml_node node, int depth) {
        JsonArray out;
        for (auto const child : node.children())
            if (child.type() == pugi::node_element)
                out.push_back(element(child, depth + 1));
        return out;
    }

    Json map(pugi::xml_node node, int depth) {
        JsonObject out;
        for (auto const child : node.children())
            if (child.type() == pugi::node_element)
                out.insert_or_assign(
                    clean_utf8(child.child("key").text().get()), element(child.child("value"), depth + 1));
        return out;
    }

    std::span<NamePair const> lists_;
    int deepest_;
    bool is_too_deep_ = false;
    std::set<std::pair<void const*, std::string>> repeated_;
};

bool has_doctype(pugi::xml_document const& document) {
    return std::ranges::any_of(
        document.children(), [](pugi::xml_node node) { return node.type() == pugi::node_doctype; });
}

} // namespace

Result<Json> xml_to_json(std::string_view text, std::span<NamePair const> lists, XmlLimits limits) {
    if (text.size() > limits.bytes)
        return Error { ErrorKind::corrupt, "the XML answer is over the limit" };
    pugi::xml_document document;
    auto const clean = clean_utf8(text); // the names
    auto const parsed = document.load_buffer(
        clean.data(), clean.size(), pugi::parse_default | pugi::parse_doctype, pugi::encoding_utf8);
    if (!parsed)
        return Error { ErrorKind::corrupt, std::string("the answer is not XML: ") + parsed.description() };
    if (has_doctype(document))
        return Error { ErrorKind::corrupt, "the XML answer brings a DOCTYPE" };
    auto const root = document.document_element();
    Reader reader(lists, limits.depth);
    // <OperationResponse><OperationResult>...</OperationResult><ResponseMetadata/></OperationResponse>
    auto node = root;
    std::string_view const name = root.name();
    auto const inner = Reader::first_element(root);
    if (name.ends_with("Response") && inner
        && inner.name() == std::string(name.substr(0, name.size() - 8)) + "Result")
        node = inner;
    if (!Reader::first_element(node) && !trim(node.text().get()).empty()) // <LocationConstraint>eu-west-1</..>
        return Json(JsonObject { { root.name(), clean_utf8(node.text().get()) } });
    Json json(reader.object(node, 0));
    if (reader.is_too_deep())
        return Error { ErrorKind::corrupt, "the XML answer is nested too deeply" };
    return json;
}

} // namespace convops
