#include "app/customer_stack.h"
#include "app/settings.h"
#include "app/settings_checks.h"
#include "base/text.h"
#include "cli/commands.h"

#include <cstdio>

namespace convops {

int template_command(TemplateArguments const& arguments) {
    auto const& [what, github_token_secret, audit] = arguments;
    if (audit && what != "iam-policy")
        return report({ ErrorKind::invalid_input, "--audit goes with the template iam-policy" });
    if (!github_token_secret.empty())
        if (auto const wrong = settings_checks::secret_arn(github_token_secret); !wrong.empty())
            return report({ ErrorKind::invalid_input, "--github-token-secret " + wrong });
    std::vector<std::string> const known { "customer-stack", "iam-policy", "configuration" };
    if (what == "customer-stack")
        std::fputs(customer_stack_yaml().c_str(), stdout);
    else if (what == "iam-policy")
        std::fputs(iam_policy_json(github_token_secret, audit).c_str(), stdout);
    else if (what == "configuration")
        std::fputs(settings_reference().c_str(), stdout);
    else
        return report({ ErrorKind::invalid_input,
            "no template is named \"" + what + "\"; there are " + join(known, ", ")
                + (nearest(what, known).empty() ? "" : ", did you mean " + nearest(what, known) + "?") });
    return 0;
}

} // namespace convops
