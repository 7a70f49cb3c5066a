"""Keeps table streams across a restart: MiniStack saves how far each consumer has read but not what there is to read.

Without it, what was written just before a stop never reaches the consumers, and after the start they wait for as many
new records as they had read before. Records that every consumer has read are left out.
"""

import copy
import sys


def pending(dynamodb, lambda_service):
    """The unread records of each stream, and how many came before them."""
    records, trimmed = type(dynamodb._stream_records)(), type(dynamodb._stream_trimmed)()
    for (account, region, table), held in list(dynamodb._stream_records._data.items()):
        first = dynamodb._stream_trimmed.get_scoped(account, region, table, 0)
        stream = (dynamodb._tables.get_scoped(account, region, table) or {}).get("LatestStreamArn")
        positions = [
            lambda_service._dynamodb_stream_positions._data.get(key, first)
            for key, mapping in list(lambda_service._esms._data.items())
            if mapping.get("EventSourceArn") == stream
        ]
        read = min(max(min(positions, default=first) - first, 0), len(held))
        records.set_scoped(account, region, table, copy.deepcopy(held[read:]))
        trimmed.set_scoped(account, region, table, first + read)
    return {"stream_records": records, "stream_trimmed": trimmed}


def first_failed(dynamodb, mapping, table, position, count, result):
    """Offset of the first record that a consumer reported as failed, or None: the next batch begins with it.

    Called by a patch of MiniStack, which takes an answer with `batchItemFailures` for a success.
    """
    body = result.get("body")
    if "ReportBatchItemFailures" not in (mapping.get("FunctionResponseTypes") or []) or not isinstance(body, dict):
        return None
    failed = {failure.get("itemIdentifier") for failure in body.get("batchItemFailures") or []}
    if not failed:
        return None
    batch = dynamodb.stream_records_since(table, position, count)
    found = [index for index, record in enumerate(batch) if record["dynamodb"]["SequenceNumber"] in failed]
    # As on AWS: a report that names no record of the batch fails all of it.
    return min(found, default=0)


def install():
    from ministack.services import dynamodb, lambda_svc

    for module, names in (
        (dynamodb, ("get_state", "load_persisted_state", "_stream_records", "_stream_trimmed", "_tables")),
        (lambda_svc, ("_dynamodb_stream_positions", "_esms")),
    ):
        for name in names:
            if not hasattr(module, name):
                sys.exit(f"cannot start the emulator: {module.__name__} has no {name} to keep streams by")
    get_state, load = dynamodb.get_state, dynamodb.load_persisted_state

    def get_state_with_streams():
        return {**get_state(), **pending(dynamodb, lambda_svc)}

    def load_with_streams(data):
        load(data)
        dynamodb._stream_records._data.update(getattr(data.get("stream_records"), "_data", {}))
        dynamodb._stream_trimmed._data.update(getattr(data.get("stream_trimmed"), "_data", {}))

    dynamodb.get_state = get_state_with_streams
    dynamodb.load_persisted_state = load_with_streams
