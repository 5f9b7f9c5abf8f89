"""Secrets Manager: a secret that waits for its deletion holds its name, and a description can be taken away.

moto says of such a name that it exists, which a program cannot wait for, and keeps the old description.
AWS: https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_DeleteSecret.html and API_UpdateSecret
"""

from typing import Any

from moto.secretsmanager.exceptions import InvalidRequestException


class Backend:
    def create_secret(self, name: str, *args: Any, **kwargs: Any) -> str:
        if name in self.secrets and getattr(self.secrets[name], "deleted_date", None) is not None:
            raise InvalidRequestException(
                "You can't create this secret because a secret with this name is already scheduled for deletion."
            )
        return super().create_secret(name, *args, **kwargs)

    def update_secret(self, secret_id: str, *args: Any, description: str | None = None, **kwargs: Any) -> str:
        answer = super().update_secret(secret_id, *args, description=description, **kwargs)
        if description == "":
            self.secrets[secret_id].description = ""
        return answer
