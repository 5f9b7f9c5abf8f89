"""User profiles, spaces and apps of a Studio domain; moto has none of them.

AWS: API_CreateUserProfile, API_CreateSpace, API_CreateApp and their like in
https://docs.aws.amazon.com/sagemaker/latest/APIReference/; what keeps which from being deleted is in
https://docs.aws.amazon.com/sagemaker/latest/dg/gs-studio-delete-domain.html.
"""

from typing import Any

from .domains import Domain
from .studio import StudioResource, in_use, invalid, not_found


class UserProfile(StudioResource):
    """A user of a domain."""

    uid = ""

    def describe(self) -> dict[str, Any]:
        return {**super().describe(), "UserProfileArn": self.arn, "HomeEfsFileSystemUid": self.uid}


class Space(StudioResource):
    """A place for apps with a volume of its own: of one user, or shared."""

    uid = ""

    def describe(self) -> dict[str, Any]:
        domain_id, name = self.settings["DomainId"], self.settings["SpaceName"]
        region = self.arn.split(":")[3]
        return {
            **super().describe(),
            "SpaceArn": self.arn,
            "HomeEfsFileSystemUid": self.uid,
            "Url": f"https://{domain_id}.studio.{region}.sagemaker.aws/jupyterlab/{name}",
        }


class App(StudioResource):
    """An app. One that was deleted stays in lists for a day."""

    def describe(self) -> dict[str, Any]:
        return {**super().describe(), "AppArn": self.arn}


class Members:
    """Part of the SageMaker backend."""

    def create_user_profile(self: Any, settings: dict[str, Any]) -> UserProfile:
        domain_id, name = settings["DomainId"], settings["UserProfileName"]
        domain = self._ready_domain(domain_id)
        if self._find(self.user_profiles, (domain_id, name)):
            raise in_use(f"UserProfile [{name}] already exists in Domain [{domain_id}].")
        is_sso = domain.settings.get("AuthMode") == "SSO"
        if is_sso != ("SingleSignOnUserValue" in settings):
            raise invalid("SingleSignOnUserValue is for domains with AuthMode SSO, and required there")
        self.check_user_settings(settings.get("UserSettings") or {}, domain.vpc_id)
        profile = UserProfile(self._studio_arn("user-profile", domain_id, name), settings)
        profile.uid = self._next_uid(domain)
        self.user_profiles[domain_id, name] = profile
        return profile

    def update_user_profile(self: Any, settings: dict[str, Any]) -> UserProfile:
        profile = self.user_profile(settings["DomainId"], settings["UserProfileName"])
        self.check_user_settings(settings.get("UserSettings") or {}, self.domain(settings["DomainId"]).vpc_id)
        profile.change({"UserSettings": settings.get("UserSettings") or {}})
        profile.status = "Updating"
        return profile

    def delete_user_profile(self: Any, domain_id: str, name: str) -> None:
        profile = self.user_profile(domain_id, name)
        if self._running_apps(domain_id, "UserProfileName", name):
            raise in_use(f"Unable to delete UserProfile [{name}] because App(s) are associated with it.")
        for space in self.spaces.values():
            owner = (space.settings.get("OwnershipSettings") or {}).get("OwnerUserProfileName")
            if space.settings["DomainId"] == domain_id and owner == name and not space.is_gone:
                raise in_use(f"Unable to delete UserProfile [{name}] because Space(s) are associated with it.")
        profile.status = "Deleting"

    def user_profile(self: Any, domain_id: str, name: str) -> UserProfile:
        profile = self._find(self.user_profiles, (domain_id, name))
        if profile is None:
            raise not_found(f"UserProfile [{name}] in Domain [{domain_id}]")
        return profile  # type: ignore[no-any-return]

    def create_space(self: Any, settings: dict[str, Any]) -> Space:
        domain_id, name = settings["DomainId"], settings["SpaceName"]
        domain = self._ready_domain(domain_id)
        if self._find(self.spaces, (domain_id, name)):
            raise in_use(f"Space [{name}] already exists in Domain [{domain_id}].")
        owner = (settings.get("OwnershipSettings") or {}).get("OwnerUserProfileName")
        if owner is not None:
            self.user_profile(domain_id, owner)
        space = Space(self._studio_arn("space", domain_id, name), settings)
        space.uid = self._next_uid(domain)
        self.spaces[domain_id, name] = space
        return space

    def update_space(self: Any, settings: dict[str, Any]) -> Space:
        space = self.space(settings["DomainId"], settings["SpaceName"])
        space.change({key: settings[key] for key in ("SpaceSettings", "SpaceDisplayName") if key in settings})
        space.status = "Updating"
        return space

    def delete_space(self: Any, domain_id: str, name: str) -> None:
        space = self.space(domain_id, name)
        if self._running_apps(domain_id, "SpaceName", name):
            raise in_use(f"Unable to delete Space [{name}] because App(s) are associated with it.")
        space.status = "Deleting"

    def space(self: Any, domain_id: str, name: str) -> Space:
        space = self._find(self.spaces, (domain_id, name))
        if space is None:
            raise not_found(f"Space [{name}] in Domain [{domain_id}]")
        return space  # type: ignore[no-any-return]

    def create_app(self: Any, settings: dict[str, Any]) -> App:
        domain_id = settings["DomainId"]
        self._ready_domain(domain_id)
        if "SpaceName" in settings:
            owner = self.space(domain_id, settings["SpaceName"])
        else:
            owner = self.user_profile(domain_id, settings["UserProfileName"])
        if owner.status != "InService":
            raise in_use(f"{owner.id} is {owner.status}")
        key = _app_key(settings)
        if key in self.apps and not self.apps[key].is_gone:
            raise in_use(f"App [{settings['AppName']}] already exists.")
        app = App(self._studio_arn("app", *key), settings)
        self.apps[key] = app
        return app

    def delete_app(self: Any, settings: dict[str, Any]) -> None:
        app = self.app(settings)
        # AWS: "You can only delete an app that's in the InService state" (gs-studio-delete-domain).
        if app.status not in ("InService", "Pending"):
            raise in_use(f"App [{settings['AppName']}] is {app.describe()['Status']}")
        app.status = "Deleting"

    def app(self: Any, settings: dict[str, Any]) -> App:
        key = _app_key(settings)
        if key not in self.apps:
            raise not_found(f"App [{settings['AppName']}] in Domain [{settings['DomainId']}]")
        return self.apps[key]  # type: ignore[no-any-return]

    def members_of(self: Any, things: dict[Any, StudioResource], params: dict[str, Any]) -> list[dict[str, Any]]:
        """What a list shows, by the filters that AWS has."""
        shown = [
            thing.look() for key, thing in list(things.items()) if self._find(things, key) or isinstance(thing, App)
        ]
        filters = {
            "DomainIdEquals": "DomainId",
            "UserProfileNameEquals": "UserProfileName",
            "SpaceNameEquals": "SpaceName",
        }
        return [
            one
            for one in shown
            if all(name not in params or one.get(key) == params[name] for name, key in filters.items())
            and ("UserProfileNameContains" not in params or params["UserProfileNameContains"] in one["UserProfileName"])
        ]

    def _running_apps(self: Any, domain_id: str, key: str, name: str) -> bool:
        return any(
            app.settings["DomainId"] == domain_id and app.settings.get(key) == name and not app.is_gone
            for app in self.apps.values()
        )

    def _ready_domain(self: Any, domain_id: str) -> Domain:
        domain: Domain = self.domain(domain_id)
        if domain.status in ("Pending", "Deleting"):
            raise invalid(f"Domain [{domain_id}] is {domain.status}; it has to be InService")
        return domain

    def _find(self: Any, things: dict[Any, StudioResource], key: Any) -> StudioResource | None:
        thing = things.get(key)
        if thing is not None and thing.is_gone and not isinstance(thing, App):
            del things[key]
            return None
        return thing

    def _studio_arn(self: Any, kind: str, *parts: str) -> str:
        return f"arn:{self.partition}:sagemaker:{self.region_name}:{self.account_id}:{kind}/{'/'.join(parts)}"

    def _next_uid(self: Any, domain: Domain) -> str:
        domain.uid += 5
        return str(domain.uid)


def _app_key(settings: dict[str, Any]) -> tuple[str, str, str, str]:
    owner = settings.get("SpaceName") or settings["UserProfileName"]
    return (settings["DomainId"], owner, settings["AppType"].lower(), settings["AppName"])
