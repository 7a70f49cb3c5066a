"""Serves moto's EC2 at --port, and keeps its state in --state: a machine runs on after a restart, under its id.

moto keeps all in memory. Its backend pickles whole (0.9 MB, 15 ms), so it is written a second after a change and when
stopped. --attached: end when the process that started this one does.
"""

import argparse
import io
import logging
import os
import pickle
import signal
import sys
import threading

import attached

SECONDS_BETWEEN_SAVES = 1


class State:
    def __init__(self, file):
        self.file = file
        self.changed = threading.Event()

    def load(self, backends):
        if not os.path.exists(self.file):
            return
        with open(self.file, "rb") as file:
            for (account, region), backend in pickle.load(file).items():
                backends[account][region] = backend

    def save(self, backends):
        self.changed.clear()
        held = {
            (account, region): backend
            for account, regions in list(backends.items())
            for region, backend in list(regions.items())
        }
        with open(self.file + ".next", "wb") as file:
            pickle.dump(held, file)
        os.replace(self.file + ".next", self.file)

    def save_in_background(self, backends):
        while True:
            self.changed.wait()
            try:
                self.save(backends)
            except RuntimeError:
                # A request changed a collection while it was being written.
                self.changed.set()
            threading.Event().wait(SECONDS_BETWEEN_SAVES)


def noticing(application, state):
    """Marks the state as changed after each request that may have done so: all but Describe and Get."""

    def serve(environ, start_response):
        reads = False
        if environ["REQUEST_METHOD"] == "POST":
            length = int(environ.get("CONTENT_LENGTH") or 0)
            body = environ["wsgi.input"].read(length)
            environ["wsgi.input"] = io.BytesIO(body)
            reads = b"Action=Describe" in body or b"Action=Get" in body
        try:
            yield from application(environ, start_response)
        finally:
            if not reads:
                state.changed.set()

    return serve


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--state", required=True)
    parser.add_argument("--attached", action="store_true")
    options = parser.parse_args()
    if options.attached:
        attached.end_with_parent()

    from moto.ec2.models import ec2_backends
    from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
    from werkzeug.serving import run_simple

    state = State(options.state)
    os.makedirs(os.path.dirname(options.state), exist_ok=True)
    state.load(ec2_backends)

    def stop(*_):
        state.save(ec2_backends)
        sys.exit(0)

    signal.signal(signal.SIGTERM, stop)
    threading.Thread(target=state.save_in_background, args=(ec2_backends,), daemon=True).start()
    # One line a request otherwise.
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    application = DomainDispatcherApplication(create_backend_app)
    run_simple("127.0.0.1", options.port, noticing(application, state), threaded=True)


if __name__ == "__main__":
    main()
