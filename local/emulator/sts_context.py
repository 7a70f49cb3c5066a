"""What IAM knows of an AssumeRole, where MiniStack's differs from AWS's."""

from urllib.parse import parse_qs


def condition_keys(body):
    """The external id, which a caller's own policy may ask for, too."""
    given = parse_qs((body or b"").decode("utf-8", "replace")).get("ExternalId")
    return {"sts:externalid": given[0]} if given else {}


def role_of(arn):
    """aws:PrincipalArn of a session is the ARN of its role."""
    if ":assumed-role/" not in arn:
        return arn
    head, session = arn.split(":assumed-role/", 1)
    return head.replace(":sts:", ":iam:", 1) + ":role/" + session.rsplit("/", 1)[0]
