"""What the centre keeps of agencies and members, as SCIM resources: no more than a house needs to open its door."""

from datetime import datetime
from functools import cache
from typing import Annotated, Any

from scim2_models import (
    URN,
    AuthenticationScheme,
    Bulk,
    CaseExact,
    ChangePassword,
    ComplexAttribute,
    ETag,
    Extension,
    Filter,
    Mutability,
    Pagination,
    Patch,
    Required,
    Resource,
    ResourceType,
    ScimPolicy,
    ScimProvider,
    ServiceProviderConfig,
    Sort,
    Uniqueness,
)
from scim2_models.resources.resource import AnyExtension

PAGE_MAX = 200
"""The most resources in one answer: a larger page would keep the events waiting."""
PAGE_DEFAULT = 100
CURSOR_TIMEOUT_S = 3600
BULK_OPERATIONS_MAX = 500
BULK_BYTES_MAX = 1024 * 1024


class Badge(ComplexAttribute):
    """A badge: `value` is its key in hexadecimal under the secret of version `key_version`.

    `level` is "verified" for one that must prove itself wherever it can; left out, its number is enough.
    """

    value: Annotated[str | None, Required.true, CaseExact.true] = None
    key_version: Annotated[int | None, Required.true] = None
    status: Annotated[str | None, CaseExact.true] = None
    level: Annotated[str | None, CaseExact.true] = None


class Membership(Extension):
    """Which agency a user is a member through, until when, and by which badges.

    `revoked_at` is when all rights end or ended. `approval` is "applied" until the agency's head has approved.
    """

    __schema__ = URN("urn:samverk:params:scim:schemas:membership:1.0:User")

    agency: Annotated[str | None, Required.true, CaseExact.true] = None
    valid_from: datetime | None = None
    valid_until: datetime | None = None
    revoked_at: datetime | None = None
    approval: Annotated[str | None, Mutability.read_only, CaseExact.true] = None
    badges: list[Badge] | None = None


class User(Resource[AnyExtension]):
    """The SCIM User, of which only these attributes are kept."""

    __schema__ = URN("urn:ietf:params:scim:schemas:core:2.0:User")

    user_name: Annotated[str | None, Uniqueness.server, Required.true] = None
    display_name: Annotated[str | None, Required.true] = None
    preferred_language: str | None = None
    active: bool | None = None


class Agency(Resource[AnyExtension]):
    """A public body with a membership for a number of employees.

    `seats` is how many it may enrol, `enrolled` how many it has, `at_once` how many of them may be in the house at the
    same time (none: no such limit), `policy` what happens at the entrance beyond that, `contact` whom to tell, and
    `approves` whether its head approves each member that its identity provider adds.
    """

    __schema__ = URN("urn:samverk:params:scim:schemas:core:1.0:Agency")

    display_name: Annotated[str | None, Required.true] = None
    seats: Annotated[int | None, Required.true] = None
    enrolled: Annotated[int | None, Mutability.read_only] = None
    at_once: int | None = None
    policy: Annotated[str | None, CaseExact.true] = None
    contact: str | None = None
    approves: bool | None = None


def _user_type(*, needs_membership: bool) -> ResourceType:
    return ResourceType.model_validate(
        {
            "id": "User",
            "name": "User",
            "endpoint": "/Users",
            "schema": User.__schema__,
            "schemaExtensions": [{"schema": Membership.__schema__, "required": needs_membership}],
        }
    )


USER = _user_type(needs_membership=True)
AGENCY = ResourceType.model_validate(
    {"id": "Agency", "name": "Agency", "endpoint": "/Agencies", "schema": Agency.__schema__}
)


@cache
def provider() -> ScimProvider:
    """Return what the centre's SCIM service serves and can do. What it has no attribute for is dropped, never kept."""
    return _provider(USER)


@cache
def provider_for_agencies() -> ScimProvider:
    """Return the same for an agency's identity provider, which may know nothing of memberships."""
    return _provider(_user_type(needs_membership=False))


def _provider(user: ResourceType) -> ScimProvider:
    policy = ScimPolicy(unknown=ScimPolicy.Unknown.ignore)
    models: tuple[type[Resource[Any] | Extension], ...] = (User, Membership, Agency)
    return ScimProvider(models=models, resource_types=[user, AGENCY], config=_config(), policy=policy)


def _config() -> ServiceProviderConfig:
    bearer = AuthenticationScheme(
        type=AuthenticationScheme.Type.oauthbearertoken,
        name="Bearer token",
        description="A token issued by the centre for one house or one registrar",
    )
    return ServiceProviderConfig(
        patch=Patch(supported=True),
        bulk=Bulk(supported=True, max_operations=BULK_OPERATIONS_MAX, max_payload_size=BULK_BYTES_MAX),
        filter=Filter(supported=True, max_results=PAGE_MAX),
        change_password=ChangePassword(supported=False),
        sort=Sort(supported=True),
        etag=ETag(supported=True),
        authentication_schemes=[bearer],
        pagination=Pagination(
            cursor=True,
            index=True,
            default_pagination_method=Pagination.DefaultPaginationMethod.index,
            default_page_size=PAGE_DEFAULT,
            max_page_size=PAGE_MAX,
            cursor_timeout=CURSOR_TIMEOUT_S,
        ),
    )
