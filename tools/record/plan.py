"""The five recordings: what is done to the shop and when, and which alarm watches it. Alarms were set before recording."""
from dataclasses import dataclass, field
from typing import Callable

LOAD_BALANCER = "app/shop/50dc6c495c0c9188"
TARGET_GROUP = "targetgroup/checkout/943f017f100becff"
ALB = {"LoadBalancer": LOAD_BALANCER, "TargetGroup": TARGET_GROUP}


@dataclass(frozen=True)
class AlarmRule:
    name: str
    description: str
    namespace: str
    metric: str
    dimensions: dict
    statistic: str              # Sum, Average, Maximum, or p90, p99
    threshold: float
    datapoints: int             # DatapointsToAlarm
    evaluation: int             # EvaluationPeriods
    period: int = 10
    missing: str = "notBreaching"
    unit_text: str | None = None


@dataclass(frozen=True)
class Plan:
    name: str                   # the fault; never written into a recording
    file: str                   # the recording's name, which must not hint at the fault
    alarm: AlarmRule
    cause_kind: str
    cause_resource: str
    steps: list[tuple[float, Callable]] = field(default_factory=list)  # seconds after the fault's time, what to do
    volume_mb: int = 1024
    health_denied: bool = False


def target_5xx(threshold: float) -> AlarmRule:
    return AlarmRule("shop-checkout-5xx", "Checkout answers with 5XX.", "AWS/ApplicationELB", "HTTPCode_Target_5XX_Count",
                     ALB, "Sum", threshold, 2, 3)


PLANS = [
    Plan("pool", "a1", target_5xx(20.0), "deploy", "checkout",
         [(-150, lambda r: r.note("decoy_tag")), (0, lambda r: r.deploy_checkout({"DB_POOL_SIZE": "2"}, "1.43.0"))],
         health_denied=True),
    Plan("disk", "a2", target_5xx(20.0), "storage_exhaustion", "shop-db",
         [(0, lambda r: r.set_document_bytes(440_000))]),
    Plan("slow-dependency", "a3",
         AlarmRule("shop-checkout-latency-p90", "Checkout is slow for one customer in ten.", "AWS/ApplicationELB",
                   "TargetResponseTime", ALB, "p90", 0.8, 2, 3),
         "dependency_failure", "payments.example.net",
         [(-200, lambda r: r.note("decoy_tag")), (0, lambda r: r.payments_pace("slow")),
          (130, lambda r: r.payments_pace("usual"))], health_denied=True),
    Plan("memory", "a4",
         AlarmRule("shop-elb-5xx", "The load balancer itself answers with 5XX.", "AWS/ApplicationELB",
                   "HTTPCode_ELB_5XX_Count", {"LoadBalancer": LOAD_BALANCER}, "Sum", 3.0, 2, 6),
         "deploy", "checkout",
         [(0, lambda r: r.deploy_checkout({"BASKET_HISTORY": "on"}, "1.44.0"))]),
    Plan("nightly-job", "a5",
         AlarmRule("shop-checkout-latency", "Checkout is slow on average.", "AWS/ApplicationELB", "TargetResponseTime",
                   ALB, "Average", 0.4, 3, 3),
         "scheduled_job", "shop-nightly-report",
         [(-120, lambda r: r.note("decoy_tag")), (0, lambda r: r.run_report(120))]),
]
