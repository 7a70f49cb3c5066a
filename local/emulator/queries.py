"""Finds the range of a sorted partition that a key condition or a cursor means by halving it.

MiniStack parses and evaluates the condition for every item of the partition: 150 microseconds each, so that a
partition of 20,000 items takes longer to ask than a function waits for. A page behind a cursor compares them all, too.
"""

import bisect
import re


def within(dynamodb, expression, items, values, names, sort_key):
    """Of a partition's items, sorted either way, those whose sort key fits. Called by a patch of MiniStack."""

    def fits(item):
        return dynamodb._evaluate_condition(expression, item, values, names, slot="KeyConditionExpression")

    bound = dynamodb._key_condition_av(expression, None, values, names, sort_key) if sort_key else None
    # With the value in front, or sort keys that are no text, nothing is known of the order.
    if not items or not (bound or {}).get("S") or re.search(r":\w+\s*[<>=]", expression):
        return [item for item in items if fits(item)]

    def side(item):
        """Before (-1), in (0) or behind (1) the range."""
        if fits(item):
            return 0
        if "<" in expression:
            return 1
        return -1 if ">" in expression or item[sort_key]["S"] < bound["S"] else 1

    way = 1 if items[0][sort_key]["S"] <= items[-1][sort_key]["S"] else -1
    first = bisect.bisect_left(items, 0, key=lambda item: way * side(item))
    return items[first : bisect.bisect_right(items, 0, lo=first, key=lambda item: way * side(item))]


def behind(items, order, cursor, forward):
    """Of a partition's items, sorted by `order` either way, those beyond the cursor. Called by a patch of MiniStack."""
    if forward:
        return items[bisect.bisect_right(items, cursor, key=order) :]
    return items[bisect.bisect_left(items, True, key=lambda item: order(item) < cursor) :]
