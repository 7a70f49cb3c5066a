"""Ends this process when the one that started it is gone, however that ended.

The parent holds the other end of standard input and never writes to it: the read returns when the parent exits.
"""

import os
import signal
import sys
import threading


def end_with_parent():
    def wait():
        sys.stdin.buffer.read()
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=wait, daemon=True, name="parent-watch").start()
