"""The processes that RadRate is made of: one list for the demo and for docker-compose.yml."""

from pathlib import Path

WEB_WORKERS = 2
JOB_WORKERS = 2


def commands(port: int, host: str, var: Path) -> dict[str, list[str]]:
    """Program and arguments of each process, to run with the project's folder as current folder.

    The programs are looked up on PATH. `worker-gpu` is for a machine that has one: it takes one
    job at a time.
    """
    return {
        "web": [
            *("granian", "--interface", "wsgi"),
            *("--host", host, "--port", str(port), "--workers", str(WEB_WORKERS)),
            "radrate.wsgi:application",
        ],
        "worker": [
            *("celery", "-A", "radrate.celery", "worker"),
            *("--queues", "default,phantom", "--concurrency", str(JOB_WORKERS)),
            *("--loglevel", "info"),
        ],
        "worker-gpu": [
            *("celery", "-A", "radrate.celery", "worker"),
            *("--queues", "gpu", "--pool", "solo", "--loglevel", "info"),
        ],
        "beat": [
            *("celery", "-A", "radrate.celery", "beat"),
            *("--schedule", str(var / "celerybeat-schedule"), "--loglevel", "info"),
        ],
    }
