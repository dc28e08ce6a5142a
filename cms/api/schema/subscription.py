"""The mutation with which readers subscribe to newsletters."""

from __future__ import annotations

from typing import Any

import graphene

from cms.api.engine.deferred import settled
from cms.api.reading.languages import Language
from cms.subscriptions.errors import SubscriptionError as Refused
from cms.subscriptions.errors import SubscriptionErrorCode as ErrorCode
from cms.subscriptions.joining import Request, join
from pages.models import NewslettersPage

__all__ = ["SUBSCRIBE"]

NOT_OFFERED = Refused(ErrorCode.NOT_OFFERED, "This site has no newsletters.")
DESCRIPTIONS = {
    ErrorCode.NOT_OFFERED: "Readers see no page of newsletters on this site.",
    ErrorCode.CONSENT_REQUIRED: "`consent` is false.",
    ErrorCode.INVALID: "No e-mail address that mails can be sent to.",
    ErrorCode.LOOKS_AUTOMATED: "The honeypot was filled in.",
    ErrorCode.RATE_LIMITED: "Too many asked within the hour: send it after `retryAfter` seconds.",
}
SubscriptionErrorCode = graphene.Enum.from_enum(
    ErrorCode, description=lambda member: DESCRIPTIONS[member] if member else ErrorCode.__doc__
)


class SubscriptionError(graphene.ObjectType):
    """Why an address was not taken."""

    code = graphene.Field(SubscriptionErrorCode, required=True, description="For programs.")
    message = graphene.String(required=True, description="For people, in English.")
    retry_after = graphene.Int(description="Seconds after which the same may be taken.")


class Subscribe(graphene.ObjectType):
    """What became of a wish to get newsletters."""

    errors = graphene.List(
        graphene.NonNull(SubscriptionError),
        required=True,
        description=(
            "Empty if the address was taken: a mail asks to confirm it, unless it is subscribed"
            " already, which nobody is told."
        ),
    )


def resolve_subscribe(
    root: Any,
    info: Any,
    email: str,
    consent: bool,
    locale: str | None = None,
    honeypot: str = "",
) -> dict[str, Any]:
    now = info.context.for_sending()
    with now.in_force():
        page = settled(now.content.singleton(NewslettersPage, Language(locale, True)))
    if page is None:
        return {"errors": [NOT_OFFERED]}
    request = Request(
        site=now.sites.own.pk,
        email=email,
        language=now.content.language_of(page.locale_id),
        consent_text=page.consent_text,
        consents=consent,
        honeypot=honeypot,
        client_address=now.client_address,
    )
    refused = join(request, at=now.moment)
    return {"errors": [refused] if refused else []}


SUBSCRIBE = graphene.Field(
    Subscribe,
    required=True,
    email=graphene.String(required=True, description="Where newsletters are to be sent."),
    consent=graphene.Boolean(
        required=True, description="Whether they agree to `newslettersPage.consentText`."
    ),
    locale=graphene.String(
        description="The language in which they want newsletters; the site's own if it has none."
    ),
    honeypot=graphene.String(
        default_value="",
        description="Of a field that people do not see, and programs fill in.",
    ),
    description="Ask for newsletters. Whoever does not answer the mail is not subscribed.",
    resolver=resolve_subscribe,
)
