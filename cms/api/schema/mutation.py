"""What readers can send: answers to forms, and that they want newsletters."""

from __future__ import annotations

import graphene
from django.urls import reverse

from cms.api.engine.errors import BadArgument
from cms.api.reading.open_forms import form_at, locked
from cms.api.schema.subscription import SUBSCRIBE
from cms.submissions.errors import FormErrorCode as ErrorCode
from cms.submissions.taking import NOT_OPEN, Outcome, Sent, take
from cms.submissions.tokens import VALID_FOR, file_token_for, token_for
from pages.addresses import plain_address
from pages.questions.kinds import FILES

__all__ = ["Mutation"]

MOST_ANSWERS = 500

DESCRIPTIONS = {
    ErrorCode.FORM_NOT_OPEN: "No form takes answers there: none, or one that is closed or full.",
    ErrorCode.START_AGAIN: "The token is of another form, or too old: ask for one, send again.",
    ErrorCode.TOO_FAST: "Sent within two seconds of `startForm`: send it again after `retryAfter`.",
    ErrorCode.LOOKS_AUTOMATED: "The honeypot was filled in.",
    ErrorCode.RATE_LIMITED: "Too many answers within the hour: send it after `retryAfter` seconds.",
    ErrorCode.KEY_REFUSED: "The idempotency key is too short or too long.",
    ErrorCode.KEY_REUSED: "Other answers came with this idempotency key.",
    ErrorCode.UNKNOWN_QUESTION: "The form has no question of that key: it was changed meanwhile.",
    ErrorCode.ANSWERED_TWICE: "Several answers to a question that takes one.",
    ErrorCode.REQUIRED: "The question needs an answer.",
    ErrorCode.CONSENT_REQUIRED: "The form cannot be sent without this consent.",
    ErrorCode.INVALID: "Not of the kind that is asked for.",
    ErrorCode.NOT_A_CHOICE: "None of `choices`.",
    ErrorCode.TOO_SHORT: "Fewer characters than `minimum`.",
    ErrorCode.TOO_LONG: "More characters than `maximum`, or than any such answer may have.",
    ErrorCode.TOO_SMALL: "A number below `minimum`.",
    ErrorCode.TOO_LARGE: "A number above `maximum`, or of too many digits.",
    ErrorCode.TOO_FEW_CHOICES: "Fewer choices than `minimum`.",
    ErrorCode.TOO_MANY_CHOICES: "More choices than `maximum`.",
    ErrorCode.TOO_EARLY: "Before `earliest`.",
    ErrorCode.TOO_LATE: "After `latest`.",
    ErrorCode.FILE_REFUSED: "The file is of a kind that is not taken, or damaged.",
    ErrorCode.FILE_TOO_LARGE: "The file has more bytes than `maxFileSize`.",
    ErrorCode.FILE_NOT_FOUND: "No file of this key was sent for the question within a day.",
    ErrorCode.TOO_FEW_FILES: "Fewer files than `minimum`.",
    ErrorCode.TOO_MANY_FILES: "More files than `maximum`.",
}
FormErrorCode = graphene.Enum.from_enum(
    ErrorCode, description=lambda member: DESCRIPTIONS[member] if member else ErrorCode.__doc__
)


class FormAnswer(graphene.InputObjectType):
    """The answer to one question."""

    clean_name = graphene.String(required=True, description="The question's `cleanName`.")
    values = graphene.List(
        graphene.NonNull(graphene.String),
        required=True,
        description=(
            "What was answered: one text, several where several choices are allowed, none for no"
            " answer. A date as `2026-07-01`, a moment as `2026-07-01T09:00Z`, a number as `12.5`,"
            " a box that was ticked as `true`, a file as the key that it was sent under."
        ),
    )


class FormError(graphene.ObjectType):
    """Why a form did not take what was sent."""

    code = graphene.Field(FormErrorCode, required=True, description="For programs.")
    message = graphene.String(required=True, description="For people, in English.")
    clean_name = graphene.String(
        description="The key of the question that it is about; null for the whole form."
    )
    retry_after = graphene.Int(description="Seconds after which the same may be taken.")


def errors_field() -> graphene.Field:
    return graphene.List(
        graphene.NonNull(FormError), required=True, description="Empty if all is well."
    )


class StartForm(graphene.ObjectType):
    """What has to be sent along with answers."""

    token = graphene.String(description="Send it with the answers; null with errors.")
    expires_at = graphene.DateTime(description="Until when it can be sent.")
    file_url = graphene.String(
        description=(
            "Where files are sent, before the answers: with PUT to `{fileUrl}/{cleanName}/{key}`"
            " and `?name=` with the file's name. The key is a UUID that the client makes, and the"
            " file's value in the answers. Null for a form that asks for no file."
        )
    )
    errors = errors_field()


class SubmitForm(graphene.ObjectType):
    """What became of answers."""

    reference = graphene.String(
        description="What was taken is known to the staff by this; null if it was not taken."
    )
    errors = errors_field()


def resolve_start(root, info, path):
    context = info.context.for_sending()
    page, questions = form_at(context, path)
    if page is None or questions is None:
        return {"errors": [NOT_OPEN]}
    token = token_for(page.pk, at=context.moment)
    return {
        "token": token,
        "expires_at": context.moment + VALID_FOR,
        "file_url": file_url(context, path, questions),
        "errors": [],
    }


def file_url(context, path, questions):
    if not any(question.field_type in FILES for question in questions):
        return None
    token = file_token_for(path, at=context.moment)
    return plain_address(context.sites.own) + reverse("form_files", args=[token])


def resolve_submit(root, info, path, answers, idempotency_key, token):
    if len(answers) > MOST_ANSWERS:
        raise BadArgument(f"Send at most {MOST_ANSWERS} answers.")
    with locked(info.context.for_sending(), path) as (context, page, questions):
        if page is None:
            return Outcome(errors=(NOT_OPEN,))
        sent = Sent(
            answers=[(answer["clean_name"], list(answer["values"])) for answer in answers],
            idempotency_key=idempotency_key,
            token=token,
            address=context.client_address,
            language=context.content.language_of(page.locale_id),
        )
        return take(page, questions, sent, at=context.moment)


PATH = graphene.String(required=True, description="The form's `path`.")


class Mutation(graphene.ObjectType):
    """What readers can send. Mutations of one operation run one after the other."""

    start_form = graphene.Field(
        StartForm,
        required=True,
        path=PATH,
        description="Ask for it when someone begins to fill in a form.",
        resolver=resolve_start,
    )
    subscribe = SUBSCRIBE
    submit_form = graphene.Field(
        SubmitForm,
        required=True,
        path=PATH,
        answers=graphene.List(
            graphene.NonNull(FormAnswer), required=True, description="One of each question."
        ),
        idempotency_key=graphene.String(
            required=True,
            description=(
                "A UUID, made once for what one person sends. Sent again with the same answers, it"
                " is taken once and answered alike."
            ),
        ),
        token=graphene.String(required=True, description="What `startForm` gave."),
        description="Send what someone answered to a form. It is taken as a whole, or not at all.",
        resolver=resolve_submit,
    )
