"""The pipeline on a Dask cluster: results in order, one writer, and a killed worker's work done again.

Articles and results travel as pickled bytes, so that only workers, never the scheduler, need this package.
"""

import logging
import pickle
import time
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any, TypeVar

from extractor.errors import ExtractorError
from extractor.model import Article
from extractor.rules import load_rules
from extractor.workers import Failure, Finish, unchanged, work

T = TypeVar("T")

_LOCAL_WORKERS = {"distributed.worker.memory.terminate": False, "distributed.worker.profile.enabled": False}
"""Dask's settings for workers of ours: none is killed for its memory, and nobody reads the profile that sampling them makes."""
_SHORT_LOGS = {"distributed.admin.low-level-log-length": 10}
"""Dask keeps this many of the last messages, by default 1,000, each with the piece of work that it brings."""
_WAIT = 60
"""Seconds to wait for a scheduler and its first worker."""
_ASK_AGAIN = 5
"""Seconds after which the number of workers is asked again."""
_AHEAD = 3
"""Pieces of work given out ahead, for each thread of the cluster."""


@contextmanager
def connected(scheduler: str | None = None, jobs: int = 2) -> Iterator[Any]:
    """A `distributed.Client`, closed at the end.

    Args:
        scheduler: the address of a running scheduler ("tcp://10.0.0.5:8786"); None for workers on this machine, which end
            with the block.
        jobs: without a scheduler, the number of worker processes.

    Raises:
        ExtractorError: Dask is not installed, or nobody answers at the address, or it has no workers.
    """
    try:
        import dask
        import distributed
    except ModuleNotFoundError as error:
        raise ExtractorError(f"--engine dask needs {error.name}; install it: pip install 'extractor[dask]'") from None
    # distributed has no types.
    Client: Any = distributed.Client  # noqa: N806
    LocalCluster: Any = distributed.LocalCluster  # noqa: N806
    if scheduler is None:
        with (
            _quiet(),
            dask.config.set(_LOCAL_WORKERS | _SHORT_LOGS),
            LocalCluster(
                n_workers=jobs,
                threads_per_worker=1,
                processes=True,
                silence_logs=logging.CRITICAL,
                # No dashboard, and the port that the scheduler opens all the same only to this machine.
                dashboard_address="127.0.0.1:0",
                scheduler_kwargs={"dashboard": False},
            ) as cluster,
            Client(cluster, direct_to_workers=True) as client,
        ):
            yield client
        return
    try:
        with dask.config.set(_SHORT_LOGS):
            client = Client(scheduler, timeout=_WAIT, name="extractor")
    except (OSError, ValueError) as error:
        raise ExtractorError(
            f"{scheduler}: no Dask scheduler answers there ({' '.join(str(error).split())[:150]}); start one with"
            " `dask scheduler`, or leave --scheduler out to work on this machine"
        ) from None
    with client:
        try:
            client.wait_for_workers(1, timeout=_WAIT)
        except TimeoutError:
            raise ExtractorError(
                f"{scheduler}: the scheduler has no workers; start some: `dask worker {scheduler}`"
            ) from None
        yield client


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep Dask's talk of its comings and goings off the terminal; what matters is said by us."""
    logger = logging.getLogger("distributed")
    before = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        logger.setLevel(before)


def in_order(
    client: Any, function: Callable[..., Any], calls: Iterable[tuple[Any, ...]]
) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """Call a function on the cluster for each tuple of arguments; only a few calls ahead of the results.

    Args:
        client: the cluster.
        function: a function of this package.
        calls: the arguments, taken as they are needed.

    Yields:
        In the order of the calls, the arguments and what came back: the function's value, or the `KilledWorker` of a call
        that several workers did not survive.

    Raises:
        ExtractorError: the connection to the cluster is lost, or the function raised it.
    """
    from distributed import CancelledError, KilledWorker

    source = iter(calls)
    waiting: deque[tuple[tuple[Any, ...], Any]] = deque()
    ahead, asked = 0, 0.0
    try:
        while True:
            if not ahead or time.monotonic() - asked > _ASK_AGAIN:
                # Workers come and go.
                ahead, asked = _AHEAD * max(1, sum(client.nthreads().values())), time.monotonic()
            while len(waiting) < ahead and (call := next(source, None)) is not None:
                waiting.append((call, client.submit(function, *call, pure=False)))
            if not waiting:
                return
            call, future = waiting[0]
            try:
                found = future.result()
            except KilledWorker as error:
                found = error
            except CancelledError:
                raise ExtractorError(
                    "the connection to the Dask scheduler is lost; what was stored stays, run the same command again"
                ) from None
            waiting.popleft()
            yield call, found
    finally:
        for _, future in waiting:
            future.cancel()


def work_on_cluster(
    client: Any,
    chunks: Iterable[Sequence[Article]],
    rules: str | None,
    version: str,
    only: Collection[str] | None = None,
    finish: Finish[T] = unchanged,
) -> Iterator[list[T | Failure]]:
    """Extract chunks of articles on a cluster; the outcomes come in the order of the chunks.

    What a killed worker had not finished is given to another. Articles whose chunk no worker survives are tried alone,
    and those that still kill their worker are a `Failure` with code "worker_died".

    Args:
        client: the cluster, from `connected`.
        chunks: taken as they are needed.
        rules: a folder of rules that every worker can read, None for the package's own.
        version: the version of these rules; a worker that has others refuses to work.
        only: the extractors whose tables are wanted, by default all.
        finish: what a worker makes of each extraction, and all that it sends back.
    """
    from distributed import KilledWorker

    given: deque[Sequence[Article]] = deque()

    def calls(pieces: Iterable[Sequence[Article]]) -> Iterator[tuple[Any, ...]]:
        for piece in pieces:
            given.append(piece)
            yield pickle.dumps(piece), rules, version, only, finish

    for _, found in in_order(client, remote_work, calls(chunks)):
        chunk = given.popleft()
        if not isinstance(found, KilledWorker):
            yield pickle.loads(found)
            continue
        outcomes: list[T | Failure] = []
        for article in chunk:
            ((_, result),) = in_order(client, remote_work, [(pickle.dumps([article]), rules, version, only, finish)])
            outcomes += [_lost(article)] if isinstance(result, KilledWorker) else pickle.loads(result)
        yield outcomes


def _lost(article: Article) -> Failure:
    message = (
        f"article {article.article_id}: the workers that had it died (out of memory?); the other articles are done"
    )
    return Failure(article, "worker_died", message)


def remote_work(
    packed: bytes, rules: str | None, version: str, only: Collection[str] | None, finish: Finish[Any]
) -> bytes:
    """What a worker does with one piece of work; see `work_on_cluster`."""
    check_rules(rules, version)
    return pickle.dumps(work(pickle.loads(packed), rules, version, only, finish))


@lru_cache(maxsize=4)
def check_rules(rules: str | None, version: str) -> None:
    """Refuse to work with other rules than the one who asks has.

    Raises:
        ExtractorError: this machine's rules are others.
    """
    found = load_rules(rules).version
    if found != version:
        raise ExtractorError(
            f"a Dask worker has rules of version {found}, not {version}: install the same release and rules on all workers",
            code="other_rules",
        )
