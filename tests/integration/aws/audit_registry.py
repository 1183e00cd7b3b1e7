"""What the account of the audit is made of: healthy parts, and one fault for each check that moto can express.

The parts are in audit_healthy_*.py, the faults in audit_faults_*.py, a file for each category of checks; all take the Account."""

ACCOUNT = "123456789012"  # moto's own
REGION = "eu-west-1"

HEALTHY = []  # Functions in the order in which they seed.
FAULTS = {}  # Check to the function that plants its fault and returns a part of the name of the resource where it must be found.
NOT_IN_MOTO = {}  # Check to the operation or the field that moto lacks.


def healthy(seed):
    HEALTHY.append(seed)
    return seed


def fault(plant):
    """The function's name is the check that must find what it plants."""
    assert plant.__name__ not in FAULTS, plant.__name__
    FAULTS[plant.__name__] = plant
    return plant
