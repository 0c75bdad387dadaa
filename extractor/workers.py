"""The pipeline in worker processes: results in order, and a killed worker's work done again."""

import gc
import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import lru_cache
from multiprocessing.context import BaseContext
from typing import Any, Generic, TypeVar

from extractor.errors import ExtractorError
from extractor.model import Article, Extraction

T = TypeVar("T")
Finish = Callable[[Extraction], T]
"""What is made of an extraction in the process that made it; a function of a module, so that it can be sent there."""
_AHEAD = 3
"""Pieces of work given out ahead, for each process: enough for the writer's longer pauses, when the archive is checkpointed."""
_PIPELINE = ("extractor.nlp", "extractor.preloaded")
"""What workers share: the code only, or, with the package's own rules, the loaded pipeline."""
_PATIENCE = 1.0
"""Seconds in which a pool whose workers were killed usually ends."""
_TRIES = 2
"""How often work is given to the pool, and at last an article to a process of its own, before it counts as lost."""


@dataclass(frozen=True, slots=True)
class Failure:
    """An article that could not be extracted: what `problems` keeps of it."""

    article: Article
    code: str
    message: str


Outcome = Extraction | Failure


def unchanged(extraction: Extraction) -> Any:
    """Leaves an extraction as it is."""
    return extraction


_ONE_AT_A_TIME = threading.Lock()
"""The pipeline belongs to one thread at a time, also in workers that have several."""


@lru_cache(maxsize=2)
def pipeline(rules: str | None, version: str) -> Any:
    """The pipeline of this process, loaded once for each version of a folder's rules, so that edited rules are read."""
    from extractor.nlp import create_nlp

    nlp = create_nlp(rules)
    # A third of the time went into words and their attributes (shape, prefix, …) that rules hardly ever ask for.
    vocab: Any = nlp.vocab
    vocab.lex_attr_getters = {}
    tokenizer: Any = nlp.tokenizer
    tokenizer.on_demand = True
    return nlp


def work(
    articles: Sequence[Article],
    rules: str | None,
    version: str,
    only: Collection[str] | None = None,
    finish: Finish[T] = unchanged,
) -> list[T | Failure]:
    """Extract some articles in this process; one that fails is a `Failure`, the others are done.

    Args:
        articles: the articles.
        rules: a folder of rules, None for the package's own.
        version: the version of these rules.
        only: the extractors whose tables are wanted, by default all.
        finish: what to make of each extraction.
    """
    from extractor.nlp import extract_article

    outcomes: list[T | Failure] = []
    # The words of these articles leave the vocabulary again, so that a long run needs no more memory than a short one.
    with _ONE_AT_A_TIME, (nlp := pipeline(rules, version)).memory_zone(), _rare_collections():
        for article in articles:
            try:
                outcomes.append(finish(extract_article(nlp, article, only=only)))
            except ExtractorError as error:
                outcomes.append(Failure(article, error.code, error.message))
            except Exception as error:
                # Whatever an extractor does wrong, the batch goes on.
                outcomes.append(Failure(article, "extractor_fault", _explain(error, article)))
    return outcomes


@contextmanager
def _rare_collections() -> Iterator[None]:
    """The collector of cycles looks after 10,000 new objects, not 700: hardly any object here is in a cycle."""
    usual = gc.get_threshold()
    gc.set_threshold(10_000, *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)


def _explain(error: Exception, article: Article) -> str:
    trace, place = error.__traceback__, ""
    while trace is not None:
        code = trace.tb_frame.f_code
        if f"{os.sep}extractor{os.sep}" in code.co_filename:
            place = f" in {os.path.basename(code.co_filename)}, line {trace.tb_lineno}"
        trace = trace.tb_next
    words = " ".join(f"{type(error).__name__}: {error}".split())[:300]
    return f"article {article.article_id}: {words}{place}; this is a fault of the extractor, please report it"


def _start_worker(rules: str | None, version: str) -> None:
    """Runs first in each worker of the pipeline."""
    _follow_parent()
    pipeline(rules, version)


def _follow_parent() -> None:
    """Runs first in each worker: the keyboard's interrupt is the parent's, and without a parent there is no work."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:

        def leave_with_parent() -> None:
            parent.join()
            os._exit(1)

        threading.Thread(target=leave_with_parent, daemon=True).start()


def prepare(rules: str | None) -> None:
    """Have the process from which workers are started load the pipeline meanwhile; `work_in_processes` does it otherwise.

    Args:
        rules: a folder of rules, None for the package's own.
    """
    _context(_PIPELINE[rules is None])


def _context(preload: str) -> BaseContext:
    """A way to start processes that copies no threads; where it can, from a process that has imported a module for all of them."""
    if "forkserver" in multiprocessing.get_all_start_methods():
        context = multiprocessing.get_context("forkserver")
        # It has no effect once that process runs.
        context.set_forkserver_preload(["extractor.fork_server", preload])
        _start_server()
        return context
    return multiprocessing.get_context("spawn")


def _start_server() -> None:
    """Start the process from which workers are started, if it does not run; the keyboard's interrupt never reaches it."""
    from multiprocessing import resource_tracker
    from multiprocessing.forkserver import ensure_running

    # A process inherits the signals that are blocked; the server's own helper, once started, lets them pass again.
    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        ensure_running()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def spread(function: Callable[..., T], calls: Iterable[tuple[Any, ...]], jobs: int) -> Iterator[T]:
    """Call a function in `jobs` processes.

    Args:
        function: a function of a module.
        calls: its arguments, taken as they are needed, a few ahead of the results.
        jobs: number of processes.

    Yields:
        The results in order. What a process that died had not done is done in this one.
    """
    waiting: deque[tuple[tuple[Any, ...], Future[T] | None]] = deque()
    source = iter(calls)
    with ProcessPoolExecutor(jobs, _context(function.__module__), _follow_parent) as pool:
        while True:
            while len(waiting) < _AHEAD * jobs and (call := next(source, None)) is not None:
                try:
                    waiting.append((call, pool.submit(function, *call)))
                except BrokenProcessPool:
                    waiting.append((call, None))
            if not waiting:
                return
            call, future = waiting.popleft()
            try:
                if future is None:
                    raise BrokenProcessPool
                result = future.result()
            except BrokenProcessPool:
                result = function(*call)
            yield result


class _Task(Generic[T]):
    def __init__(self, articles: Sequence[Article]) -> None:
        self.articles = articles
        self.future: Future[list[T | Failure]] | None = None


class _Workers(Generic[T]):
    """A pool that is made again when a worker dies."""

    def __init__(
        self, jobs: int, rules: str | None, version: str, only: Collection[str] | None, finish: Finish[T]
    ) -> None:
        self.jobs = jobs
        self.only = only
        self.rules = rules
        self.version = version
        self.finish = finish
        self.executor = self._new()

    def _new(self) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(
            self.jobs, _context(_PIPELINE[self.rules is None]), _start_worker, (self.rules, self.version)
        )

    def submit(self, task: _Task[T]) -> None:
        """Give a task to the pool; in a broken one it stays without a future."""
        try:
            task.future = self.executor.submit(work, task.articles, self.rules, self.version, self.only, self.finish)
        except BrokenProcessPool:
            task.future = None

    def restart(self, tasks: Iterable[_Task[T]] = ()) -> None:
        """Start anew, and give out again those tasks that are not done."""
        self.close()
        self.executor = self._new()
        for task in tasks:
            if task.articles and not _is_done(task):
                self.submit(task)

    def check_start(self) -> None:
        """Raise a clear error if a worker dies without any work."""
        self.restart()
        try:
            self.executor.submit(os.getpid).result()
        except BrokenProcessPool as error:
            raise ExtractorError(
                'no worker process can be started: a script must call this under `if __name__ == "__main__":`;'
                " otherwise take jobs=1, and see what the processes printed",
                code="no_workers",
            ) from error

    def close(self) -> None:
        processes = list((getattr(self.executor, "_processes", None) or {}).values())
        results = getattr(getattr(self.executor, "_result_queue", None), "_writer", None)
        calls = getattr(getattr(self.executor, "_call_queue", None), "_reader", None)
        manager = getattr(self.executor, "_executor_manager_thread", None)
        self.executor.shutdown(wait=False, cancel_futures=True)
        for process in processes:
            with suppress(OSError, ValueError):
                process.kill()
        for process in processes:
            process.join(5)
        # The pool's threads would wait, and this process with them, for the rest of a result that a killed worker was
        # handing over, or for a worker to take a piece of work too large for the pipe. When this process holds the
        # other ends no more, they see that nobody is there. Later versions of Python close the second one themselves.
        if results is not None:
            with suppress(OSError):
                results.close()
        if manager is not None and calls is not None:
            manager.join(_PATIENCE)
            if manager.is_alive():
                with suppress(OSError):
                    calls.close()


def work_in_processes(
    chunks: Iterable[Sequence[Article]],
    jobs: int,
    rules: str | None,
    version: str,
    only: Collection[str] | None = None,
    finish: Finish[T] = unchanged,
) -> Iterator[list[T | Failure]]:
    """Extract chunks of articles in `jobs` processes.

    The outcomes come in the order of the chunks. When a worker is killed, what it and the others had not finished is
    done again; an article that kills its own process twice is a `Failure` with code "worker_died".

    Args:
        chunks: taken as they are needed, a few ahead of the results.
        jobs: number of processes.
        rules: a folder of rules, None for the package's own.
        version: the version of these rules.
        only: the extractors whose tables are wanted, by default all.
        finish: what the process makes of each extraction, and all that it sends back.

    Raises:
        ExtractorError: no process can be started at all.
    """
    source = iter(chunks)
    waiting: deque[_Task[T]] = deque()
    pool = _Workers(jobs, rules, version, only, finish)
    losses, started = 0, False
    try:
        while True:
            while len(waiting) < _AHEAD * jobs and (chunk := next(source, None)) is not None:
                waiting.append(_Task(chunk))
                pool.submit(waiting[-1])
            if not waiting:
                return
            head = waiting[0]
            try:
                if head.future is None:
                    raise BrokenProcessPool
                outcomes = head.future.result()
            except BrokenProcessPool:
                losses += 1
                if losses >= _TRIES:
                    if not started:
                        pool.check_start()
                    outcomes = _one_by_one(head.articles, rules, version, only, finish)
                    head.articles = ()
                pool.restart(waiting)
                if head.articles:
                    continue
            losses, started = 0, True
            waiting.popleft()
            yield outcomes
    finally:
        pool.close()


def _is_done(task: _Task[T]) -> bool:
    future = task.future
    return future is not None and future.done() and not future.cancelled() and future.exception() is None


def _one_by_one(
    articles: Sequence[Article], rules: str | None, version: str, only: Collection[str] | None, finish: Finish[T]
) -> list[T | Failure]:
    """Each article in a process that does nothing else, to find the one that kills it."""
    outcomes: list[T | Failure] = []
    pool = _Workers(1, rules, version, only, finish)
    try:
        for article in articles:
            for _ in range(_TRIES):
                task: _Task[T] = _Task([article])
                pool.submit(task)
                try:
                    if task.future is None:
                        raise BrokenProcessPool
                    outcomes += task.future.result()
                    break
                except BrokenProcessPool:
                    pool.restart()
            else:
                message = f"article {article.article_id}: its process died {_TRIES} times (out of memory?); the other articles are done"
                outcomes.append(Failure(article, "worker_died", message))
    finally:
        pool.close()
    return outcomes
