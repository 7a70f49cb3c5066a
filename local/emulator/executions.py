"""Lets executions of state machines go on after a restart, where MiniStack fails them.

On AWS an execution never notices that a server was replaced. Here it enters the state that it was in once more, with
that state's input: steps are idempotent, so a repeated one is harmless; a wait begins anew.
"""

import contextvars
import json
import os
import socket
import sys
import threading
import time

ENDED_BY_RESTART = "States.ServiceRestart"


def last_state(execution, machine):
    """Name and input of the outermost state that was entered last, or None when none was."""
    states = json.loads(machine["definition"]).get("States", {})
    for event in reversed(execution.get("events", [])):
        entered = event.get("stateEnteredEventDetails") or {}
        if event.get("type", "").endswith("StateEntered") and entered.get("name") in states:
            return entered["name"], json.loads(entered.get("input") or "{}")
    return None


def wait_until_serving():
    """A step calls the emulator, which listens only after it has loaded its state."""
    address = ("127.0.0.1", int(os.environ["GATEWAY_PORT"]))
    for _ in range(600):
        try:
            socket.create_connection(address, timeout=1).close()
            return
        except OSError:
            time.sleep(0.05)


def resume(service, responses, account, region, arn):
    responses._request_account_id.set(account)
    responses._request_region.set(region)
    wait_until_serving()
    service._run_execution(arn)


def install():
    from ministack.core import responses
    from ministack.services import stepfunctions

    for name in ("load_persisted_state", "_executions", "_state_machines", "_run_execution"):
        if not hasattr(stepfunctions, name):
            sys.exit(f"cannot start the emulator: {stepfunctions.__name__} has no {name} to resume executions by")
    load = stepfunctions.load_persisted_state

    def load_and_resume(data):
        load(data)
        for (account, region, arn), execution in list(stepfunctions._executions._data.items()):
            if execution.get("error") != ENDED_BY_RESTART:
                continue
            machine = stepfunctions._state_machines.get_scoped(account, region, execution["stateMachineArn"])
            for name in ("error", "cause"):
                execution.pop(name, None)
            execution.update(status="RUNNING", stopDate=None, output=None)
            execution["resumeAt"] = last_state(execution, machine) if machine else None
            threading.Thread(
                target=contextvars.Context().run,
                args=(resume, stepfunctions, responses, account, region, arn),
                daemon=True,
            ).start()

    stepfunctions.load_persisted_state = load_and_resume
