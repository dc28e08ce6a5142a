"""What a new site holds: the working group as it has described itself so far.

One module for each page type, with its words as data and a function that makes pages of them. Facts
and figures are the group's; what it has not told is left empty. Once loaded, all of it is ordinary
content, and editors' changes to it are never touched again.
"""

from collections.abc import Callable

from django.db import transaction
from wagtail.models import Site

from pages.base import BasePage
from pages.models import Organisation, Person
from pages.starter import (
    article,
    charter,
    deliverable,
    form,
    forum,
    home,
    leadership,
    navigation,
    newsletter,
    organisation,
    person,
    site_settings,
    survey,
)
from pages.starter.placeholder import Placeholders, placeholders

__all__ = ["load"]


def load(report: Callable[[str], None]) -> bool:
    """Load everything, or nothing when there is content already; says which of the two it did."""
    with placeholders() as pictures, transaction.atomic():
        # Of two that start at once, the second waits here and then finds what the first has loaded.
        list(Site.objects.select_for_update())
        if has_content():
            return False
        create(pictures, report)
    return True


def has_content() -> bool:
    models = [*BasePage.__subclasses__(), Organisation, Person]
    return any(model.objects.exists() for model in models)


def create(pictures: Placeholders, report: Callable[[str], None]) -> None:
    report("organisations and people")
    organisations = organisation.create()
    people = person.create(organisations, pictures)

    report("home page and forms")
    home_page = home.create()
    get_involved = form.create_get_involved(home_page)
    take_the_survey = form.create_take_the_survey(home_page)
    home.publish(home_page, join_page=get_involved)
    site = home.open_site(home_page)

    report("charter and leadership")
    charter_page = charter.create(home_page)
    leadership_page = leadership.create(home_page, people)

    report("forums")
    forums_page = forum.create(home_page, organisations, people)

    report("deliverables")
    deliverables_page = deliverable.create(home_page)

    report("survey")
    survey_page = survey.create(home_page, take_the_survey)

    report("articles")
    articles_page = article.create(home_page, people, pictures, related=[forums_page, survey_page])

    report("newsletters")
    newsletters_page = newsletter.create(home_page)

    report("site settings and navigation")
    site_settings.create(site, organisations, pictures)
    navigation.create(
        site,
        header=[
            charter_page,
            leadership_page,
            forums_page,
            deliverables_page,
            survey_page,
            articles_page,
        ],
        footer=[charter_page, get_involved, newsletters_page, take_the_survey],
    )
