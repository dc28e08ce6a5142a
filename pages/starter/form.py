"""The two forms: one to get involved, and one for the survey, which is closed for now."""

from pages.models import FormField, FormPage, HomePage
from pages.models.form import FormFieldType
from pages.starter.prose import line, rich
from pages.starter.publishing import add_page

__all__ = ["create_get_involved", "create_take_the_survey"]

GET_INVOLVED = rich("""
    The working group is open to people who develop models, build systems, optimise hardware or look
    for new applications. Tell us who you are and how you would like to contribute.
""")

WAYS_TO_CONTRIBUTE = [
    "Developing models",
    "Building systems",
    "Optimising hardware",
    "Exploring new applications",
    "In another way",
]

TAKE_THE_SURVEY = rich("""
    The survey has gone to partners of the EDGE AI FOUNDATION. Whether to open it to the public is
    being considered. Should it open, its questions will be found here.
""")


def create_get_involved(home: HomePage) -> FormPage:
    page = FormPage(
        title="Get involved",
        slug="get-involved",
        seo_title="Get involved in Generative Edge AI",
        search_description=line("""
            Developers of models and systems, hardware specialists and explorers of new applications
            are welcome in the working group. Tell us how you would contribute.
        """),
        introduction=GET_INVOLVED,
        is_open=True,
        thank_you_text=rich("Thank you. Your message has been received."),
    )
    page.form_fields = [
        FormField(label="Your name", field_type=FormFieldType.SINGLELINE, required=True),
        FormField(label="E-mail address", field_type=FormFieldType.EMAIL, required=True),
        FormField(
            label="Organisation",
            field_type=FormFieldType.SINGLELINE,
            required=False,
            help_text="Leave this empty if you come on your own behalf.",
        ),
        FormField(
            label="How would you like to contribute?",
            field_type=FormFieldType.CHECKBOXES,
            required=False,
            choices="\n".join(WAYS_TO_CONTRIBUTE),
        ),
        FormField(label="Message", field_type=FormFieldType.MULTILINE, required=False),
    ]
    return add_page(home, page)


def create_take_the_survey(home: HomePage) -> FormPage:
    return add_page(
        home,
        FormPage(
            title="Take part in the survey",
            slug="take-the-survey",
            seo_title="Take part in the Generative Edge AI Survey",
            search_description=line("""
                The Generative Edge AI Survey is not open to the public yet. Should it open, this is
                where you can take part.
            """),
            introduction=TAKE_THE_SURVEY,
            is_open=False,
        ),
    )
