"""The index of what readers search, and what statements call the rows that they find in it."""

from django.db import models

__all__ = ["OtherHit", "PageHit", "SearchDocument", "SearchSpelling"]


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


class Hit(models.Model):
    """A row of the index that has some of the words asked for.

    No database has this table: each statement that reads it begins with it, as
    ``cms.api.reading.search.hits`` says.
    """

    id = models.BigIntegerField(primary_key=True)
    # The bits of the words that it has, and how many they are.
    mask = models.IntegerField()
    terms = models.IntegerField()
    score = models.IntegerField()

    # No row of it refers to anything.
    wagtail_reference_index_ignore = True

    class Meta:
        abstract = True
        managed = False
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.id}: {self.score}"


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
