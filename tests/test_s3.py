"""A store on S3, on a real server of this machine; needs `pip install s3fs moto flask flask-cors`."""

import uuid
from collections.abc import Iterator

import numpy as np
import pytest

from wavagent.audio import Audio
from wavagent.inventory import inventory, verify
from wavagent.store import Store, key_of
from wavagent.sweep import sweep
from wavagent.tool import Result

pytest.importorskip("s3fs")
server = pytest.importorskip("moto.server")

KEY = key_of(call=1)


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    running = server.ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
    running.start()
    host, port = running.get_host_and_port()
    yield f"http://{host}:{port}"
    running.stop()


@pytest.fixture
def store(endpoint: str, monkeypatch: pytest.MonkeyPatch) -> Store:
    """A store in a fresh bucket."""
    import fsspec

    for name, value in {
        "AWS_ACCESS_KEY_ID": "none",
        "AWS_SECRET_ACCESS_KEY": "none",
        "AWS_DEFAULT_REGION": "us-east-1",
        "FSSPEC_S3_ENDPOINT_URL": endpoint,
        "AWS_ENDPOINT_URL": endpoint,
    }.items():
        monkeypatch.setenv(name, value)
    bucket = f"stories-{uuid.uuid4().hex[:8]}"
    fsspec.filesystem("s3").mkdir(bucket)
    return Store(f"s3://{bucket}/store")


def tone(level: float) -> Result:
    return Result(Audio(np.full((1_000, 1), level, np.float32), 8_000))


def test_a_call_comes_back(store: Store) -> None:
    assert store.get(KEY) is None
    entry = store.put(KEY, tone(0.3))
    assert store.get(KEY) == entry
    clip = store.clip(entry)
    assert clip is not None
    np.testing.assert_array_equal(clip.samples, tone(0.3).audio.samples)
    assert Store(store.url).get(KEY) == entry


def test_it_is_counted_checked_and_repaired(store: Store) -> None:
    store.put(KEY, tone(0.3))
    store.put_bytes("mix", KEY, bytes(500))
    assert {kind.kind: kind.files for kind in inventory(store).kinds} == {"clips": 1, "calls": 1, "mix": 1}
    assert verify(store).damaged == ()
    system, root = store.shelf._place
    (path,) = [file.path for file in store.shelf.files() if file.kind == "mix"]
    system.pipe_file(f"{root}/{path}", b"nonsense")
    assert list(verify(store, repair=True).damaged) == [path]
    assert store.get_bytes("mix", KEY) is None
    assert store.get(KEY) is not None


def test_what_is_older_than_a_day_may_go(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    store.put(KEY, tone(0.3))
    assert sweep(store, older=0.0, to=0).removed == {}
    later = next(file.used for file in store.shelf.files()) + 2 * 86_400
    monkeypatch.setattr("wavagent.sweep.time.time", lambda: later)
    assert sweep(store, to=0).removed["least recently used"][0] == 2
    assert store.get(KEY) is None
    assert store.put(KEY, tone(0.3)) == store.get(KEY)
