"""Errors with AWS's codes and wording, for the cases that moto has none for."""

from moto.ec2.exceptions import EC2ClientError


def dependency_violation(kind: str, id_: str) -> EC2ClientError:
    return EC2ClientError("DependencyViolation", f"The {kind} '{id_}' has dependencies and cannot be deleted.")


def invalid_value(message: str) -> EC2ClientError:
    return EC2ClientError("InvalidParameterValue", message)


def invalid_parameter(message: str) -> EC2ClientError:
    return EC2ClientError("InvalidParameter", message)
