"""The condition keys of a KMS call, which MiniStack's IAM leaves out: those of its encryption context."""

import json


def condition_keys(body):
    try:
        context = json.loads(body or b"{}").get("EncryptionContext") or {}
    except (ValueError, AttributeError):
        return {}
    if not context:
        return {}
    named = {f"kms:EncryptionContext:{name}": value for name, value in context.items()}
    return {**named, "kms:EncryptionContextKeys": list(context)}
