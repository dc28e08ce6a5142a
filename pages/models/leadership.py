"""The leadership page: who leads the group, in which role and order."""

from django.db import models
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel
from wagtail.models import Orderable
from wagtail.search import index

from pages.base import BasePage
from pages.blocks import RICH_TEXT_FEATURES
from pages.lifecycle.rows import RowsPanel
from pages.rich_text.fields import RichTextField
from pages.search import ForEditors, NamesPeople
from pages.seo import schema_org
from pages.types import GraphQLChoice, GraphQLReference, GraphQLRelated, GraphQLRichText

__all__ = ["Leader", "LeadershipPage", "LeadershipRole"]


class LeadershipRole(models.TextChoices):
    """A role in the working group's leadership."""

    CHAIR = "chair", "Chair"
    CO_CHAIR = "co_chair", "Co-chair"
    VICE_CHAIR = "vice_chair", "Vice chair"
    SECRETARY = "secretary", "Secretary"
    MEMBER = "member", "Member of the leadership"


class LeadershipPage(NamesPeople, BasePage):
    """Who leads the working group."""

    operation = "leadership"
    rows_of_people = ("leaders",)

    introduction = RichTextField(
        blank=True, features=RICH_TEXT_FEATURES, help_text="What stands before the people."
    )

    page_description = "Who leads the group, in which role and order."
    parent_page_types = ["pages.HomePage"]
    subpage_types: list[str] = []
    max_count_per_parent = 1

    content_panels = [
        *BasePage.content_panels,
        FieldPanel("introduction"),
        RowsPanel(
            "leaders",
            heading="Leaders",
            label="leader",
            min_num=1,
            help_text="In the order readers should see them. Each person once, with one role.",
        ),
    ]
    search_fields = [
        *BasePage.search_fields,
        index.SearchField("introduction"),
        ForEditors("people_named"),
    ]
    graphql_fields = [
        GraphQLRichText("introduction", description="What stands before the people."),
        GraphQLRelated("leaders", "pages.Leader", description="The leaders, in order."),
    ]

    described_by = "introduction"
    web_page_type = "AboutPage"

    class Meta:
        verbose_name = "leadership"

    def linked_data(self, facts):
        return [
            {
                "@type": "Organization",
                "@id": facts.group,
                "member": facts.rows(self, "leaders").then(
                    lambda rows: [row.linked_data(facts) for row in rows]
                ),
            }
        ]

    def row_problems(self):
        problems = super().row_problems()
        if not self.leaders.all():
            problems["leaders"] = ["Name at least one leader."]
        return problems


class Leader(Orderable):
    """A person's place in the leadership."""

    page = ParentalKey(LeadershipPage, on_delete=models.CASCADE, related_name="leaders")
    person = models.ForeignKey(
        "pages.Person",
        on_delete=models.PROTECT,
        related_name="+",
        help_text="Who holds the role. The same person can be named on other pages.",
    )
    role = models.CharField(
        max_length=20,
        choices=LeadershipRole.choices,
        help_text="The person's role in this group, not in their organisation.",
    )

    identified_by = "person_id"

    panels = [FieldPanel("person"), FieldPanel("role")]
    graphql_fields = [
        GraphQLReference(
            "person", "pages.Person", description="The person; null while not public."
        ),
        GraphQLChoice("role", LeadershipRole, required=True, description="The role held."),
    ]

    def linked_data(self, facts):
        """Nothing of a role whose holder readers may not see."""
        return facts.one(
            "pages.Person",
            self.person_id,
            lambda found: {
                "@type": "OrganizationRole",
                "roleName": LeadershipRole(self.role).label if self.role else None,
                "member": schema_org.person_node(facts, found),
            },
        )

    class Meta(Orderable.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["page", "person"],
                name="pages_leader_one_role_each",
                violation_error_message="This person is listed already: one role for each leader.",
            )
        ]
