// Personal data in log lines as they are shown: e-mail addresses, telephones, names, visitors' addresses become
// stand-ins. Secrets are gone already (SecretFreeAws).
#pragma once

#include "model/evidence.h"
#include "privacy/redaction.h"

namespace convops {

// Patterns, and what facts and messages say with them. Before the diagnosis: its statements quote patterns.
void hide_personal_data_in_patterns(Evidence& evidence, Redaction& redaction);
// Examples. After the diagnosis, which looks in them for the host that a call went to.
void hide_personal_data_in_examples(Evidence& evidence, Redaction& redaction);

} // namespace convops
