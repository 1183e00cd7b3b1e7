"""Starts and stops the real software that is recorded: PostgreSQL on its own small volume, two Redis servers
(cache and queue), the load balancer, the payment service and the customers. Needs root, to mount the volume.
"""
import glob
import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

SHOP_DIR = Path(__file__).parent / "shop"
PRODUCTS = 400
STOCK_MOVEMENTS = 600_000
DB_HOST = "shop-db.c8aqzx0example.eu-west-1.rds.amazonaws.com"
# Everything runs ahead of whatever else the machine does. The database runs behind the rest, because it has a machine of
# its own in AWS: when it is busy it must slow its own queries, and not the customers, the load balancer or the measuring.
NICE_RECORDER = -10
NICE_OUTSIDE_STEP = -6
NICE_DATABASE_STEP = 8

SCHEMA = f"""
CREATE TABLE product (id int PRIMARY KEY, name text, price_cents int);
INSERT INTO product SELECT i, 'product ' || i, 100 + i * 7 FROM generate_series(1, {PRODUCTS}) i;
CREATE TABLE stock_movement (id int, product_id int, quantity int);
INSERT INTO stock_movement
  SELECT i, 1 + (i::bigint * 7919) % {PRODUCTS}, (i * 31) % 17 FROM generate_series(1, {STOCK_MOVEMENTS}) i;
CREATE TABLE customer_order (id uuid PRIMARY KEY, product_id int, basket text, state text);
CREATE TABLE receipt (order_id uuid, document bytea);
ALTER TABLE receipt ALTER COLUMN document SET STORAGE EXTERNAL;
CREATE TABLE setting (name text PRIMARY KEY, value text);
INSERT INTO setting VALUES ('receipt_document_bytes', '600');
GRANT ALL ON ALL TABLES IN SCHEMA public TO shop;
VACUUM ANALYZE;
"""

POSTGRES_SETTINGS = {
    "max_connections": 100, "shared_buffers": "64MB", "listen_addresses": "127.0.0.1", "unix_socket_directories": "",
    "log_line_prefix": "%t:%r:%u@%d:[%p]:", "log_min_duration_statement": 1000, "timezone": "UTC",
    "log_timezone": "UTC", "track_io_timing": "on", "track_wal_io_timing": "on", "max_wal_size": "96MB",
    "min_wal_size": "64MB", "max_parallel_workers_per_gather": 0, "checkpoint_timeout": "60s", "log_checkpoints": "on",
}


def missing_software() -> str | None:
    """One line that says what to install, or None."""
    if not postgres_bin():
        return "PostgreSQL is not installed: apt-get install postgresql"
    if not shutil.which("redis-server"):
        return "redis-server is not installed: apt-get install redis-server"
    if os.geteuid() != 0:
        return "must run as root: the database gets a volume of its own (mount -t tmpfs)"
    return None


def postgres_bin() -> Path | None:
    found = sorted(glob.glob("/usr/lib/postgresql/*/bin/postgres"))
    return Path(found[-1]).parent if found else None


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Stack:
    def __init__(self, work: Path, volume_mb: int):
        self.work, self.volume_mb = work, volume_mb
        self.volume = work / "volume"
        self.processes: dict[str, subprocess.Popen] = {}
        self.ports = {name: free_port() for name in ("db", "cache", "queue", "front", "admin", "payments")}

    def start(self) -> None:
        self.volume.mkdir(parents=True)
        os.chmod(self.work, 0o755)
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={self.volume_mb}m", "tmpfs", str(self.volume)], check=True)
        self.start_postgres()
        for name in ("cache", "queue"):
            self.launch(name, ["redis-server", "--port", str(self.ports[name]), "--bind", "127.0.0.1", "--save", "",
                               "--appendonly", "no", "--maxmemory", "64mb", "--maxmemory-policy", "allkeys-lru"])
        outside = ["nice", "-n", str(NICE_OUTSIDE_STEP), sys.executable]
        self.launch("front", [*outside, str(SHOP_DIR / "front.py"), str(self.ports["front"]),
                              str(self.ports["admin"]), str(self.work)])
        self.launch("payments", [*outside, str(SHOP_DIR / "payments.py"), str(self.ports["payments"])])
        for name in ("cache", "queue", "front", "admin", "payments"):
            wait_for_port(self.ports[name])

    def start_postgres(self) -> None:
        data, binaries = self.volume / "pgdata", postgres_bin()
        data.mkdir(mode=0o700)
        shutil.chown(data, "postgres", "postgres")
        subprocess.run([binaries / "initdb", "-D", data, "-U", "rdsadmin", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"],
                       check=True, user="postgres", group="postgres", stdout=subprocess.DEVNULL, cwd="/")
        settings = [part for name, value in POSTGRES_SETTINGS.items() for part in ("-c", f"{name}={value}")]
        self.launch("postgres", ["nice", "-n", str(NICE_DATABASE_STEP), str(binaries / "postgres"), "-D", str(data), "-p", str(self.ports["db"]), *settings],
                    user="postgres", group="postgres", cwd="/")
        wait_for_port(self.ports["db"])
        psql = ["psql", "-q", "-h", "127.0.0.1", "-p", str(self.ports["db"]), "-U", "rdsadmin", "-v", "ON_ERROR_STOP=1"]
        for database, sql in (("postgres", "CREATE ROLE shop LOGIN"), ("postgres", "CREATE DATABASE shop"), ("shop", SCHEMA)):
            subprocess.run([*psql, "-d", database], input=sql.encode(), check=True)

    def start_customers(self, per_second: float) -> None:
        self.launch("load", ["nice", "-n", str(NICE_OUTSIDE_STEP), sys.executable, str(SHOP_DIR / "load.py"),
                             f"http://127.0.0.1:{self.ports['front']}", str(per_second)])

    def launch(self, name: str, command: list[str], **options) -> None:
        log = open(self.work / f"{name}.log", "ab")
        self.processes[name] = subprocess.Popen(command, stdout=log, stderr=log, stdin=subprocess.DEVNULL, **options)

    def stop(self) -> None:
        for name in ("load", "front", "payments", "cache", "queue"):
            if name in self.processes:
                self.processes[name].terminate()
        if "postgres" in self.processes and self.processes["postgres"].poll() is None:
            self.processes["postgres"].send_signal(3)  # SIGQUIT: immediate shutdown; nothing here is worth a checkpoint
        for process in self.processes.values():
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()
        subprocess.run(["umount", "-l", str(self.volume)], check=False)


def wait_for_port(port: int, seconds: float = 15.0) -> None:
    deadline = time.time() + seconds
    while time.time() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=0.5).close()
            return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError(f"nothing listens on port {port} after {seconds:.0f} s")
