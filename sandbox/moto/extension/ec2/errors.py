"""Errors with AWS's codes and wording, for the cases that moto has none for."""

from moto.ec2.exceptions import EC2ClientError


def dependency_violation(kind: str, id_: str) -> EC2ClientError:
    return EC2ClientError("DependencyViolation", f"The {kind} '{id_}' has dependencies and cannot be deleted.")


def not_found(code: str, kind: str, id_: str) -> EC2ClientError:
    return EC2ClientError(code, f"The {kind} ID '{id_}' does not exist")


def invalid_value(message: str) -> EC2ClientError:
    return EC2ClientError("InvalidParameterValue", message)


def invalid_parameter(message: str) -> EC2ClientError:
    return EC2ClientError("InvalidParameter", message)


def different_networks(route_table_id: str, kind: str, id_: str) -> EC2ClientError:
    return invalid_value(f"route table {route_table_id} and network {kind} {id_} belong to different networks")
