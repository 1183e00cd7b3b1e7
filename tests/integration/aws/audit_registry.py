"""What the account of the audit is made of: healthy parts, and one fault for each check that moto can express.

The parts are in audit_healthy_*.py, the faults in audit_faults_*.py, a file for each category of checks; all take the Account."""

ACCOUNT = "123456789012"  # moto's own
REGION = "eu-west-1"  # Where nearly everything is.
# Where CloudFront and Route 53 keep their metrics. Datapoints are here alone: for each metric that moto answers it walks through all of the Region.
GLOBAL_REGION = "us-east-1"
# Empty in the healthy twin: faults of whole Regions.
SMALL_REGION = "eu-central-1"
FAULTY_REGIONS = (SMALL_REGION, "eu-north-1")
REGIONS = ",".join((REGION, GLOBAL_REGION, *FAULTY_REGIONS))

HEALTHY = []  # Functions in the order in which they seed.
FAULTS = {}  # Check to the function that plants its faults and returns a part of the name of each resource where it must find one.
NOT_IN_MOTO = {}  # Check to the operation or the field that moto lacks.
NOT_HEALTHY_IN_MOTO = {}  # The same for checks that moto can fail and not pass.


def healthy(seed):
    HEALTHY.append(seed)
    return seed


def fault(plant):
    """The function's name is the check that must find what it plants."""
    assert plant.__name__ not in FAULTS, plant.__name__
    FAULTS[plant.__name__] = plant
    return plant
