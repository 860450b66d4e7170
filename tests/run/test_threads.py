"""Threads do what they are given, a bounded number at once, and keep no process from ending."""

import subprocess
import sys
import threading
import weakref
from concurrent.futures import wait
from functools import partial

import pytest

from wavagent.run.threads import Threads


def test_tasks_are_done_in_order_and_their_results_kept() -> None:
    threads: Threads[int] = Threads(1, "test")
    done: list[int] = []

    def task(number: int) -> int:
        done.append(number)
        return number * number

    futures = [threads.submit(partial(task, number)) for number in range(20)]
    assert [future.result(timeout=5) for future in futures] == [number * number for number in range(20)]
    assert done == list(range(20))
    threads.close()


def test_as_many_run_at_once_as_the_depth_says() -> None:
    """Three meet at the barrier, so three run at once; nobody makes a fourth."""
    threads: Threads[str] = Threads(3, "test")
    barrier = threading.Barrier(3)

    def task() -> str:
        barrier.wait(timeout=5)
        return threading.current_thread().name

    names = {future.result(timeout=5) for future in [threads.submit(task) for _ in range(9)]}
    assert names == {"test-1", "test-2", "test-3"}
    threads.close()


@pytest.mark.parametrize("error", [ValueError("bad"), SystemExit(3), KeyboardInterrupt()])
def test_what_a_task_raises_is_raised_where_its_result_is_asked_for(error: BaseException) -> None:
    threads: Threads[None] = Threads(1, "test")

    def task() -> None:
        raise error

    with pytest.raises(type(error)):
        threads.submit(task).result(timeout=5)
    assert threads.submit(lambda: None).result(timeout=5) is None, "the thread goes on"
    threads.close()


def test_a_cancelled_task_is_not_done() -> None:
    threads: Threads[object] = Threads(1, "test")
    free, done = threading.Event(), threading.Event()
    first = threads.submit(lambda: free.wait(timeout=5))
    second = threads.submit(done.set)
    assert second.cancel()
    free.set()
    wait([first, threads.submit(lambda: None)], timeout=5)
    assert not done.is_set()
    threads.close()


def test_closed_threads_end() -> None:
    threads: Threads[threading.Thread] = Threads(2, "test")
    running = {threads.submit(threading.current_thread).result(timeout=5) for _ in range(4)}
    threads.close()
    for thread in running:
        thread.join(timeout=5)
        assert not thread.is_alive()


def test_a_waiting_thread_holds_on_to_nothing() -> None:
    """Clips are large: a result lives as long as somebody wants it."""

    class Clip:
        pass

    threads: Threads[Clip] = Threads(1, "test")
    clip = threads.submit(Clip).result(timeout=5)
    gone = weakref.ref(clip)
    threads.submit(Clip).result(timeout=5)
    del clip
    threads.submit(Clip).result(timeout=5)
    assert gone() is None
    threads.close()


def test_a_task_that_does_not_end_does_not_keep_the_process() -> None:
    program = (
        "import threading\n"
        "from wavagent.run.threads import Threads\n"
        "begun = threading.Event()\n"
        "Threads(1, 'test').submit(lambda: begun.set() or threading.Event().wait())\n"
        "begun.wait()\n"
    )
    subprocess.run([sys.executable, "-c", program], timeout=20, check=True)
