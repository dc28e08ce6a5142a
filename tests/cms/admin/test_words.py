"""The admin speaks one language; ``test_every_view`` reads all its words."""

import re
from html import unescape

from django.urls import reverse

from tests import factories


def test_admin_is_in_one_language_whose_weeks_begin_on_monday(staff, sign_in):
    window, index = sign_in(staff), factories.articles_page()
    form = reverse("wagtailadmin_pages:add", args=("pages", "articlepage", index.pk))

    account = window.get(reverse("wagtailadmin_account")).content.decode()
    dates = unescape(window.get(form).content.decode())

    assert "Preferred language" not in account
    assert "Time zone" in account
    assert set(re.findall(r'"dayOfWeekStart": ?(\d)', dates)) == {"1"}
