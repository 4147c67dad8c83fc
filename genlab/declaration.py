"""A typed declaration from which widgets, flags, links, validation and file metadata all come.

A field says once what it is: its title, range, help and default. Everything that shows or reads the value
asks the declaration. Torch-free and Streamlit-free.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Mapping
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.fields import FieldInfo


def choice(default: Any, title: str, help: str, *, labels: Mapping[Any, str] | None = None) -> Any:
    """A field with a short list of values (a ``Literal`` or a ``bool``).

    Arguments:
        labels: what a person reads for each value, where the value itself does not say it.
    """
    return Field(default, title=title, description=help, json_schema_extra={"labels": dict(labels or {})})


def number(
    default: float, title: str, help: str, low: float, high: float, *, step: float | None = None, log: bool = False
) -> Any:
    """A field with a range.

    Arguments:
        low, high: the closed range.
        step: the smallest useful change; ``None`` where the widget may choose.
        log: True where the value is felt on a logarithmic scale (a learning rate).
    """
    return Field(
        default,
        title=title,
        description=help,
        ge=low,
        le=high,
        json_schema_extra={"low": low, "high": high, "step": step, "log": log},
    )


class Declaration(BaseModel):
    """Base of everything that a page, a command line or a file can set."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True, protected_namespaces=())

    @classmethod
    def fields(cls) -> dict[str, FieldInfo]:
        """The settable fields, in the order in which they are shown."""
        return {name: info for name, info in cls.model_fields.items() if info.title}

    @classmethod
    def extra(cls, name: str) -> dict[str, Any]:
        """What ``choice`` or ``number`` recorded beside pydantic's own: labels, or low, high, step and log."""
        extra = cls.model_fields[name].json_schema_extra
        return extra if isinstance(extra, dict) else {}

    @classmethod
    def options(cls, name: str) -> list[Any] | None:
        """The values of a choice, or None for a number."""
        annotation = cls.model_fields[name].annotation
        if typing.get_origin(annotation) in (typing.Union, types.UnionType):
            rest = [a for a in typing.get_args(annotation) if a is not type(None)]
            return [None, *typing.get_args(rest[0])]
        if typing.get_origin(annotation) is Literal:
            return list(typing.get_args(annotation))
        return [False, True] if annotation is bool else None

    def possible(self, name: str) -> list[Any] | None:
        """The values of a choice that go with the other fields as they are, or None for a number."""
        return self.options(name)

    @classmethod
    def label(cls, name: str, value: Any) -> str:
        """What a person reads for a value of a field."""
        labels = cls.extra(name).get("labels", {})
        return str(
            labels.get(
                value,
                {True: "yes", False: "no", None: "none"}.get(value, value) if isinstance(value, bool | None) else value,
            )
        )

    @classmethod
    def read(cls, name: str, text: Any, default: Any) -> tuple[Any, str | None]:
        """One value from a link, a form or a file, clamped into what the field allows.

        Returns:
            The value, and a sentence that says what was changed, or None where nothing was.
        """
        info, title = cls.model_fields[name], cls.model_fields[name].title or name
        options = cls.options(name)
        if options is not None:
            for option in options:
                if str(text).strip().lower() in (str(option).lower(), cls.label(name, option).lower()):
                    return option, None
            allowed = "; ".join(cls.label(name, o) for o in options)
            return (
                default,
                f"{title}: {str(text)[:40]!r} is not one of {allowed}. {cls.label(name, default)} is used instead.",
            )
        kind = int if info.annotation is int else float
        try:
            value = kind(float(text))
            if value != value:  # NaN lies neither inside nor outside a range
                raise ValueError
        except (TypeError, ValueError, OverflowError):
            return default, f"{title}: {str(text)[:40]!r} is not a number; {default:g} is used."
        low, high = cls.extra(name)["low"], cls.extra(name)["high"]
        if not low <= value <= high:
            clamped = kind(low if not value > high else high)
            return clamped, f"{title} must lie between {low:g} and {high:g}; {clamped:g} is used."
        return value, None

    def complete(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """The values with what they imply for other fields; a subclass knows its own."""
        return dict(values)

    def replaced(self, **values: Any) -> Self:
        """This declaration with other values, none of them clamped. Raises ValueError (pydantic's)."""
        return type(self)(**{**self.model_dump(), **self.complete(values)})

    def changed(self, values: Mapping[str, Any]) -> tuple[Self, list[str]]:
        """This declaration with values from a link or a file, each clamped like a widget's.

        Arguments:
            values: field name to text or value; names that are no field are left alone.

        Returns:
            The new declaration, and one sentence for each value that had to be changed.
        """
        notes: list[str] = []
        new = self.model_dump()
        for name, text in self.complete(values).items():
            if name in self.fields():
                new[name], note = self.read(name, text, new[name])
                notes += [note] if note else []
        try:
            return type(self)(**new), notes
        except ValidationError as error:
            return self, [*notes, sentence(error)]

    def parameters(self) -> dict[str, str]:
        """Field name to text, as a link carries it; values that equal the default are left out."""
        return {
            name: str(getattr(self, name))
            for name, info in self.fields().items()
            if getattr(self, name) != info.default
        }


def sentence(error: ValidationError) -> str:
    """The first complaint of a pydantic error, as one sentence for people."""
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"])[:80]  # of a file, which can name a field as it likes
    message = first["msg"].removeprefix("Value error, ")
    return f"{where}: {message}." if where else message
