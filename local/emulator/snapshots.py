"""Keeps MiniStack's state across a SIGKILL, which on its own it saves only when stopped gracefully.

Some seconds after a change a forked child writes all services' state, as it was at one moment, to a generation of its
own; `current` then names it. So a crash loses the last few seconds, never half of something. No generation is written
while a stack is being deployed: a crash in a deployment brings back the state before it.

STATE_DIR/
  current            the name of the generation to load: g<number>
  g<number>/         one JSON file a service
  lambda-blobs/ …    what MiniStack keeps there itself (function code by its hash, signing keys)
"""

import asyncio
import logging
import os
import shutil
import signal
import sys
import time

import executions
import function_logs
import streams

logger = logging.getLogger("snapshots")

LEAST_SECONDS_BETWEEN = float(os.environ.get("SNAPSHOT_SECONDS", "1"))
# A snapshot may take a tenth of the time at most, however large the state grows.
TIMES_ITS_OWN_DURATION = 10
CHILD_TIMEOUT_SECONDS = 60

base = os.environ.get("STATE_DIR", "")


def current_generation():
    try:
        with open(os.path.join(base, "current"), encoding="utf-8") as file:
            return file.read().strip()
    except FileNotFoundError:
        return None


def deploying():
    cloudformation = sys.modules.get("ministack.services.cloudformation")
    stacks = cloudformation._stacks._data.values() if cloudformation else ()
    return any(str(stack.get("StackStatus", "")).endswith("_IN_PROGRESS") for stack in list(stacks))


def write_generation(app, persistence):
    """Writes every loaded service's state as a new generation and makes it the current one."""
    before = current_generation()
    name = f"g{int(before[1:]) + 1 if before else 1}"
    folder = os.path.join(base, name)
    shutil.rmtree(folder, ignore_errors=True)
    if before:
        # A service nothing has called in this run is not loaded: what was kept of it stays.
        shutil.copytree(os.path.join(base, before), folder, copy_function=os.link)
    persistence.STATE_DIR = folder
    errors = []
    persistence.logger.setLevel(logging.WARNING)
    persistence.logger.error = lambda *args: errors.append(args[0] % args[1:])
    persistence.save_all(app._build_persistence_save_dict())
    if errors:
        raise RuntimeError("; ".join(errors))
    pointer = os.path.join(base, "current")
    with open(pointer + ".next", "w", encoding="utf-8") as file:
        file.write(name)
        file.flush()
        os.fsync(file.fileno())
    os.replace(pointer + ".next", pointer)
    for other in os.listdir(base):
        if other != name and other[:1] == "g" and other[1:].isdigit():
            shutil.rmtree(os.path.join(base, other), ignore_errors=True)


def in_child(app, persistence):
    """The forked child: writes one generation and leaves without any of the parent's clean-up."""
    status = 1
    try:
        os.nice(10)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        # The generation that is still current may name code that the new one no longer does.
        if "ministack.services.lambda_svc" in sys.modules:
            sys.modules["ministack.services.lambda_svc"]._prune_orphan_code_blobs = lambda *_: None
        write_generation(app, persistence)
        status = 0
    except BaseException as error:  # noqa: BLE001 - a child has nobody else to tell
        os.write(2, f"cannot write a snapshot: {error}\n".encode())
    finally:
        os._exit(status)


class Child:
    """The one snapshot child there may be."""

    pid = None

    @classmethod
    async def wait(cls):
        deadline = time.monotonic() + CHILD_TIMEOUT_SECONDS
        while time.monotonic() < deadline:
            done, status = os.waitpid(cls.pid, os.WNOHANG)
            if done:
                cls.pid = None
                return os.waitstatus_to_exitcode(status) == 0
            await asyncio.sleep(0.02)
        cls.end()
        return False

    @classmethod
    def end(cls):
        if cls.pid is not None:
            os.kill(cls.pid, signal.SIGKILL)
            os.waitpid(cls.pid, 0)
            cls.pid = None


class Changes:
    """Counts requests that may have changed something."""

    def __init__(self, asgi):
        self.asgi = asgi
        self.count = 0

    async def __call__(self, scope, receive, send):
        await self.asgi(scope, receive, send)
        if scope["type"] == "websocket" or scope.get("method") not in (None, "GET", "HEAD", "OPTIONS"):
            self.count += 1


async def keep(app, persistence, changes):
    saved = changes.count
    pause = LEAST_SECONDS_BETWEEN
    while True:
        await asyncio.sleep(pause)
        if changes.count == saved or deploying():
            continue
        seen, began = changes.count, time.monotonic()
        Child.pid = os.fork()
        if Child.pid == 0:
            in_child(app, persistence)
        if await Child.wait():
            saved = seen
        pause = max(LEAST_SECONDS_BETWEEN, TIMES_ITS_OWN_DURATION * (time.monotonic() - began))


def install():
    """Replaces MiniStack's save at shutdown, and starts the periodic one, when it persists at all."""
    from ministack import app
    from ministack.core import persistence

    if not persistence.PERSIST_STATE:
        return
    streams.install()
    executions.install()
    function_logs.install()
    os.makedirs(base, exist_ok=True)
    generation = current_generation()
    persistence.STATE_DIR = os.path.join(base, generation) if generation else os.path.join(base, "none")
    for name in ("save_all", "_build_persistence_save_dict", "_handle_lifespan", "app"):
        if not hasattr(app, name):
            sys.exit(f"cannot start the emulator: ministack.app has no {name} to take snapshots with")

    def save_at_shutdown(_services):
        if deploying():
            logger.warning("a stack is being deployed: the state before it stays")
            return
        Child.end()
        try:
            write_generation(app, persistence)
        except Exception:
            logger.exception("cannot write the last snapshot: the one before it stays")

    app.save_all = save_at_shutdown
    handle_lifespan = app._handle_lifespan
    changes = Changes(app.app)
    app.app = changes

    async def lifespan(scope, receive, send):
        task = asyncio.create_task(keep(app, persistence, changes))
        try:
            await handle_lifespan(scope, receive, send)
        finally:
            task.cancel()

    app._handle_lifespan = lifespan
