"""A preset that makes no sense stops the start with a sentence."""

import pytest
from django.conf import settings

from genedge_site.settings.presets import problems_of_presets


def test_those_of_the_site_make_sense():
    assert problems_of_presets(settings.IMAGE_PRESETS) == []


@pytest.mark.parametrize(
    ("name", "told", "problem"),
    [
        ("Hero", {"width": 9}, "'Hero' is no name. Use small letters, digits and underscores"),
        ("hero-2", {"width": 9}, "'hero-2' is no name."),
        ("a" * 41, {"width": 9}, "is no name."),
        ("hero", {}, "width of 'hero' has to be a whole number from 1 to 4096."),
        ("hero", {"width": 0}, "width of 'hero' has to be a whole number from 1 to 4096."),
        ("hero", {"width": 4097}, "width of 'hero' has to be a whole number from 1 to 4096."),
        ("hero", {"width": True}, "width of 'hero' has to be a whole number from 1 to 4096."),
        ("hero", {"width": 9, "crop": True}, "height of 'hero' has to be a whole number"),
        ("hero", {"width": 9, "height": 0}, "height of 'hero' has to be a whole number"),
        ("hero", {"width": 9, "widths": [3, "5"]}, "widths of 'hero' has to be a whole number"),
        ("hero", {"width": 9, "hieght": 9}, "'hero' has 'hieght', which is not one of crop,"),
        ("hero", {"width": 9, "sizes": '1"'}, "sizes of 'hero' are not as HTML has it"),
        ("hero", {"width": 9, "sizes": ""}, "sizes of 'hero' are not as HTML has it"),
    ],
)
def test_whatever_makes_none_is_one_sentence(name, told, problem):
    [said] = problems_of_presets({name: told})

    assert said.startswith("IMAGE_PRESETS: ")
    assert problem in said


@pytest.mark.parametrize(
    "told",
    [
        {"width": 1},
        {"width": 4096, "height": 4096},
        {"width": 9, "height": 9, "crop": True, "widths": [], "sizes": "(min-width: 9px) 9px, 1vw"},
    ],
)
def test_the_limits_are_within(told):
    assert problems_of_presets({"a" * 40: told}) == []
