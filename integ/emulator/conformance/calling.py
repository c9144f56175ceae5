from botocore import xform_name
from botocore.exceptions import ClientError


def call(client, operation: str, given: dict | None = None) -> dict:
    """Calls an operation by its name in the model."""
    return getattr(client, xform_name(operation))(**(given or {}))


def refusal(client, operation: str, given: dict | None = None) -> ClientError | None:
    """What the service says against a call; nothing when it takes it."""
    try:
        call(client, operation, given)
    except ClientError as error:
        return error
    return None


def code_of(error: ClientError | None) -> str | None:
    return error.response['Error']['Code'] if error else None
