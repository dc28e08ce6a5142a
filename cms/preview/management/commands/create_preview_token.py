"""Makes a preview token for a script or a frontend that is set up without the admin."""

from datetime import timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from wagtail.models import Page

from cms.api.engine.errors import BadArgument
from cms.api.reading.ids import key_of
from cms.perspective.tokens import PreviewToken, Sees
from cms.releases.models import Release
from pages import clock


class Command(BaseCommand):
    help = "Makes a preview token and prints it. It cannot be shown again."

    def add_arguments(self, parser):
        parser.add_argument("name", help="whom or what it is for")
        parser.add_argument(
            "--by",
            required=True,
            metavar="USERNAME",
            help="who answers for it: it shows what they may see, for as long as they may",
        )
        parser.add_argument(
            "--at", metavar="MOMENT", help="show the site at this moment, not its drafts: ISO 8601"
        )
        parser.add_argument(
            "--release", type=int, metavar="ID", help="show the site once this release is live"
        )
        parser.add_argument(
            "--page",
            metavar="ID",
            help="only for this page: its id in the API, or the number in its editor's address",
        )
        parser.add_argument(
            "--days", type=int, default=7, help="how long it is valid, 7 by default"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        page = page_with_id(options["page"]) if options["page"] else None
        if options["release"] and not Release.objects.filter(pk=options["release"]).exists():
            raise CommandError(f"There is no release with the id {options['release']}.")
        if options["release"] and options["at"]:
            raise CommandError("Give a moment or a release, not both.")
        users = get_user_model()
        maker = users.objects.filter(**{users.USERNAME_FIELD: options["by"]}).first()
        if maker is None:
            raise CommandError(f"There is no user “{options['by']}”: give the name of an editor.")
        try:
            _, text = PreviewToken.objects.issue(
                name=options["name"],
                created_by=maker,
                sees=what_is_seen(options),
                release_id=options["release"],
                moment=moment_in(options["at"]),
                page=page,
                expires_at=clock.now() + timedelta(days=options["days"]),
            )
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stdout.write(text)


def page_with_id(identifier: str) -> Page:
    try:
        key = int(identifier) if identifier.isdecimal() else key_of(identifier, Page)
    except BadArgument as error:
        raise CommandError(error.message) from error
    page = Page.objects.filter(pk=key).first()
    if page is None:
        raise CommandError(f"There is no page with the id {identifier}.")
    return page


def what_is_seen(options: dict[str, Any]) -> Any:
    if options["release"]:
        return Sees.RELEASE
    return Sees.MOMENT if options["at"] else Sees.DRAFTS


def moment_in(text: str | None):
    moment = clock.exact_moment(text) if text else None
    if text and moment is None:
        raise CommandError("Give the moment as 2026-01-31T09:00+01:00, with its offset.")
    return moment
