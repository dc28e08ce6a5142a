"""The index of what readers search, what statements call the rows that they find in it, and what
editors promote for which words.
"""

from django.core.exceptions import ValidationError
from django.db import models
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.models import Orderable

from cms.search.words import LONGEST_KEY, key_of

__all__ = [
    "LONGEST_TERM",
    "MOST_PROMOTED",
    "OtherHit",
    "PageHit",
    "PromotedResult",
    "PromotedTerm",
    "SearchDocument",
    "SearchInVain",
    "SearchSpelling",
    "SeenHit",
]

LONGEST_TERM = 100
MOST_PROMOTED = 10


class SearchDocument(models.Model):
    """The words of one page, person, organisation or document, as its row has them.

    It holds what is not public as well: who asks joins it with what readers may see. Its ``id``
    follows from the key of what it is of: see ``documents``.

    The database keeps an index of ``words``, made by its first migration: SQLite an FTS5 table,
    PostgreSQL a tsvector.
    """

    id = models.BigAutoField(primary_key=True)
    title = models.TextField()
    # What excerpts are cut from.
    text = models.TextField()
    # Each word once, behind a letter that tells how much it weighs there: see ``documents``.
    words = models.TextField()
    made_by = models.PositiveSmallIntegerField(db_index=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.title


class SearchSpelling(models.Model):
    """A word that some document has or had, for who mistypes it.

    There may be two rows for one word. A word of what is not public finds nothing.
    """

    word = models.TextField(db_index=True)
    # Each three letters that follow one another in it.
    words = models.TextField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.word


def object_found(model: str) -> models.OneToOneField:
    return models.OneToOneField(
        model, on_delete=models.DO_NOTHING, db_constraint=False, related_name="search_hit"
    )


class OfStatement(models.Model):
    """A document that was found. No database has this table: each statement that reads it begins
    with it, as ``cms.api.reading.search.hits`` says.
    """

    id = models.BigIntegerField(primary_key=True)
    # The bits of the words that it has.
    mask = models.IntegerField()
    score = models.IntegerField()

    # No row of it refers to anything.
    wagtail_reference_index_ignore = True

    class Meta:
        abstract = True
        managed = False
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.id}: {self.score}"


class Hit(OfStatement):
    """A row of the index that has some of the words asked for: so many."""

    terms = models.IntegerField()

    class Meta(OfStatement.Meta):
        abstract = True


class PageHit(Hit):
    """A document of a page."""

    page = object_found("wagtailcore.Page")

    class Meta(Hit.Meta):
        db_table = "search_page_hit"


class OtherHit(Hit):
    """A document of anything else. Its key is that of an object of its kind."""

    kind = models.IntegerField()
    document = object_found("media.Document")
    organisation = object_found("pages.Organisation")
    person = object_found("pages.Person")

    class Meta(Hit.Meta):
        db_table = "search_other_hit"


class SeenHit(OfStatement):
    """A hit of any kind that who asks may see."""

    # The content type of a page; of another kind its number, as less than 0.
    of = models.IntegerField()

    class Meta(OfStatement.Meta):
        db_table = "search_seen_hit"


class PromotedTerm(ClusterableModel):
    """Words that readers search for, of which editors say what goes first.

    ``key`` is the same for all queries with these words, whatever their order, case and endings.
    """

    term = models.CharField(
        "search words",
        max_length=LONGEST_TERM,
        help_text=(
            "What readers type: “open positions”. Case, accents, endings and order make no"
            " difference."
        ),
    )
    site = models.ForeignKey(
        "wagtailcore.Site",
        on_delete=models.CASCADE,
        related_name="+",
        help_text="On which site readers search.",
    )
    locale = models.ForeignKey(
        "wagtailcore.Locale",
        verbose_name="language",
        on_delete=models.CASCADE,
        related_name="+",
        help_text="In which language they search.",
    )
    key = models.CharField(max_length=LONGEST_KEY, editable=False)

    class Meta:
        verbose_name = "promoted result"
        verbose_name_plural = "promoted results"
        ordering = ["term", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["site", "locale", "key"],
                name="search_promotedterm_same_words",
                violation_error_message="These words have promoted results already.",
            )
        ]

    def __str__(self) -> str:
        return self.term

    def clean(self) -> None:
        super().clean()
        if not (self.site_id and self.locale_id):
            return
        self.key = key_of(self.term, self.locale.language_code)
        if not self.key:
            raise ValidationError({"term": "Write at least one word: signs alone find nothing."})
        same = self.with_the_same_words()
        if same:
            raise ValidationError({"term": same.is_promoted_already()})

    def save(self, *args, **kwargs) -> None:
        self.key = key_of(self.term, self.locale.language_code)
        super().save(*args, **kwargs)

    def with_the_same_words(self):
        """Another one for the same site and language."""
        others = PromotedTerm.objects.filter(site=self.site_id, locale=self.locale_id, key=self.key)
        return others.exclude(pk=self.pk).first()

    def is_promoted_already(self) -> str:
        return (
            f"“{self.term}” has promoted results on this site in this language, and means the same"
            " words: change those."
        )


class PromotedResult(Orderable):
    """A page that goes first where readers search for a term."""

    term = ParentalKey(PromotedTerm, on_delete=models.CASCADE, related_name="results")
    page = models.ForeignKey(
        "wagtailcore.Page",
        on_delete=models.CASCADE,
        related_name="+",
        help_text="A page of that site, in that language.",
    )

    class Meta(Orderable.Meta):
        verbose_name = "page"
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.page)


class SearchInVain(models.Model):
    """Words for which readers found nothing, how often that was, and when last.

    Nothing tells who they were: see ``in_vain``.
    """

    site = models.ForeignKey("wagtailcore.Site", on_delete=models.CASCADE, related_name="+")
    locale = models.ForeignKey(
        "wagtailcore.Locale",
        verbose_name="language",
        on_delete=models.CASCADE,
        related_name="+",
    )
    # The same for all queries with these words; ``words`` are those of the first.
    key = models.CharField(max_length=LONGEST_KEY)
    words = models.CharField("search words", max_length=LONGEST_TERM)
    times = models.PositiveIntegerField("times")
    last_on = models.DateField("last searched on", db_index=True)

    # It names nothing that an editor would look for.
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = "search that found nothing"
        verbose_name_plural = "searches that found nothing"
        ordering = ["-times", "-last_on", "pk"]
        default_permissions = ("view", "delete")
        constraints = [
            models.UniqueConstraint(
                fields=["site", "locale", "key"], name="search_searchinvain_same_words"
            )
        ]

    def __str__(self) -> str:
        return self.words
