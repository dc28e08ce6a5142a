"""Collections, and who keeps them."""

import pytest
from django.contrib.auth.models import Group, Permission
from wagtail.models import Collection, GroupCollectionPermission


@pytest.fixture
def collection(db):
    return Collection.get_first_root_node().add_child(name="Pictures")


@pytest.fixture
def keeper(staff):
    """One of the staff who also keeps the collections, and may not publish."""
    group = Group.objects.create(name="Keepers of collections")
    for action in ("add", "change", "delete"):
        GroupCollectionPermission.objects.create(
            group=group,
            collection=Collection.get_first_root_node(),
            permission=Permission.objects.get(codename=f"{action}_collection"),
        )
    staff.groups.add(group)
    return staff
