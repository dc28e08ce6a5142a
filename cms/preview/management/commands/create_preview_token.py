"""Makes a preview token for a script or a frontend that is set up without the admin."""

from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from wagtail.models import Page

from cms.perspective.tokens import PreviewToken, Sees
from cms.releases.models import Release
from pages import clock


class Command(BaseCommand):
    help = "Makes a preview token and prints it. It cannot be shown again."

    def add_arguments(self, parser):
        parser.add_argument("name", help="whom or what it is for")
        parser.add_argument(
            "--at", metavar="MOMENT", help="show the site at this moment, not its drafts: ISO 8601"
        )
        parser.add_argument(
            "--release", type=int, metavar="ID", help="show the site once this release is live"
        )
        parser.add_argument("--page", type=int, metavar="ID", help="only for the page with this id")
        parser.add_argument(
            "--days", type=int, default=7, help="how long it is valid, 7 by default"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["page"] and not Page.objects.filter(pk=options["page"]).exists():
            raise CommandError(f"There is no page with the id {options['page']}.")
        if options["release"] and not Release.objects.filter(pk=options["release"]).exists():
            raise CommandError(f"There is no release with the id {options['release']}.")
        if options["release"] and options["at"]:
            raise CommandError("Give a moment or a release, not both.")
        try:
            _, text = PreviewToken.objects.issue(
                name=options["name"],
                sees=what_is_seen(options),
                release_id=options["release"],
                moment=moment_in(options["at"]),
                page_id=options["page"],
                expires_at=clock.now() + timedelta(days=options["days"]),
            )
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stdout.write(text)


def what_is_seen(options: dict[str, Any]) -> Any:
    if options["release"]:
        return Sees.RELEASE
    return Sees.MOMENT if options["at"] else Sees.DRAFTS


def moment_in(text: str | None):
    moment = clock.exact_moment(text) if text else None
    if text and moment is None:
        raise CommandError("Give the moment as 2026-01-31T09:00+01:00, with its offset.")
    return moment
