#include "audit/instance_classes.h"

#include "base/text.h"

#include <array>

namespace convops {

namespace {

constexpr double gibibyte = 1024.0 * 1024 * 1024;

// Sizes are alike in all families but the burstable ones and the oldest.
// https://docs.aws.amazon.com/ec2/latest/instancetypes/instance-types.html
struct Size {
    std::string_view name;
    int vcpus;
};
constexpr std::array sizes { Size { "medium", 1 }, Size { "large", 2 }, Size { "xlarge", 4 }, Size { "2xlarge", 8 },
    Size { "3xlarge", 12 }, Size { "4xlarge", 16 }, Size { "6xlarge", 24 }, Size { "8xlarge", 32 },
    Size { "9xlarge", 36 }, Size { "10xlarge", 40 }, Size { "12xlarge", 48 }, Size { "16xlarge", 64 },
    Size { "18xlarge", 72 }, Size { "24xlarge", 96 }, Size { "32xlarge", 128 }, Size { "48xlarge", 192 } };

// GiB for each processor, by family and generation; a family of one letter stands for all of its generations from
// the fifth on.
struct Family {
    std::string_view name;
    double gibibytes_a_vcpu;
};
constexpr std::array families { Family { "m3", 3.75 }, Family { "m4", 4 }, Family { "m", 4 }, Family { "r3", 7.625 },
    Family { "r4", 7.625 }, Family { "r", 8 }, Family { "c3", 1.875 }, Family { "c4", 1.875 }, Family { "c", 2 },
    Family { "x1e", 30.5 }, Family { "x1", 15.25 }, Family { "x2g", 16 }, Family { "x2id", 16 },
    Family { "x2ie", 32 }, Family { "z1d", 8 } };

// Burstable instances: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/burstable-credits-baseline-concepts.html
struct Burstable {
    std::string_view size;
    int vcpus_t2, vcpus;
    double gibibytes;
    double credits_t2, credits; // saved up in 24 hours
};
constexpr std::array burstable_sizes { Burstable { "nano", 1, 2, 0.5, 72, 144 },
    Burstable { "micro", 1, 2, 1, 144, 288 }, Burstable { "small", 1, 2, 2, 288, 576 },
    Burstable { "medium", 2, 2, 4, 576, 576 }, Burstable { "large", 2, 2, 8, 864, 864 },
    Burstable { "xlarge", 4, 4, 16, 1'296, 2'304 }, Burstable { "2xlarge", 8, 8, 32, 1'958.4, 4'608 } };

struct ClassName {
    std::string family; // "r6g"
    std::string size; // "2xlarge"
};

std::optional<ClassName> parts_of(std::string_view name) {
    if (name.starts_with("db.") || name.starts_with("cache."))
        name.remove_prefix(name.find('.') + 1);
    auto const dot = name.find('.');
    if (dot == std::string_view::npos)
        return std::nullopt;
    auto size = std::string(name.substr(dot + 1));
    // "db.r5.2xlarge.tpc2.mem4x" has its memory changed on purpose: its class alone does not say how.
    if (size.find('.') != std::string::npos)
        return std::nullopt;
    return ClassName { std::string(name.substr(0, dot)), std::move(size) };
}

Burstable const* burstable_of(ClassName const& name) {
    if (name.family != "t2" && name.family != "t3" && name.family != "t3a" && name.family != "t4g")
        return nullptr;
    for (auto const& row : burstable_sizes)
        if (row.size == name.size)
            return &row;
    return nullptr;
}

std::optional<double> gibibytes_a_vcpu(std::string const& family) {
    for (auto const& row : families) {
        bool const any_generation = row.name.size() == 1;
        if (any_generation ? family.size() > 1 && family.front() == row.name.front() && family[1] >= '5'
                           : family.starts_with(row.name))
            return row.gibibytes_a_vcpu;
    }
    return std::nullopt;
}

} // namespace

std::optional<InstanceClass> instance_class(std::string_view name) {
    auto const parts = parts_of(name);
    if (!parts)
        return std::nullopt;
    if (auto const* row = burstable_of(*parts))
        return InstanceClass { parts->family == "t2" ? row->vcpus_t2 : row->vcpus, row->gibibytes * gibibyte };
    auto const share = gibibytes_a_vcpu(parts->family);
    if (!share)
        return std::nullopt;
    for (auto const& size : sizes)
        if (size.name == parts->size)
            return InstanceClass { size.vcpus, size.vcpus * *share * gibibyte };
    return std::nullopt;
}

std::optional<double> credit_maximum(std::string_view instance_type) {
    auto const parts = parts_of(instance_type);
    auto const* row = parts ? burstable_of(*parts) : nullptr;
    if (row == nullptr)
        return std::nullopt;
    return parts->family == "t2" ? row->credits_t2 : row->credits;
}

bool is_burstable(std::string_view instance_type) {
    auto const parts = parts_of(instance_type);
    return parts && burstable_of(*parts) != nullptr;
}

} // namespace convops
