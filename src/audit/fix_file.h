// All fixes of a report as one file: a shell script, a CloudFormation template or a Terraform file.
#pragma once

#include "model/audit.h"

namespace convops {

enum class FixLanguage : std::uint8_t { cli, cloudformation, terraform };

// Several findings about one alarm become one change; blocks that occur twice are written once. Declares the values
// that the reader must fill in. invalid_input: a CloudFormation template is for one Region, the report has several.
Result<std::string> fix_file(AuditReport const& report, FixLanguage language);

} // namespace convops
