"""A real Dask cluster on this machine: a scheduler and workers as processes of their own on loopback."""

import json
import os
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def cluster(workers=2, **settings):
    """Start a scheduler and workers as a person would on the command line; yields the scheduler's address.

    Args:
        workers: number of worker processes, each with a nanny that starts it anew when it dies.
        **settings: environment of all of them, such as DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES.
    """
    environment = {**os.environ, **settings}
    started = []

    def start(module, *arguments):
        command = [sys.executable, "-m", f"distributed.cli.{module}", *arguments, "--no-dashboard"]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        started.append(subprocess.Popen(command, env=environment, **quiet))

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "scheduler.json")
        start("dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--scheduler-file", str(file))
        try:
            address = _address(file)
            for _ in range(workers):
                start("dask_worker", address, "--host", "127.0.0.1", "--nthreads", "1", "--local-directory", folder)
            yield address
        finally:
            for process in reversed(started):
                process.terminate()
            for process in started:
                try:
                    process.wait(20)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()


def _address(file):
    end = time.monotonic() + 60
    while time.monotonic() < end:
        try:
            return json.loads(file.read_text())["address"]
        except (OSError, ValueError):
            time.sleep(0.1)
    raise TimeoutError("the scheduler did not start")
