"""The forums: an index page, and one page for each edition.

Whether an edition is upcoming, live or past is never stored: it follows from its dates and the
moment of the request.
"""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import Min, Q, Value
from django.db.models.functions import Cast, Concat
from grapple.helpers import register_streamfield_block
from wagtail import blocks
from wagtail.admin.panels import FieldPanel, FieldRowPanel, HelpPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import PageManager
from wagtail.query import PageQuerySet
from wagtail.search import index

from pages.base import BasePage
from pages.block_references import references_in_block
from pages.blocks import RICH_TEXT_FEATURES, organisation_list, person_list, stored_items
from pages.lifecycle.forms import PublicationPageForm
from pages.lifecycle.problems_panel import ProblemsPanel
from pages.rich_text.fields import RichTextField
from pages.search import BlocksField, ForEditors, NamesPeople
from pages.seo import schema_org
from pages.types import (
    GraphQLBlocks,
    GraphQLChoice,
    GraphQLConnection,
    GraphQLDateTime,
    GraphQLInt,
    GraphQLReferences,
    GraphQLRichText,
    GraphQLString,
)
from pages.zones import ZoneSelect, zone_names

__all__ = [
    "DatePrecision",
    "ForumFormat",
    "ForumPage",
    "ForumStatus",
    "ForumTalk",
    "ForumTheme",
    "ForumsPage",
]

FORUM_ORDER = ("-edition",)
GIVE_THE_DATE = "Give the date, or choose “No date yet” above."
CHOOSE_THE_ZONE = "Choose the time zone in which it takes place."
SAY_WHEN_IT_ENDS = "Say when it ends, so that readers see when it is over."
SAY_WHICH_FORUM = "Say which forum this is: 1, 2, 3 …"


class ForumFormat(models.TextChoices):
    """How people take part in a forum."""

    IN_PERSON = "in_person", "In person"
    LIVESTREAM = "livestream", "Livestream"
    HYBRID = "hybrid", "In person and livestream"


class DatePrecision(models.TextChoices):
    """How much of a forum's date is known."""

    UNKNOWN = "unknown", "No date yet"
    MONTH = "month", "Only the month"
    DAY = "day", "The days"
    TIME = "time", "The days and times"


class ForumStatus(models.TextChoices):
    """Where a forum stands at the moment of the request."""

    UNDATED = "undated", "No date is known"
    UPCOMING = "upcoming", "Still to come"
    LIVE = "live", "Going on now"
    PAST = "past", "Over"


ATTENDANCE = {
    ForumFormat.IN_PERSON: "https://schema.org/OfflineEventAttendanceMode",
    ForumFormat.LIVESTREAM: "https://schema.org/OnlineEventAttendanceMode",
    ForumFormat.HYBRID: "https://schema.org/MixedEventAttendanceMode",
}


def time_zone_choices() -> list[tuple[str, str]]:
    """What is valid; which of them are offered, ``ZoneSelect`` says."""
    return [(name, name.replace("_", " ")) for name in zone_names()]


@register_streamfield_block
class ForumTheme(blocks.StructBlock):
    """A theme that ran through a forum, with the organisations that spoke to it."""

    heading = blocks.CharBlock(max_length=150, help_text="The theme in a few words.")
    text = blocks.TextBlock(
        required=False, help_text="What was said about it: one to three sentences."
    )
    organisations = organisation_list(
        required=False, help_text="Who contributed, in the order they should be named."
    )

    graphql_fields = [
        GraphQLString("heading", required=True, description="The theme in a few words."),
        GraphQLString("text", description="What was said about it."),
        GraphQLReferences(
            "organisations", "pages.Organisation", description="Who contributed to the theme."
        ),
    ]

    class Meta:
        icon = "tag"
        graphql_description = "A theme of a forum and the organisations that spoke to it."


@register_streamfield_block
class ForumTalk(blocks.StructBlock):
    """One talk of a forum's programme."""

    heading = blocks.CharBlock(max_length=200, label="Title", help_text="The talk's title.")
    text = blocks.TextBlock(required=False, label="Abstract", help_text="What the talk is about.")
    speakers = person_list(required=False, help_text="Who gives the talk.")
    organisations = organisation_list(
        required=False, help_text="The organisations behind the talk."
    )
    recording_url = blocks.URLBlock(
        required=False, help_text="Where the recording of this talk can be watched."
    )

    graphql_fields = [
        GraphQLString("heading", required=True, description="The talk's title."),
        GraphQLString("text", description="What the talk is about."),
        GraphQLReferences("speakers", "pages.Person", description="Who gives the talk."),
        GraphQLReferences(
            "organisations", "pages.Organisation", description="The organisations behind it."
        ),
        GraphQLString("recording_url", description="Address of the talk's recording."),
    ]

    class Meta:
        icon = "openquote"
        graphql_description = "One talk of a forum's programme."


class ForumsPage(BasePage):
    """Introduces the forums; each edition is a page beneath it."""

    operation = "forums"

    introduction = RichTextField(
        blank=True,
        features=RICH_TEXT_FEATURES,
        help_text="How the forums came about and what they mean to the group.",
    )

    page_description = "Introduces the forums. Each edition is a page beneath it."
    parent_page_types = ["pages.HomePage"]
    subpage_types = ["pages.ForumPage"]
    max_count_per_parent = 1

    content_panels = [
        *BasePage.content_panels,
        FieldPanel("introduction"),
        HelpPanel("Each edition is a page beneath this one.", heading="Editions"),
    ]
    search_fields = [
        *BasePage.search_fields,
        index.SearchField("introduction"),
    ]
    graphql_fields = [
        GraphQLRichText("introduction", description="How the forums came about."),
        GraphQLConnection(
            "editions",
            "pages.ForumPage",
            description="The editions, newest first.",
            resolve=lambda page, info, **arguments: info.context.content.children(
                page, info, ForumPage, order=FORUM_ORDER, **arguments
            ),
        ),
    ]

    described_by = "introduction"
    web_page_type = "CollectionPage"

    class Meta:
        verbose_name = "forums"
        verbose_name_plural = "forums"


def marked(key: Any) -> Concat:
    """A key as it stands among others, from which no longer one is taken."""
    return Concat(Value("|"), Cast(key, models.CharField()), Value("|"))


class ForumQuerySet(PageQuerySet):
    def with_status(self, statuses: list[ForumStatus], *, at: datetime) -> "ForumQuerySet":
        """Forums that have one of these statuses at a moment, as ``ForumPage.status_at`` says."""
        conditions = {
            ForumStatus.UNDATED: Q(period_starts__isnull=True),
            ForumStatus.UPCOMING: Q(period_starts__gt=at),
            ForumStatus.LIVE: Q(period_starts__lte=at, period_ends__gt=at),
            ForumStatus.PAST: Q(period_starts__lte=at)
            & (Q(period_ends__isnull=True) | Q(period_ends__lte=at)),
        }
        wanted = Q(pk__in=[])
        for status in statuses:
            wanted |= conditions[ForumStatus(status)]
        return self.filter(wanted)

    def with_contributor(self, key: Any) -> "ForumQuerySet":
        """Forums at which an organisation contributed; none if an expression gives no key."""
        return self.filter(contributors__contains=marked(key))

    def with_speaker(self, key: Any) -> "ForumQuerySet":
        """Forums at which a person gave a talk; none if an expression gives no key."""
        return self.filter(speakers__contains=marked(key))

    def next_change_of_status(self, *, after: datetime) -> datetime | None:
        """The first moment after another at which one of these begins or ends."""
        begins_or_ends = self.aggregate(
            begins=Min("period_starts", filter=Q(period_starts__gt=after)),
            ends=Min("period_ends", filter=Q(period_ends__gt=after)),
        )
        return min(filter(None, begins_or_ends.values()), default=None)


class ForumPageForm(PublicationPageForm):
    """Its times are entered in the zone that the form names."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        dated = [each for each in DatePrecision.values if each != DatePrecision.UNKNOWN]
        self.require_when("starts_at", GIVE_THE_DATE, date_precision=dated)
        self.require_when("time_zone", CHOOSE_THE_ZONE, date_precision=dated)
        self.require_when("ends_at", SAY_WHEN_IT_ENDS, date_precision=[str(DatePrecision.TIME)])
        if "time_zone" not in self.fields:
            return
        bound = self["time_zone"]
        for name in {"starts_at", "ends_at"} & self.fields.keys():
            self.fields[name].use_zone(bound.value(), chosen_in=bound.auto_id)


class ForumPage(NamesPeople, BasePage):
    """One edition of the forum: its date, highlights and programme."""

    base_form_class = ForumPageForm
    operation = "forum"
    required_to_publish = {"edition": SAY_WHICH_FORUM}
    shows_problems_of = ("starts_at", "ends_at")

    edition = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Which forum this is, counted from the first: 1, 2, 3 …"
    )
    summary = RichTextField(
        features=RICH_TEXT_FEATURES, help_text="What this edition was or will be about."
    )
    outlook = RichTextField(
        "conclusion",
        blank=True,
        features=RICH_TEXT_FEATURES,
        help_text="What it led to. Stands after the themes.",
    )
    date_precision = models.CharField(
        "what is known of the date",
        max_length=10,
        choices=DatePrecision.choices,
        default=DatePrecision.UNKNOWN,
        help_text="Readers see no more of the date than you say is known.",
    )
    starts_at = models.DateTimeField(
        "starts",
        null=True,
        blank=True,
        help_text="For “only the month”, any day of that month will do.",
    )
    ends_at = models.DateTimeField(
        "ends", null=True, blank=True, help_text="When it is over. Needed when the times are known."
    )
    # The period as far as known, kept beside what it follows from so that lists can be filtered.
    period_starts = models.DateTimeField(null=True, editable=False, db_index=True)
    period_ends = models.DateTimeField(null=True, editable=False, db_index=True)
    # The keys of the organisations in its themes and talks, kept for the same reason: "|3|17|".
    contributors = models.TextField(blank=True, editable=False)
    # And those of the people who speak in its talks.
    speakers = models.TextField(blank=True, editable=False)
    time_zone = models.CharField(
        max_length=50,
        choices=time_zone_choices,
        # None is offered first: one that nobody chose would announce the forum at a wrong hour.
        blank=True,
        help_text="The zone the event is announced in. Readers elsewhere see their own time.",
    )
    days = models.PositiveSmallIntegerField(
        "number of days", null=True, blank=True, help_text="How many days it runs, when known."
    )
    format = models.CharField(
        max_length=20, blank=True, choices=ForumFormat.choices, help_text="How people take part."
    )
    venue = models.CharField(
        max_length=200, blank=True, help_text="Building and city. Empty for a livestream."
    )
    stream_url = models.URLField(
        "livestream address", blank=True, help_text="Where it can be watched live, with https://."
    )
    registration_url = models.URLField(
        "registration address", blank=True, help_text="Where people sign up, with https://."
    )
    themes = StreamField(
        [("theme", ForumTheme())], blank=True, help_text="The highlights, theme by theme."
    )
    talks = StreamField([("talk", ForumTalk())], blank=True, help_text="The programme, in order.")
    playlist_url = models.URLField(
        "recordings address",
        blank=True,
        help_text="The playlist with the recordings, with https://. "
        "Leave empty until you have the real address.",
    )

    page_description = "One edition of the forum: when and where, highlights, talks and recordings."
    objects = PageManager.from_queryset(ForumQuerySet)()

    parent_page_types = ["pages.ForumsPage"]
    subpage_types: list[str] = []

    content_panels = [
        *BasePage.content_panels,
        MultiFieldPanel([FieldPanel("edition"), FieldPanel("summary")], heading="This edition"),
        MultiFieldPanel(
            [
                FieldPanel("date_precision"),
                FieldPanel(
                    "time_zone",
                    widget=ZoneSelect(unchosen="Choose the place"),
                    help_text="The zone the event is announced in: you enter its times in it. "
                    "Readers elsewhere see their own time.",
                ),
                ProblemsPanel("starts_at"),
                ProblemsPanel("ends_at"),
                FieldRowPanel([FieldPanel("starts_at"), FieldPanel("ends_at")]),
                FieldPanel("days"),
            ],
            heading="When",
        ),
        MultiFieldPanel(
            [
                FieldPanel("format"),
                FieldPanel("venue"),
                FieldPanel("stream_url"),
                FieldPanel("registration_url"),
            ],
            heading="Where and how",
        ),
        MultiFieldPanel([FieldPanel("themes"), FieldPanel("outlook")], heading="Highlights"),
        MultiFieldPanel([FieldPanel("talks"), FieldPanel("playlist_url")], heading="Programme"),
    ]
    search_fields = [
        *BasePage.search_fields,
        index.SearchField("summary"),
        index.SearchField("outlook"),
        index.SearchField("venue"),
        BlocksField("themes"),
        BlocksField("talks"),
        ForEditors("people_named"),
        index.FilterField("starts_at"),
        index.FilterField("edition"),
    ]
    graphql_fields = [
        GraphQLInt("edition", required=True, description="Which forum this is: 1 is the first."),
        GraphQLRichText("summary", required=True, description="What this edition is about."),
        GraphQLRichText("outlook", description="What it led to; stands after the themes."),
        GraphQLChoice(
            "status",
            ForumStatus,
            required=True,
            description="Upcoming, live or past, by the clock at the moment of the request.",
            resolve=lambda page, info: page.status_at(info.context.moment),
        ),
        GraphQLChoice(
            "date_precision",
            DatePrecision,
            required=True,
            description="How much of `startsAt` and `endsAt` is known. Show no more than that.",
        ),
        GraphQLDateTime(
            "starts_at",
            description="When it starts, in UTC. With precision MONTH, the first of that month.",
            resolve=lambda page, info: page.period[0],
        ),
        GraphQLDateTime(
            "ends_at",
            description="When it ends, in UTC and exclusive. With precision MONTH, the first of "
            "the next month.",
            resolve=lambda page, info: page.period[1],
        ),
        GraphQLString(
            "time_zone",
            required=True,
            description="IANA time zone the event is announced in: `Europe/Rome`; "
            "`UTC` while none was chosen.",
            resolve=lambda page, info: page.zone.key,
        ),
        GraphQLString(
            "date_text",
            description="The date as text, in the event's zone and no finer than known: "
            "`March 2024`. Null when no date is known.",
            resolve=lambda page, info: page.date_text,
        ),
        GraphQLInt("days", description="How many days it runs, when known."),
        GraphQLChoice("format", ForumFormat, description="How people take part, when known."),
        GraphQLString("venue", description="Building and city."),
        GraphQLString("stream_url", description="Where it can be watched live."),
        GraphQLString("registration_url", description="Where people sign up."),
        GraphQLBlocks("themes", ForumTheme, description="The highlights, theme by theme."),
        GraphQLBlocks("talks", ForumTalk, description="The programme, in order."),
        GraphQLString("playlist_url", description="Address of the recordings."),
    ]

    described_by = "summary"

    class Meta:
        verbose_name = "forum"

    def linked_data(self, facts):
        recordings = [*self.recordings(facts)]
        return [self.event(facts, recordings), *recordings]

    def event(self, facts, recordings):
        starts, ends = self.dates_known
        return {
            "@type": "Event",
            "@id": facts.thing,
            "name": self.title,
            "description": facts.seo.description,
            "inLanguage": facts.language,
            "url": facts.here,
            "startDate": starts,
            "endDate": ends,
            "eventAttendanceMode": ATTENDANCE.get(self.format),
            "location": self.locations(facts),
            "organizer": {"@id": facts.group},
            "performer": [schema_org.person(facts, key) for key in self.keys_of_people()],
            "contributor": [
                schema_org.organisation(facts, int(key))
                for key in self.contributors.split("|")
                if key
            ],
            "about": schema_org.named(
                "Thing", (item["value"].get("heading") for item in self.themes.raw_data)
            ),
            "potentialAction": {"@type": "RegisterAction", "target": self.registration_url}
            if self.registration_url
            else None,
            "recordedIn": [
                *({"@id": each["@id"]} for each in recordings),
                {"@type": "VideoGallery", "url": self.playlist_url} if self.playlist_url else None,
            ],
            "image": facts.own_picture,
        }

    def locations(self, facts):
        yields = []
        if self.venue:
            yields.append({"@type": "Place", "name": self.venue, "address": self.venue})
        if self.stream_url or self.format in (ForumFormat.LIVESTREAM, ForumFormat.HYBRID):
            yields.append({"@type": "VirtualLocation", "url": self.stream_url or facts.here})
        return yields

    def recordings(self, facts):
        """The talks that can be watched. When they were put there nobody knows."""
        for item in self.talks.raw_data:
            talk = item["value"]
            if talk.get("recording_url"):
                keys = [key for _, key in stored_items(talk.get("speakers"))]
                yield {
                    "@type": "VideoObject",
                    "@id": f"{facts.here}#recording-{item.get('id') or talk['recording_url']}",
                    "name": talk.get("heading"),
                    "description": talk.get("text"),
                    "url": talk["recording_url"],
                    "recordedAt": {"@id": facts.thing},
                    "actor": [schema_org.person(facts, key) for key in keys],
                    "thumbnailUrl": facts.address_of_picture,
                }

    @property
    def dates_known(self) -> tuple[str | None, str | None]:
        """First and last moment, day or month, as ISO 8601 has them, in the event's zone."""
        starts, ends = self.period
        if starts is None:
            return None, None
        starts, ends = starts.astimezone(self.zone), ends and ends.astimezone(self.zone)
        if self.date_precision == DatePrecision.MONTH:
            return f"{starts:%Y-%m}", None
        if self.date_precision == DatePrecision.TIME or ends is None:
            return starts.isoformat(), ends.isoformat() if ends else None
        # It ends where the day after its last begins.
        last = ends - timedelta(microseconds=1)
        return f"{starts:%Y-%m-%d}", f"{last:%Y-%m-%d}"

    def contradictions(self):
        if self.ends_at and not self.starts_at:
            return {"starts_at": ["Say when it starts, as you say when it ends."]}
        if self.ends_at and self.starts_at and self.ends_at <= self.starts_at:
            return {"ends_at": ["The forum has to end after it starts."]}
        return {}

    def publication_problems(self):
        problems = super().publication_problems()
        if self.date_precision != DatePrecision.UNKNOWN:
            if not self.starts_at:
                problems.setdefault("starts_at", [GIVE_THE_DATE])
            if not self.time_zone:
                problems["time_zone"] = [CHOOSE_THE_ZONE]
        if self.date_precision == DatePrecision.TIME and not self.ends_at:
            problems["ends_at"] = [SAY_WHEN_IT_ENDS]
        if self.edition == 0:
            problems["edition"] = [SAY_WHICH_FORUM]
        elif self.edition and self._edition_is_taken():
            problems["edition"] = ["Another published forum has this number already."]
        return problems

    def derive_fields(self):
        self.period_starts, self.period_ends = self.period
        self.contributors = self._keys_of("pages.organisation")
        self.speakers = self._keys_of("pages.person")

    def _keys_of(self, name: str) -> str:
        """The keys of the objects of a model that its themes and talks name, each marked."""
        found = {
            key
            for content in (self.themes, self.talks)
            for model, key in references_in_block(content.stream_block, list(content.raw_data))
            if model._meta.label_lower == name
        }
        return "|".join(["", *map(str, sorted(found)), ""])

    def keys_of_people(self) -> list[int]:
        return [int(key) for key in self.speakers.split("|") if key]

    def save(self, *args, **kwargs):
        self.derive_fields()
        return super().save(*args, **kwargs)

    def _edition_is_taken(self) -> bool:
        others = ForumPage.objects.live().filter(edition=self.edition, locale_id=self.locale_id)
        return others.exclude(pk=self.pk).exists()

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone or "UTC")

    @property
    def period(self) -> tuple[datetime | None, datetime | None]:
        """First and last moment of the event as far as known, in UTC; the end is exclusive.

        Of a draft that ends before it starts the start alone is known.
        """
        if self.date_precision == DatePrecision.UNKNOWN or self.starts_at is None:
            return None, None
        if self.date_precision == DatePrecision.TIME:
            return self.starts_at, None if "ends_at" in self.contradictions() else self.ends_at
        first = self._local_day(self.starts_at)
        if self.date_precision == DatePrecision.MONTH:
            first = first.replace(day=1)
            end = (first + timedelta(days=32)).replace(day=1)
        else:
            last = max(self.ends_at or self.starts_at, self.starts_at)
            end = self._local_day(last) + timedelta(days=1)
        return first.astimezone(UTC), end.astimezone(UTC)

    def _local_day(self, moment: datetime) -> datetime:
        """The midnight with which a moment's day begins in the event's zone."""
        local = moment.astimezone(self.zone)
        # Where summer time ends just after midnight a day has two: it begins with the first.
        return local.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)

    def status_at(self, moment):
        starts, ends = self.period
        if starts is None:
            return ForumStatus.UNDATED
        if moment < starts:
            return ForumStatus.UPCOMING
        if ends is None or moment >= ends:
            return ForumStatus.PAST
        return ForumStatus.LIVE

    @property
    def date_text(self) -> str | None:
        starts, ends = self.period
        if starts is None:
            return None
        starts = starts.astimezone(self.zone)
        if self.date_precision == DatePrecision.MONTH:
            return f"{starts:%B %Y}"
        last = (ends - timedelta(microseconds=1)).astimezone(self.zone) if ends else starts
        first_day, last_day = f"{starts.day} {starts:%B %Y}", f"{last.day} {last:%B %Y}"
        days = first_day if first_day == last_day else f"{first_day} to {last_day}"
        if self.date_precision == DatePrecision.TIME:
            return f"{days}, {starts:%H:%M} {self.zone.key}"
        return days
