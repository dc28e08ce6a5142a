"""What one question takes for an answer: a Django form field, and the codes of what it refuses."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator, MinLengthValidator
from django.utils import timezone

from cms.submissions.errors import FormError, FormErrorCode
from pages.questions.kinds import CONSENTS, FormFieldType, choices_of

__all__ = ["LONGEST_LINE", "LONGEST_TEXT", "cleaned"]

LONGEST_LINE = 255
LONGEST_TEXT = 10_000
LONGEST_URL = 2_000
MOST_DIGITS = 30

Code = FormErrorCode
CODES = {
    "required": Code.REQUIRED,
    "invalid_choice": Code.NOT_A_CHOICE,
    "min_length": Code.TOO_SHORT,
    "max_length": Code.TOO_LONG,
    "min_value": Code.TOO_SMALL,
    "max_value": Code.TOO_LARGE,
    "max_digits": Code.TOO_LARGE,
    "max_whole_digits": Code.TOO_LARGE,
    "too_few": Code.TOO_FEW_CHOICES,
    "too_many": Code.TOO_MANY_CHOICES,
    "too_early": Code.TOO_EARLY,
    "too_late": Code.TOO_LATE,
}
SENTENCES = {
    Code.REQUIRED: "Answer this question.",
    Code.CONSENT_REQUIRED: "This form can only be sent with this consent.",
    Code.NOT_A_CHOICE: "This is none of the choices.",
    Code.TOO_SHORT: "This is too short: at least {limit_value} characters.",
    Code.TOO_LONG: "This is too long: at most {limit_value} characters.",
    Code.TOO_SMALL: "This is too small: at least {limit_value}.",
    Code.TOO_LARGE: "This is too large: at most {limit_value}.",
    Code.TOO_FEW_CHOICES: "Choose at least {limit_value}.",
    Code.TOO_MANY_CHOICES: "Choose at most {limit_value}.",
    Code.TOO_EARLY: "This is too early: not before {limit_value}.",
    Code.TOO_LATE: "This is too late: not after {limit_value}.",
}
INVALID = {
    FormFieldType.EMAIL: "This is no e-mail address, such as ada@example.org.",
    FormFieldType.NUMBER: "This is no number, such as 12.5.",
    FormFieldType.URL: "This is no web address, such as https://www.example.org.",
    FormFieldType.DATE: "This is no date, such as 2026-07-01.",
    FormFieldType.DATETIME: "This is no date with a time, such as 2026-07-01T09:00Z.",
}


def cleaned(question: Any, values: list[str]) -> tuple[Any, FormError | None]:
    """The answer in a form that JSON can hold; None for no answer."""
    field = FIELDS[question.field_type](question)
    given = values if isinstance(field, forms.MultipleChoiceField) else one_of(values)
    try:
        return as_stored(field.clean(given)), None
    except ValidationError as error:
        return None, error_of(question, error.error_list[0])


def one_of(values: list[str]) -> str | None:
    if len(values) > 1:
        raise TypeError("Several values for a question that takes one.")
    return values[0] if values else None


def error_of(question: Any, found: ValidationError) -> FormError:
    code = CODES.get(found.code or "", Code.INVALID)
    if code is Code.REQUIRED and question.field_type in CONSENTS:
        code = Code.CONSENT_REQUIRED
    if code is Code.INVALID:
        message = INVALID.get(question.field_type, "This cannot be read.")
    elif code is Code.TOO_LARGE and "limit_value" not in (found.params or {}):
        message = "This number has too many digits."
    else:
        message = SENTENCES[code].format(**plain(found.params or {}))
    return FormError(code, message, question.clean_name)


def plain(params: dict[str, Any]) -> dict[str, Any]:
    """Decimals of the database without the zeros that it keeps."""
    return {
        name: f"{value:f}" if isinstance(value, Decimal) else value
        for name, value in params.items()
    }


def as_stored(value: Any) -> Any:
    if value in (None, "", []):
        return None
    if isinstance(value, date | datetime):
        return value.isoformat()
    return f"{value:f}" if isinstance(value, Decimal) else value


def whole(bound: Any) -> int | None:
    return None if bound is None else int(bound)


def normal(bound: Any) -> Any:
    return None if bound is None else bound.normalize()


def text_field(longest: int) -> Callable[[Any], forms.Field]:
    def make(question: Any) -> forms.Field:
        most = whole(question.maximum)
        return forms.CharField(
            required=question.required,
            min_length=whole(question.minimum),
            max_length=longest if most is None else min(most, longest),
        )

    return make


def number_field(question: Any) -> forms.Field:
    return forms.DecimalField(
        required=question.required,
        min_value=normal(question.minimum),
        max_value=normal(question.maximum),
        max_digits=MOST_DIGITS,
    )


def choice_field(question: Any) -> forms.Field:
    choices = [(each, each) for each in choices_of(question)]
    return forms.ChoiceField(required=question.required, choices=choices)


class FewChoices(MinLengthValidator):
    code = "too_few"


class ManyChoices(MaxLengthValidator):
    code = "too_many"


def choices_field(question: Any) -> forms.Field:
    validators = []
    if question.minimum is not None:
        validators.append(FewChoices(int(question.minimum)))
    if question.maximum is not None:
        validators.append(ManyChoices(int(question.maximum)))
    choices = [(each, each) for each in choices_of(question)]
    return forms.MultipleChoiceField(
        required=question.required, choices=choices, validators=validators
    )


def within_days(question: Any) -> Callable[[date | datetime], None]:
    """Of a moment the day counts that it is in the zone of the site."""

    def check(value: date | datetime) -> None:
        day = timezone.localdate(value) if isinstance(value, datetime) else value
        if question.earliest is not None and day < question.earliest:
            raise ValidationError("", "too_early", {"limit_value": question.earliest})
        if question.latest is not None and day > question.latest:
            raise ValidationError("", "too_late", {"limit_value": question.latest})

    return check


def date_field(question: Any) -> forms.Field:
    return forms.DateField(
        required=question.required, input_formats=["%Y-%m-%d"], validators=[within_days(question)]
    )


def datetime_field(question: Any) -> forms.Field:
    """ISO 8601; without an offset it is a time of the site."""
    return forms.DateTimeField(
        required=question.required,
        input_formats=["%Y-%m-%d %H:%M"],
        validators=[within_days(question)],
    )


class TickedField(forms.BooleanField):
    """JSON's words for a ticked box and one that is not; anything else is refused."""

    def to_python(self, value: Any) -> bool:
        if value in (None, ""):
            return False
        if value not in {"true", "false"}:
            raise ValidationError("", "invalid")
        return value == "true"


FIELDS: dict[Any, Callable[[Any], forms.Field]] = {
    FormFieldType.SINGLELINE: text_field(LONGEST_LINE),
    FormFieldType.MULTILINE: text_field(LONGEST_TEXT),
    FormFieldType.HIDDEN: text_field(LONGEST_LINE),
    FormFieldType.EMAIL: lambda question: forms.EmailField(
        required=question.required, max_length=254
    ),
    FormFieldType.URL: lambda question: forms.URLField(
        required=question.required, max_length=LONGEST_URL, assume_scheme="https"
    ),
    FormFieldType.NUMBER: number_field,
    FormFieldType.CHECKBOX: lambda question: TickedField(required=question.required),
    FormFieldType.CONSENT: lambda question: TickedField(required=question.required),
    FormFieldType.DROPDOWN: choice_field,
    FormFieldType.RADIO: choice_field,
    FormFieldType.CHECKBOXES: choices_field,
    FormFieldType.MULTISELECT: choices_field,
    FormFieldType.DATE: date_field,
    FormFieldType.DATETIME: datetime_field,
}
