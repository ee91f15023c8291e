"""What a filter asks of SCIM resources, and the values of which there may be only one."""

from collections.abc import Sequence
from typing import Any, Union, cast

from scim2_models import AttributeBinding, InvalidValueException, Path, Resource, ScimFilter, Uniqueness
from scim2_models.path import CompareOperator, Comparison
from scim2_server.utils import parametrize

_UNIQUE = (Uniqueness.server, Uniqueness.global_)


def filtered(resources: Sequence[Resource[Any]], asked: ScimFilter[Any] | None) -> list[Resource[Any]]:
    """Return those of the resources that the filter asks for."""
    if asked is None or not resources:
        return list(resources)
    if not asked.models:
        # A search at the root: the filter must know which types it speaks of.
        models = tuple(dict.fromkeys(type(one) for one in resources))
        asked = parametrize(ScimFilter, Union[models])(str(asked))  # noqa: UP007 - made of types known at run time
    return [one for one in resources if asked.match(one)]


def unique_value(asked: ScimFilter[Any] | None) -> tuple[str, str] | None:
    """Return the attribute and the value asked for, if all that is asked is that a unique text equals another."""
    if asked is None or asked.model is None:
        return None
    node = asked.ast
    if not isinstance(node, Comparison) or node.op != CompareOperator.eq or not isinstance(node.value, str):
        return None
    binding = asked.resolve_comparison(node.attr_path, strict=False)
    if binding is None or binding.is_multivalued or binding.target_type is not str:
        return None
    is_unique = binding.get_annotation(Uniqueness) in _UNIQUE
    return (binding.urn, str(binding.comparable(node.value))) if is_unique else None


def unique_values(resource: Resource[Any]) -> dict[str, str]:
    """Return the values of which there may be only one, by attribute, or raise if one cannot be kept."""
    model = type(resource)
    found = {}
    for path in parametrize(Path, model).iter_paths(include_subattributes=False, uniqueness=list(_UNIQUE)):
        binding = cast("AttributeBinding", path.resolve())
        value = parametrize(Path, model)(binding.urn).get(resource, strict=False)
        if value is not None:
            found[binding.urn] = str(binding.comparable(value))
    # No database keeps this character in a key, and no name holds it.
    if any("\0" in value for value in found.values()):
        raise InvalidValueException(detail="a value holds the character zero")
    return found
