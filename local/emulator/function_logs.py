"""Bounds the logs of functions: MiniStack keeps every line in memory, in a stream of its own for each invocation.

The log groups' retention is days on AWS; here it is the last invocations.
"""

import sys

INVOCATIONS_KEPT = 500


def install():
    from ministack.services import cloudwatch_logs, lambda_svc

    if not hasattr(lambda_svc, "_emit_lambda_logs") or not hasattr(cloudwatch_logs, "_log_groups"):
        sys.exit("cannot start the emulator: MiniStack's function logs are not where they are bounded")
    emit = lambda_svc._emit_lambda_logs

    def emit_and_trim(func, *args, **options):
        emit(func, *args, **options)
        config = func.get("config") or func
        name = (config.get("LoggingConfig") or {}).get("LogGroup") or f"/aws/lambda/{config.get('FunctionName')}"
        streams = (cloudwatch_logs._log_groups.get(name) or {}).get("streams", {})
        for oldest in list(streams)[: max(0, len(streams) - INVOCATIONS_KEPT)]:
            streams.pop(oldest, None)

    lambda_svc._emit_lambda_logs = emit_and_trim
