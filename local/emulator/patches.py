"""Source patches of MiniStack 1.5.33: where it differs from AWS in a way the product meets.

Each entry is (reason, text as it stands, text instead). launch.py refuses to start unless every text is found
exactly once, so an upgrade of MiniStack cannot lose one in silence.
"""

PATCHES = {
    "ministack.app": [
        (
            "there is no TLS on the loopback interface: a policy that denies what comes without it would deny all",
            'headers.get("x-forwarded-proto", "").split(",")[0].strip().lower() == "https")',
            "True)",
        ),
        (
            "a policy may ask for an encryption context (kms_context.py) or an external id (sts_context.py)",
            'service_context = (\n                dynamodb_service_context(body) if service == "dynamodb"\n',
            'service_context = (\n                __import__("kms_context").condition_keys(body) if service == "kms" else\n'
            '                __import__("sts_context").condition_keys(body) if service == "sts" else\n'
            '                dynamodb_service_context(body) if service == "dynamodb"\n',
        ),
    ],
    "ministack.core.iam_actions": [
        (
            "SQS knows no rights of batches: who may send a message may send ten",
            "(JSON-protocol services)\n    action_name = _action_from_target(headers)\n    if action_name:\n",
            "(JSON-protocol services)\n    action_name = _action_from_target(headers)\n    if action_name:\n"
            '        action_name = action_name.removesuffix("Batch") if service == "sqs" else action_name\n',
        ),
    ],
    "ministack.core.iam_evaluator": [
        (
            "aws:PrincipalArn of a session is the ARN of its role (sts_context.py)",
            'if k == "aws:principalarn":\n        return ctx.principal_arn',
            'if k == "aws:principalarn":\n        return __import__("sts_context").role_of(ctx.principal_arn)',
        ),
    ],
    "ministack.core.lambda_runtime": [
        (
            "a thrown error keeps its name: Lambda's errorType is err.name, and Retry and Catch match on it",
            'status: "error", error: String(err.message || err), trace: err.stack || ""\n',
            'status: "error", error: String(err.message || err), trace: err.stack || "", '
            'name: (err && err.name) || "Error"\n',
        ),
        (
            "a handler that throws keeps its execution environment: on AWS only a crash or a timeout ends it",
            'if response.get("status") == "error":\n                proc, self._proc',
            'if response.get("status") == "error" and "name" not in response:\n                proc, self._proc',
        ),
        (
            "an invocation that logs nothing must not wait 50 ms for its first log line",
            "first_line_wait: float = 0.050,",
            "first_line_wait: float = 0.001,",
        ),
        (
            "nor 5 ms for a further one; a line that comes later is read with the next invocation's",
            "idle_confirm: float = 0.005,",
            "idle_confirm: float = 0.001,",
        ),
    ],
    "ministack.services.dynamodb": [
        (
            "a query takes no longer the more its partition holds (queries.py)",
            'candidates = [it for it in candidates if _evaluate_condition(key_cond, it, eav, ean, slot="KeyConditionExpression")]',
            'candidates = __import__("queries").within(\n'
            '                __import__("sys").modules[__name__], key_cond, candidates, eav, ean,\n'
            "                None if index_name else sk_name)",
        ),
        (
            "its items are sorted by their keys as they are",
            "candidates.sort(key=lambda it: _sort_key_value(it.get(sk_name), sk_type), reverse=not scan_forward)",
            'candidates.sort(\n'
            '            key=(lambda it: it[sk_name]["S"]) if sk_type == "S" else (lambda it: _sort_key_value(it.get(sk_name), sk_type)),\n'
            "            reverse=not scan_forward)",
        ),
        (
            "nor does a page behind a cursor (queries.py)",
            "    result = []\n"
            "    for item in candidates:\n"
            "        item_tuple = tuple(_index_order_value(item, n, t) for n, t in keys)\n"
            "        if scan_forward:\n"
            "            if item_tuple > cursor:\n"
            "                result.append(item)\n"
            "        else:\n"
            "            if item_tuple < cursor:\n"
            "                result.append(item)\n"
            "    return result",
            '    return __import__("queries").behind(\n'
            "        candidates, lambda item: tuple(_index_order_value(item, n, t) for n, t in keys), cursor, scan_forward)",
        ),
    ],
    "ministack.services.kms": [
        (
            "a key opens what it sealed; by another key's name nothing comes out, not even noise",
            '    if "_symmetric_key" in rec:\n        stored_ctx_hash = ciphertext[36:68]\n',
            '    if "_symmetric_key" in rec:\n'
            '        if ciphertext[:36] != rec["KeyId"].encode():\n'
            '            return error_response_json("IncorrectKeyException", "", 400)\n'
            "        stored_ctx_hash = ciphertext[36:68]\n",
        ),
    ],
    "ministack.services.lambda_svc": [
        (
            "the error name of the first patch reaches the caller",
            'error_type = "Runtime.HandlerError"\n            if _RIE_TIMEOUT_TEXT_RE',
            'error_type = result.get("name") or "Runtime.HandlerError"\n            if _RIE_TIMEOUT_TEXT_RE',
        ),
        (
            "a stream's consumer may report the record that failed: it is tried again from there (streams.py)",
            "                    _dynamodb_stream_positions[esm_id] = pos + raw_len\n"
            '                esm["LastProcessingResult"]',
            '                    failed = __import__("streams").first_failed(_ddb, esm, table_name, pos, raw_len, result)\n'
            "                    _dynamodb_stream_positions[esm_id] = pos + (raw_len if failed is None else failed)\n"
            "                    if failed is not None:\n"
            "                        _esm_backoff_until[esm_id] = time.time() + _ESM_BACKOFF_SECONDS\n"
            '                esm["LastProcessingResult"]',
        ),
    ],
    "ministack.services.stepfunctions": [
        (
            "an execution that a restart interrupted goes on in the state it was in (executions.py)",
            '    try:\n        while current_name and execution["status"] == "RUNNING":\n            state_def = all_states',
            '    current_name, current_input = execution.pop("resumeAt", None) or (current_name, current_input)\n'
            '    try:\n        while current_name and execution["status"] == "RUNNING":\n            state_def = all_states',
        ),
    ],
    "ministack.services.cloudformation.provisioners": [
        (
            "Ref of AWS::SecretsManager::Secret is its ARN, which policies name",
            'return name, {"Id": arn, "Arn": arn}\n\n\ndef _sm_secret_replicate',
            'return arn, {"Id": arn, "Arn": arn}\n\n\ndef _sm_secret_replicate',
        ),
        (
            "an update of a secret is asked for by that ARN",
            "    secret = _sm._secrets.get(physical_id)\n    replaced = _rename_replacement(",
            '    physical_id = physical_id.split(":secret:")[-1].rsplit("-", 1)[0]\n'
            "    secret = _sm._secrets.get(physical_id)\n    replaced = _rename_replacement(",
        ),
        (
            "an update of a secret answers with that ARN",
            'return physical_id, {"Id": secret["ARN"], "Arn": secret["ARN"]}\n\n\ndef _sm_secret_delete',
            'return secret["ARN"], {"Id": secret["ARN"], "Arn": secret["ARN"]}\n\n\ndef _sm_secret_delete',
        ),
        (
            "a deletion of a secret is asked for by that ARN",
            "def _sm_secret_delete(physical_id, props):\n    secret",
            'def _sm_secret_delete(physical_id, props):\n    if physical_id.startswith("arn:"):\n'
            '        physical_id = physical_id.split(":secret:")[-1].rsplit("-", 1)[0]\n    secret',
        ),
        (
            "AWS::DynamoDB::Table: time to live, point-in-time recovery and the indexes' status are set as the "
            "template says",
            '    _dynamodb._tables[name] = table\n    if props.get("Tags"):\n        _dynamodb._tags[arn] = [\n'
            '            {"Key": k, "Value": v} for k, v in _tag_map(props["Tags"]).items()\n        ]\n\n'
            '    attrs = {"Arn": arn}\n    if stream_arn:\n        attrs["StreamArn"] = stream_arn\n'
            "    return name, attrs\n\n\ndef _ddb_delete",
            '    for index in gsis:\n        index.setdefault("IndexStatus", "ACTIVE")\n'
            "    _dynamodb._tables[name] = table\n"
            '    ttl = props.get("TimeToLiveSpecification") or {}\n'
            '    if str(ttl.get("Enabled")).lower() == "true":\n'
            '        _dynamodb._update_ttl({"TableName": name, "TimeToLiveSpecification": {**ttl, "Enabled": True}})\n'
            '    recovery = props.get("PointInTimeRecoverySpecification") or {}\n'
            '    if str(recovery.get("PointInTimeRecoveryEnabled")).lower() == "true":\n'
            "        _dynamodb._pitr_settings[name] = True\n"
            '    if props.get("Tags"):\n        _dynamodb._tags[arn] = [\n'
            '            {"Key": k, "Value": v} for k, v in _tag_map(props["Tags"]).items()\n        ]\n\n'
            '    attrs = {"Arn": arn}\n    if stream_arn:\n        attrs["StreamArn"] = stream_arn\n'
            "    return name, attrs\n\n\ndef _ddb_delete",
        ),
    ],
}
