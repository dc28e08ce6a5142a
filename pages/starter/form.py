"""The two forms: one to get involved, and one for the survey, which is closed for now.

The survey asks what its highlights report, with the options that are known of each question.
"""

from collections.abc import Iterator

from pages.models import FormField, FormPage, HomePage
from pages.questions.kinds import FormFieldType
from pages.starter.prose import line, rich
from pages.starter.publishing import add_page
from pages.starter.survey import QUESTIONS

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

CONSENT = line("""
    I agree that the working group keeps what I have entered for a year, and uses it to write to me
    about taking part. I can ask for it to be deleted at any time.
""")

CONFIRMATION = line("""
    Thank you for your interest in Generative Edge AI. Your message has reached the working group,
    and someone will write to you.
""")

SURVEY_CONSENT = line("""
    I agree that my answers are kept for a year, and that what is made of all answers together is
    published. Nothing is published that tells who I am.
""")

# Of each highlight: what is asked, whether several answers are, and the step that begins with it.
ASKED = {
    "Market timing": ("When will the first Edge Generative AI products be on the market?", False),
    "Preferred applications": ("What should Edge Generative AI be used for first?", True),
    "Expected solutions": ("At which levels of the stack do you expect solutions?", True),
    "Drivers of adoption": ("What speaks for Generative AI at the edge?", True),
    "Organisational focus": ("On what does your organisation focus?", True),
    "Collaboration interests": ("How would your organisation like to collaborate?", True),
    "Support wanted": ("What should the foundation and the working group offer you?", True),
    "Emerging trends": ("Which trends do you see emerging?", True),
    "Agentic AI at the edge": ("Are you in favour of exploring agentic AI at the edge?", False),
    "Perceived impact": ("What will generative AI at the edge bring about?", False),
    "Barriers to adoption": (
        "What keeps your organisation from using generative AI at the edge?",
        True,
    ),
}
STEPS = {
    "Market timing": "The market",
    "Organisational focus": "Your organisation",
    "Emerging trends": "What comes next",
}
# What the highlights name no option for.
YEARS = ["Already in 2025", "2026", "2027", "2028", "2029", "2030", "Later, or not certain"]
OTHER_CHOICES = {"Market timing": YEARS, "Agentic AI at the edge": ["Yes", "No", "Not sure"]}

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
        confirmation_subject="Your message to Generative Edge AI",
        confirmation_text=CONFIRMATION,
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
        FormField(label="Keep my message", field_type=FormFieldType.CONSENT, consent_text=CONSENT),
    ]
    return add_page(home, page)


def create_take_the_survey(home: HomePage) -> FormPage:
    page = FormPage(
        title="Take part in the survey",
        slug="take-the-survey",
        seo_title="Take part in the Generative Edge AI Survey",
        search_description=line("""
            The Generative Edge AI Survey is not open to the public yet. Should it open, this is
            where you can take part.
        """),
        introduction=TAKE_THE_SURVEY,
        is_open=False,
    )
    page.form_fields = [*survey_questions()]
    return add_page(home, page)


def survey_questions() -> Iterator[FormField]:
    for highlight in QUESTIONS:
        heading = highlight["heading"]
        question, is_multiple = ASKED[heading]
        options = [option["text"] for option in highlight["options"]]
        choices = OTHER_CHOICES.get(heading, options)
        yield FormField(
            label=question,
            field_type=FormFieldType.CHECKBOXES if is_multiple else FormFieldType.RADIO,
            required=False,
            choices="\n".join(choices),
            step_title=STEPS.get(heading, ""),
        )
    yield FormField(
        label="Use my answers", field_type=FormFieldType.CONSENT, consent_text=SURVEY_CONSENT
    )
