"""Evaluates an alarm over measured values as CloudWatch does, and writes the message CloudWatch would send.

The text of NewStateReason follows the messages that CloudWatch sends:
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html
"""
import math
import time

from aggregate import percentile

PUBLISH_DELAY_SECONDS = 2  # a period is judged a little after it ended, when its datapoints have arrived


def periods(series: dict, statistic: str, length: int) -> list[tuple[int, float | None]]:
    """(start, statistic) for each whole period; starts are multiples of the period, as CloudWatch aligns them."""
    first = math.ceil(series["start"] / length) * length
    end = series["start"] + len(series["values"])
    found = []
    for at in range(first, end - length + 1, length):
        low = at - series["start"]
        found.append((at, combine(series, statistic, low, low + length)))
    return found


def combine(series: dict, statistic: str, low: int, high: int) -> float | None:
    def present(column: str) -> list[tuple[float, int]]:
        samples = series.get("samples") or [1] * len(series["values"])
        return [(v, n) for v, n in zip(series[column][low:high], samples[low:high]) if v is not None]

    if statistic in ("Maximum", "Minimum"):
        column = statistic.lower() if series.get(statistic.lower()) else "values"
        values = [v for v, _ in present(column)]
        return (max if statistic == "Maximum" else min)(values) if values else None
    if statistic.startswith("p"):
        raw = series.get("raw")
        if raw is None:
            raise ValueError(f"{series['name']}: {statistic} needs every measured value")
        pooled = sorted(v for group in raw[low:high] for v in group)
        return percentile(pooled, float(statistic[1:]) / 100) if pooled else None
    weighted = present("values")
    if not weighted:
        return None
    if statistic == "Sum":
        return sum(v for v, _ in weighted) if series["counter"] else sum(v * n for v, n in weighted)
    return sum(v * n for v, n in weighted) / sum(n for _, n in weighted)


def transitions(points: list[tuple[int, float | None]], rule) -> list[dict]:
    """State changes, starting from OK: ALARM when `datapoints` of the last `evaluation` periods cross, else OK."""
    state, found = "OK", []
    for index in range(rule.evaluation - 1, len(points)):
        window = points[index - rule.evaluation + 1:index + 1]
        crossing = [p for p in window if p[1] is not None and p[1] > rule.threshold]
        new = "ALARM" if len(crossing) >= rule.datapoints else "OK"
        if new != state:
            shown = crossing if new == "ALARM" else [p for p in window if p not in crossing and p[1] is not None]
            at = window[-1][0] + rule.period + PUBLISH_DELAY_SECONDS
            found.append({"at": at, "old": state, "new": new, "shown": shown, "window": window})
            state = new
    return found


def reason(change: dict, rule) -> str:
    verb_to = "OK -> ALARM" if change["new"] == "ALARM" else "ALARM -> OK"
    relation = "greater than" if change["new"] == "ALARM" else "not greater than"
    newest_first = list(reversed(change["shown"]))
    if not newest_first:
        # Every period without data: this is how CloudWatch words a state that comes from TreatMissingData.
        return (f"Threshold Crossed: no datapoints were received for {rule.evaluation} periods and "
                f"{rule.evaluation} missing datapoints were treated as [NonBreaching].")
    shown = ", ".join(f"{float(value)!r} ({time.strftime('%d/%m/%y %H:%M:%S', time.gmtime(at))})" for at, value in newest_first)
    count, be = len(newest_first), "was" if len(newest_first) == 1 else "were"
    needed = rule.datapoints if change["new"] == "ALARM" else rule.evaluation - rule.datapoints + 1
    plural = "datapoint" if needed == 1 else "datapoints"
    return (f"Threshold Crossed: {count} out of the last {rule.evaluation} datapoints [{shown}] {be} {relation} the threshold "
            f"({float(rule.threshold)}) (minimum {needed} {plural} for {verb_to} transition).")


def stamp(at: float) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(at)) + f".{int(at * 1000) % 1000:03d}+0000"


def trigger(rule) -> dict:
    statistic = ({"StatisticType": "ExtendedStatistic", "ExtendedStatistic": rule.statistic} if rule.statistic.startswith("p")
                 else {"StatisticType": "Statistic", "Statistic": rule.statistic.upper()})
    return {"MetricName": rule.metric, "Namespace": rule.namespace, **statistic, "Unit": None,
            "Dimensions": [{"value": value, "name": name} for name, value in rule.dimensions.items()],
            "Period": rule.period, "EvaluationPeriods": rule.evaluation, "DatapointsToAlarm": rule.datapoints,
            "ComparisonOperator": "GreaterThanThreshold", "Threshold": float(rule.threshold),
            "TreatMissingData": rule.missing, "EvaluateLowSampleCountPercentile": ""}


def message(change: dict, rule, account: str, region: str, configured: float) -> dict:
    topic = f"arn:aws:sns:{region}:{account}:convops-alarms"
    return {"AlarmName": rule.name, "AlarmDescription": rule.description, "AWSAccountId": account,
            "AlarmConfigurationUpdatedTimestamp": stamp(configured), "NewStateValue": change["new"],
            "NewStateReason": reason(change, rule), "StateChangeTime": stamp(change["at"]), "Region": "EU (Ireland)",
            "AlarmArn": f"arn:aws:cloudwatch:{region}:{account}:alarm:{rule.name}", "OldStateValue": change["old"],
            "OKActions": [topic], "AlarmActions": [topic], "InsufficientDataActions": [], "Trigger": trigger(rule)}
