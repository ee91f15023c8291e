"""The roster as one bearer may see and change it: a house what holds at its door, an agency its own members."""

from typing import Any, cast

from scim2_models import ForbiddenException, Resource, ResourceType, ResponseParameters, SearchRequest
from scim2_server.storage import ScimStorage, SearchPage

from sync.centre import schemas
from sync.centre.records import APPLIED
from sync.centre.storage.resources import Resources

Fields = ResponseParameters[Any] | None


class Registrars(ScimStorage):
    """All of it, with how many members each agency has."""

    supports_cursors = True

    def __init__(self, resources: Resources) -> None:
        """Show those resources."""
        self._resources = resources

    def get(
        self, resource_type: ResourceType, resource_id: str, *, response_parameters: Fields = None
    ) -> Resource[Any]:
        """Return the resource as this bearer sees it."""
        return self._shown(self._resources.get(resource_type, resource_id, response_parameters=response_parameters))

    def search(
        self, resource_types: list[ResourceType], search_request: SearchRequest[Any], *, position: Any = None
    ) -> SearchPage:
        """Return one page as this bearer sees it."""
        page = self._resources.search(resource_types, search_request, position=position)
        page.resources = [self._shown(one) for one in page.resources]
        return page

    def create(self, resource_type: ResourceType, resource: Resource[Any]) -> Resource[Any]:
        """Keep a new resource."""
        return self._shown(self._resources.create(resource_type, resource))

    def update(
        self, resource_type: ResourceType, resource: Resource[Any], *, expected_version: str | None = None
    ) -> Resource[Any]:
        """Replace the resource."""
        return self._shown(self._resources.update(resource_type, resource, expected_version=expected_version))

    def delete(self, resource_type: ResourceType, resource_id: str, *, expected_version: str | None = None) -> None:
        """Remove the resource."""
        self._resources.delete(resource_type, resource_id, expected_version=expected_version)

    def _shown(self, resource: Resource[Any]) -> Resource[Any]:
        if isinstance(resource, schemas.Agency):
            resource.enrolled = self._resources.enrolled(str(resource.id))
        return resource


class Houses(Registrars):
    """What holds at the door. Nothing can be changed."""

    # ruff: noqa: ARG002 - what is refused is not looked at
    def create(self, resource_type: ResourceType, resource: Resource[Any]) -> Resource[Any]:
        """Refuse."""
        raise ForbiddenException

    def update(
        self, resource_type: ResourceType, resource: Resource[Any], *, expected_version: str | None = None
    ) -> Resource[Any]:
        """Refuse."""
        raise ForbiddenException

    def delete(self, resource_type: ResourceType, resource_id: str, *, expected_version: str | None = None) -> None:
        """Refuse."""
        raise ForbiddenException

    def _shown(self, resource: Resource[Any]) -> Resource[Any]:
        if isinstance(resource, schemas.Agency):
            resource.contact = resource.approves = None
            return super()._shown(resource)
        membership = _membership(resource)
        if isinstance(resource, schemas.User):
            resource.user_name = resource.id
            if membership is not None and membership.approval == APPLIED:
                resource.active = False
        if membership is not None and membership.revoked_at is not None:
            until = membership.valid_until
            membership.valid_until = min(until, membership.revoked_at) if until else membership.revoked_at
        return resource


class OneAgency(Registrars):
    """An agency's own members, for its identity provider. Badges are neither seen nor touched."""

    def __init__(self, resources: Resources, agency: str) -> None:
        """Show the members of that agency."""
        super().__init__(resources.of_agency(agency))
        self._all = resources
        self._agency = agency

    def create(self, resource_type: ResourceType, resource: Resource[Any]) -> Resource[Any]:
        """Keep a new member, who is applied for until the agency's head has approved."""
        made = resource.model_copy(deep=True)
        membership = self._own(made)
        membership.badges = membership.revoked_at = None
        head = cast("schemas.Agency[Any]", self._all.get(schemas.AGENCY, self._agency))
        membership.approval = None if head.approves is False else APPLIED
        return self._shown(self._all.create(resource_type, _with(made, membership)))

    def update(
        self, resource_type: ResourceType, resource: Resource[Any], *, expected_version: str | None = None
    ) -> Resource[Any]:
        """Replace the member, but for what is not the agency's to say."""
        before = _membership(self._resources.get(resource_type, str(resource.id)))
        made = resource.model_copy(deep=True)
        membership = self._own(made)
        if before is not None:
            membership.badges, membership.approval = before.badges, before.approval
            membership.revoked_at = before.revoked_at
        changed = self._resources.update(resource_type, _with(made, membership), expected_version=expected_version)
        return self._shown(changed)

    def _own(self, user: Resource[Any]) -> schemas.Membership:
        membership = _membership(user) or schemas.Membership()
        if membership.agency not in {None, self._agency}:
            raise ForbiddenException(detail="this token is for the members of one agency")
        membership.agency = self._agency
        return membership

    def _shown(self, resource: Resource[Any]) -> Resource[Any]:
        membership = _membership(resource)
        if membership is not None:
            membership.badges = None
        return resource


def _membership(resource: Resource[Any]) -> schemas.Membership | None:
    if not isinstance(resource, schemas.User):
        return None
    return cast("schemas.Membership | None", resource[schemas.Membership])


def _with(user: Resource[Any], membership: schemas.Membership) -> Resource[Any]:
    user[schemas.Membership] = membership
    if schemas.Membership.__schema__ not in user.schemas:
        user.schemas = [*user.schemas, schemas.Membership.__schema__]
    return user
