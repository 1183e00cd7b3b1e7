"""The datapoint store beside DuckDB, in one run on the same points: usage: store.py [NAB_FOLDER]. One JSON line.

DuckDB gets the points in batches of the same size, on one thread, into a table that is checkpointed at the end; scanning reads every
series in time order. Both are timed in this run, on this machine.
"""
import csv
import json
import os
import resource
import subprocess
import sys
import tempfile
import time

CONVOPS = os.path.join(os.path.dirname(__file__), "../../build/convops")
BATCH = 100_000


def peer(file):
    try:
        import duckdb
    except ImportError as missing:
        return None, f"DuckDB is not installed: {missing}"
    with open(file, encoding="utf-8") as lines:
        rows = [(int(series), int(at), float(value)) for series, at, value in csv.reader(lines)]
    rows.sort(key=lambda row: (row[1], row[0]))
    import numpy
    columns = [numpy.array(column) for column in zip(*rows)]
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "peer.duckdb")
        database = duckdb.connect(path, config={"threads": 1})
        database.execute("create table points(series integer, moment bigint, number double)")
        began = time.perf_counter()
        for first in range(0, len(rows), BATCH):
            series, at, value = (column[first:first + BATCH] for column in columns)
            batch = {"series": series, "moment": at, "number": value}
            database.execute("insert into points select * from batch")
        database.execute("create or replace table points as select * from points order by series, moment")
        database.execute("checkpoint")
        appended = time.perf_counter() - began
        began = time.perf_counter()
        scanned = 0
        for (series,) in database.execute("select distinct series from points order by series").fetchall():
            scanned += len(database.execute("select moment, number from points where series = ? order by moment", [series]).fetchnumpy()["moment"])
        scan = time.perf_counter() - began
        database.close()
        size = os.path.getsize(path)
    assert scanned == len(rows)
    return {"name": f"DuckDB {duckdb.__version__}", "append_points_per_second": len(rows) / appended,
            "scan_points_per_second": len(rows) / scan, "bytes_per_point": size / len(rows)}, None


def main():
    with tempfile.TemporaryDirectory() as folder:
        file = os.path.join(folder, "points.csv")
        command = [CONVOPS, "bench", "store", "--export", file] + (["--nab", sys.argv[1]] if len(sys.argv) > 1 else [])
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        figures = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        figures["megabytes"] = after.ru_maxrss / 1024
        figures["processor_seconds"] = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        figures["peer"], reason = peer(file)
        if reason:
            figures["peer_reason"] = reason
        else:
            del figures["peer_reason"]
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
