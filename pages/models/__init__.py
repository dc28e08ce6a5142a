"""Every model of ``pages``, by name, so that Django and readers find them in one place.

Each page type has a module of its own; page types never import one another.
"""

from pages.models.article import ArticleAuthor, ArticlePage, ArticlesPage, ArticleTag
from pages.models.charter import CharterPage
from pages.models.deliverable import (
    DeliverableAuthor,
    DeliverableCategoryPage,
    DeliverablePage,
    DeliverablesPage,
    DeliverableTag,
)
from pages.models.form import FormField, FormPage
from pages.models.forum import ForumPage, ForumsPage
from pages.models.home import HomePage
from pages.models.leadership import Leader, LeadershipPage
from pages.models.navigation import Navigation, NavigationTranslation
from pages.models.newsletter import NewsletterPage, NewslettersPage
from pages.models.organisation import Organisation
from pages.models.person import Person
from pages.models.site_settings import SiteSettings, SiteSettingsTranslation
from pages.models.survey import SurveyPage

__all__ = [
    "ArticleAuthor",
    "ArticlePage",
    "ArticleTag",
    "ArticlesPage",
    "CharterPage",
    "DeliverableAuthor",
    "DeliverableCategoryPage",
    "DeliverablePage",
    "DeliverableTag",
    "DeliverablesPage",
    "FormField",
    "FormPage",
    "ForumPage",
    "ForumsPage",
    "HomePage",
    "Leader",
    "LeadershipPage",
    "Navigation",
    "NavigationTranslation",
    "NewsletterPage",
    "NewslettersPage",
    "Organisation",
    "Person",
    "SiteSettings",
    "SiteSettingsTranslation",
    "SurveyPage",
]
