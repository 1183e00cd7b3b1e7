"""Grouping accuracy and speed of `convops bench logs` beside Drain3, in one run, on a labelled collection of logs.

The collection is not part of this project: a folder with NAME/NAME_2k.log and NAME/NAME_2k.log_structured.csv (columns
Content and EventId), as https://github.com/logpai/loghub has them. Prints one JSON line.

Grouping accuracy as in the papers: a line counts when its group holds exactly the lines of its true group.
Two forms are measured: "raw", lines as they were written, and "content", without their headers.
"""

import argparse
import collections
import csv
import json
import pathlib
import subprocess
import tempfile
import time

HALVES = {
    "development": ["Android", "Apache", "BGL", "HDFS", "HPC", "Hadoop", "HealthApp", "Linux"],
    "held_out": ["Mac", "OpenSSH", "OpenStack", "Proxifier", "Spark", "Thunderbird", "Windows", "Zookeeper"],
}
PUBLISHED_DRAIN = 0.866  # Zhu et al., Tools and Benchmarks for Automated Log Parsing, ICSE-SEIP 2019, with masks for each system


def accuracy(found, truth):
    groups = collections.defaultdict(list)
    for line, group in enumerate(found):
        groups[group].append(line)
    true_groups = collections.defaultdict(list)
    for line, group in enumerate(truth):
        true_groups[group].append(line)
    true_sets = {tuple(lines) for lines in true_groups.values()}
    return sum(len(lines) for lines in groups.values() if tuple(lines) in true_sets) / len(truth)


def read(folder):
    name = folder.name
    with open(folder / f"{name}_2k.log_structured.csv", encoding="utf-8", errors="replace", newline="") as file:
        rows = list(csv.DictReader(file))
    text = (folder / f"{name}_2k.log").read_bytes().decode("utf-8", "replace")
    raw = text.replace("\r\n", "\n").rstrip("\n").split("\n")
    assert len(raw) == len(rows), f"{name}: {len(raw)} lines, {len(rows)} labels"
    return {"raw": raw, "content": [row["Content"].replace("\n", " ") for row in rows]}, [row["EventId"] for row in rows]


class ConvOps:
    def __init__(self, binary):
        self.binary = binary

    def groups(self, lines):
        with tempfile.TemporaryDirectory() as folder:
            source, target = pathlib.Path(folder, "in"), pathlib.Path(folder, "out")
            source.write_bytes("".join(line + "\n" for line in lines).encode())
            out = subprocess.run(
                [self.binary, "bench", "logs", "--in", source, "--out", target], check=True, capture_output=True
            )
            self.figures = json.loads(out.stdout)
            answer = target.read_bytes().split(b"\n")[:-1]
        assert len(answer) == len(lines)
        return [line.split(b"\t", 1)[0] for line in answer], self.figures["lines_per_second"]


class Drain3:
    def __init__(self):
        from drain3 import TemplateMiner  # fails here when it is not installed
        from drain3.masking import MaskingInstruction
        from drain3.template_miner_config import TemplateMinerConfig

        self.miner, self.config, self.mask = TemplateMiner, TemplateMinerConfig, MaskingInstruction

    def groups(self, lines):
        config = self.config()
        # Its own example configuration: https://github.com/logpai/Drain3/blob/master/examples/drain3.ini
        before, after = r"((?<=[^A-Za-z0-9])|^)", r"((?=[^A-Za-z0-9])|$)"
        config.masking_instructions = [
            self.mask(before + pattern + after, name)
            for pattern, name in [
                (r"(([0-9a-f]{2,}:){3,}([0-9a-f]{2,}))", "ID"),
                (r"(\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3})", "IP"),
                (r"([0-9a-f]{6,} ?){3,}", "SEQ"),
                (r"([0-9A-F]{4} ?){4,}", "SEQ"),
                (r"(0x[a-f0-9A-F]+)", "HEX"),
                (r"([\-\+]?\d+)", "NUM"),
            ]
        ]
        miner = self.miner(config=config)
        started = time.monotonic()
        found = [miner.add_log_message(line)["cluster_id"] for line in lines]
        return found, round(len(lines) / (time.monotonic() - started))


def mean(values):
    return round(sum(values) / len(values), 4) if values else None


def measure(miner, systems):
    figures = {}
    for form in ("raw", "content"):
        by_system = {name: accuracy(miner.groups(lines[form])[0], truth) for name, (lines, truth) in systems.items()}
        figures[form] = {
            half: mean([by_system[name] for name in names if name in by_system]) for half, names in HALVES.items()
        }
        figures[form]["all"] = mean(list(by_system.values()))
        figures[form]["systems"] = {name: round(value, 4) for name, value in by_system.items()}
    return figures


def speed(miner, systems, repeats):
    lines = [line for texts, _ in systems.values() for line in texts["raw"]]
    return miner.groups(lines * repeats)[1]


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("collection", type=pathlib.Path)
    arguments.add_argument("--binary", default="build/convops")
    arguments.add_argument("--half", choices=[*HALVES, "both"], default="both")
    chosen = arguments.parse_args()
    wanted = [name for half, names in HALVES.items() if chosen.half in (half, "both") for name in names]
    systems = {name: read(chosen.collection / name) for name in wanted if (chosen.collection / name).is_dir()}
    if not systems:
        raise SystemExit(f"{chosen.collection}: no labelled logs there")
    convops = ConvOps(chosen.binary)
    result = {"systems": len(systems), "published_drain": PUBLISHED_DRAIN, "accuracy": measure(convops, systems)}
    result["lines_per_second"] = speed(convops, systems, 50)
    try:
        drain = Drain3()
        result["peer"] = {
            "name": "drain3 0.9.11",
            "accuracy": measure(drain, systems),
            "lines_per_second": speed(drain, systems, 1),
        }
    except ImportError as reason:
        result["peer"] = None
        result["peer_reason"] = f"Drain3 is not installed: {reason}"
    print(json.dumps(result))


if __name__ == "__main__":
    main()
