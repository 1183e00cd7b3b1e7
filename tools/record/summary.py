"""A few lines about a recorded account, to see by eye that the fault is visible and that change, onset and alarm agree."""
import calendar
import time

SHOWN = ("RequestCount", "TargetResponseTime", "HTTPCode_Target_5XX_Count", "HTTPCode_ELB_5XX_Count", "CPUUtilization", "MemoryUtilization",
         "DatabaseConnections", "DBLoad", "FreeStorageSpace", "WriteIOPS", "ApproximateAgeOfOldestMessage")


def seconds(stamp: str) -> int:
    return calendar.timegm(time.strptime(stamp, "%Y-%m-%dT%H:%M:%SZ"))


def mean(values: list) -> float | None:
    present = [v for v in values if v is not None]
    return sum(present) / len(present) if present else None


def compare(series: dict, before: int, after: int) -> str:
    """Mean of the first two minutes, against the mean from 30 s before the alarm to a minute after it."""
    low = max(0, before - seconds(series["start"]))
    high = after - seconds(series["start"])
    normal, fault = mean(series["values"][:120]), mean(series["values"][low:high])
    shown = [("-" if v is None else f"{v:.4g}") for v in (normal, fault)]
    return f"  {series['namespace']} {series['name']} {'/'.join(series['dimensions'].values())[:40]}: {shown[0]} -> {shown[1]}"


def describe(document: dict) -> str:
    now = seconds(document["now"])
    lines = [f"  now {document['now']}: {document['alarm_message']['AlarmName']}: {document['alarm_message']['NewStateReason']}"]
    lines += [f"  {r['eventTime']} {r['eventSource']} {r['eventName']}" for r in document["trail"]]
    if "ok_message" in document:
        lines.append(f"  OK {document['ok_message']['StateChangeTime']}: {document['ok_message']['NewStateReason']}")
    lines += [compare(s, now - 30, now + 60) for s in document["metrics"] if s["name"] in SHOWN]
    lines += [f"  log {stream['group']}: {len(stream['events'])} lines" for stream in document["logs"]]
    return "\n".join(lines)
