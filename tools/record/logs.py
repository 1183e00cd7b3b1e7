"""Reads the log lines that the shop and the database really wrote, with the time that each line carries."""
import calendar
import re
import time
from pathlib import Path

from names import DATABASE

SERVICE_LINE = re.compile(r"^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\.(\d{3})Z (.*)$")
DATABASE_LINE = re.compile(r"^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) UTC:")
TASK_FILE = re.compile(r"^task-([a-z]+)-([0-9a-f]{32})\.log$")


def service_events(lines: list[str]) -> list[list]:
    """[milliseconds, the whole line]; a line without a time continues the one before it."""
    events: list[list] = []
    for line in lines:
        match = SERVICE_LINE.match(line)
        if match:
            seconds = calendar.timegm(time.strptime(match[1], "%Y-%m-%dT%H:%M:%S"))
            events.append([seconds * 1000 + int(match[2]), line])
        elif events and line.strip():
            events[-1][1] += "\n" + line
    return events


def database_events(lines: list[str]) -> list[list]:
    events: list[list] = []
    for line in lines:
        match = DATABASE_LINE.match(line)
        if match:
            events.append([calendar.timegm(time.strptime(match[1], "%Y-%m-%d %H:%M:%S")) * 1000, line])
        elif events and line.strip():
            events[-1][1] += "\n" + line
    return events


def within(events: list[list], start: float, end: float) -> list[list]:
    return sorted((e for e in events if start * 1000 <= e[0] < end * 1000), key=lambda e: e[0])


def read_lines(path: Path) -> list[str]:
    return path.read_text(errors="replace").splitlines()


def streams(work: Path, start: float, end: float) -> list[dict]:
    found = []
    for path in sorted(work.glob("task-*.log")):
        service, task = TASK_FILE.match(path.name).groups()
        events = within(service_events(read_lines(path)), start, end)
        if events:
            found.append({"group": f"/ecs/{service}", "stream": f"{service}/{service}/{task}", "events": events})
    database = within(database_events(read_lines(work / "postgres.log")), start, end)
    found.append({"group": f"/aws/rds/instance/{DATABASE}/postgresql", "stream": f"{DATABASE}.0", "events": database})
    return found


def database_lines(log_streams: list[dict]) -> list[tuple[float, str]]:
    return [(at / 1000, text) for stream in log_streams if stream["group"].startswith("/aws/rds") for at, text in stream["events"]]
