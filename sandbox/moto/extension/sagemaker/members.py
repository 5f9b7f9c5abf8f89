"""User profiles, spaces and apps of a Studio domain.

AWS: what keeps which from being deleted is in
https://docs.aws.amazon.com/sagemaker/latest/dg/gs-studio-delete-domain.html.
"""

from typing import Any

from .domains import Domain
from .resource import StudioResource, check_user_settings, in_use, invalid


class Member(StudioResource):
    """What is in a domain."""

    @classmethod
    def check(cls, backend: Any, settings: dict[str, Any]) -> None:
        domain: Domain = backend.get("Domain", settings)
        if domain.status in ("Pending", "Deleting"):
            raise invalid(f"Domain [{domain.id}] is {domain.status}; it has to be InService")

    def check_no_apps(self, backend: Any, name: str) -> None:
        for app in backend.all_of("App"):
            is_here = app.settings["DomainId"] == self.settings["DomainId"]
            if is_here and app.settings.get(name) == self.settings[name] and not app.is_gone:
                raise in_use(f"Unable to delete {self.named(self.settings)} because App(s) are associated with it.")

    def describe(self) -> dict[str, Any]:
        return {**super().describe(), "HomeEfsFileSystemUid": self.uid}

    def created(self, backend: Any) -> None:
        self.uid = backend.get("Domain", self.settings).next_uid()


class UserProfile(Member):
    """A user of a domain."""

    key = ("DomainId", "UserProfileName")

    @classmethod
    def check(cls, backend: Any, settings: dict[str, Any]) -> None:
        super().check(backend, settings)
        is_sso = backend.get("Domain", settings).settings.get("AuthMode") == "SSO"
        if is_sso != ("SingleSignOnUserValue" in settings):
            raise invalid("SingleSignOnUserValue is for domains with AuthMode SSO, and required there")
        cls.check_update(backend, settings, {})

    @classmethod
    def check_update(cls, backend: Any, settings: dict[str, Any], request: dict[str, Any]) -> None:
        check_user_settings(backend, settings.get("UserSettings"), backend.get("Domain", settings).settings["VpcId"])

    def check_free(self, backend: Any) -> None:
        self.check_no_apps(backend, "UserProfileName")
        for space in backend.all_of("Space"):
            owner = (space.settings.get("OwnershipSettings") or {}).get("OwnerUserProfileName")
            is_here = space.settings["DomainId"] == self.settings["DomainId"]
            if is_here and owner == self.settings["UserProfileName"]:
                raise in_use(f"Unable to delete {self.named(self.settings)} because Space(s) are associated with it.")


class Space(Member):
    """A place for apps with a volume of its own: of one user, or shared."""

    key = ("DomainId", "SpaceName")

    @classmethod
    def check(cls, backend: Any, settings: dict[str, Any]) -> None:
        super().check(backend, settings)
        owner = (settings.get("OwnershipSettings") or {}).get("OwnerUserProfileName")
        if owner is not None:
            backend.get("UserProfile", {"DomainId": settings["DomainId"], "UserProfileName": owner})

    def check_free(self, backend: Any) -> None:
        self.check_no_apps(backend, "SpaceName")

    def describe(self) -> dict[str, Any]:
        domain_id, name = self.key_of(self.settings)
        region = self.arn.split(":")[3]
        return {**super().describe(), "Url": f"https://{domain_id}.studio.{region}.sagemaker.aws/jupyterlab/{name}"}


class App(Member):
    """An app. One that was deleted stays in lists for a day."""

    key = ("DomainId", "AppName")
    uid = None

    @classmethod
    def key_of(cls, settings: dict[str, Any]) -> tuple[str, ...]:
        owner = settings.get("SpaceName") or settings["UserProfileName"]
        return (settings["DomainId"], owner, settings["AppType"].lower(), settings["AppName"])

    @classmethod
    def check(cls, backend: Any, settings: dict[str, Any]) -> None:
        super().check(backend, settings)
        owner = backend.get("Space" if "SpaceName" in settings else "UserProfile", settings)
        if owner.status != "InService":
            raise in_use(f"{owner.id} is {owner.status}")

    def created(self, backend: Any) -> None:
        pass

    def check_free(self, backend: Any) -> None:
        # AWS: "You can only delete an app that's in the InService state" (gs-studio-delete-domain).
        if self.status not in ("InService", "Pending"):
            raise in_use(f"App [{self.settings['AppName']}] is {self.status}")
