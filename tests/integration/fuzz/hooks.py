"""Schemathesis' hooks: real ids where a generated one would only ever be missing, and a count of what was called."""

import atexit
import hashlib
import json
import os
import re
from collections import Counter

import schemathesis

with open(os.environ["FUZZ_WORLD"], encoding="utf-8") as file:
    world = json.load(file)

uuid = re.compile(r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$", re.IGNORECASE)
any_uuid = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
seen = set()
cases, statuses, hits = Counter(), Counter(), Counter()


def name_of(case):
    return case.operation.definition.raw.get("operationId", case.operation.label)


def choose(value, among):
    """One of them, the same for the same generated value, so that a run replays and a failure shrinks."""
    nth = int.from_bytes(hashlib.sha256(f"{value}".encode()).digest()[:4], "big")
    return among[nth % len(among)]


def real_id(kind, value, ends):
    """Three of four times a thing that is there: one to throw away where the call would end it."""
    if not isinstance(value, str) or not uuid.match(value):
        return value
    if value in world["needed"] and ends:
        return choose(value, world["spare"].get(kind) or [world["nobody"]])
    known = world["spare" if ends else "kept"].get(kind)
    if value in seen or not known or choose(f"{value} kept", range(4)) == 0:
        return value
    return choose(value, known)


def kind_in(path, parameter):
    """`/users/{id}` names a user, and so does `{userID}` anywhere."""
    if parameter != "id":
        return parameter.removesuffix("ID").removesuffix("_id").lower()
    before = path.split("/{id}")[0].rsplit("/", 1)[-1]
    return before.removesuffix("s").removeprefix("api-")


@schemathesis.hook
def before_call(ctx, case, kwargs):
    name = name_of(case)
    cases[name] += 1
    ends = name in world["ending"]
    for parameter, value in list((case.path_parameters or {}).items()):
        case.path_parameters[parameter] = real_id(kind_in(case.operation.path, parameter), value, ends)
    for place in (case.query, case.body):
        if isinstance(place, dict):
            for field, value in list(place.items()):
                if isinstance(field, str) and field.endswith("_id"):
                    place[field] = real_id(field.removesuffix("_id"), value, False)


@schemathesis.hook
def after_call(ctx, case, response):
    statuses[str(response.status_code)] += 1
    if response.status_code < 300:
        hits[name_of(case)] += 1
    seen.update(any_uuid.findall(response.text))


def issues_of(response):
    try:
        return [f"{issue['path']}: {issue['message']}" for issue in response.json()["data"]["issues"]]
    except (KeyError, TypeError, ValueError):
        return []


@schemathesis.hook
def filter_failure(ctx, failure, case, response):
    """A request that fits its schema may break rules that no schema says; each is named, with its reason."""
    if response.status_code == 431:  # Longer than an edge lets through: the API never hears of it.
        return False
    if type(failure).__name__ != "RejectedPositiveData":
        return True
    issues = issues_of(response)
    return not (issues and all(any(re.search(rule, issue) for rule in world["unsaid"]) for issue in issues))


@atexit.register
def tell():
    with open(os.environ["FUZZ_FIGURES"], "w", encoding="utf-8") as file:
        json.dump({"cases": cases, "statuses": statuses, "hits": hits}, file)
