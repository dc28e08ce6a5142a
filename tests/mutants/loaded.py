"""Puts changed code into a module that is loaded: importing all of it takes longer than tests."""

from __future__ import annotations

import gc
import inspect
from collections.abc import Iterator
from functools import cache
from itertools import zip_longest
from types import CodeType, FunctionType

__all__ = ["NotReplaceable", "put_into_loaded"]

KeptResults = type(cache(lambda: None))


class NotReplaceable(Exception):
    """The change is in what ran at import, or in what no function is left of: load it anew."""


def put_into_loaded(path: str, before: str, after: str) -> None:
    """Give the functions made from one text of a module the code of another."""
    old, new = (compile(text, path, "exec", dont_inherit=True) for text in (before, after))
    replaced = [*different_functions(old, new)]
    gc.unfreeze()  # What is frozen is not listed.
    # Not `isinstance`, which asks lazy objects for what they stand for.
    functions: list[FunctionType] = [
        each for each in gc.get_objects() if type(each) is FunctionType
    ]
    functions = [each for each in functions if each.__code__.co_filename == path]
    for old_code, new_code, outermost in replaced:
        made = [each for each in functions if each.__code__ == old_code]
        if outermost and not made:
            raise NotReplaceable(old_code.co_qualname)
        for function in made:
            if len(function.__closure__ or ()) != len(new_code.co_freevars):
                raise NotReplaceable(old_code.co_qualname)
            function.__code__ = new_code
    forget_results(path)


def forget_results(path: str) -> None:
    """What functions of a module have returned so far and keep."""
    for each in gc.get_objects():
        if type(each) is KeptResults:
            wrapped = getattr(each, "__wrapped__", None)
            if isinstance(wrapped, FunctionType) and wrapped.__code__.co_filename == path:
                each.cache_clear()


def different_functions(
    old: CodeType, new: CodeType, *, outermost: bool = True
) -> Iterator[tuple[CodeType, CodeType, bool]]:
    """The old code and the new of functions that differ, and whether no function is around it."""
    if does_the_same(old, new):
        return
    pairs = [*zip_longest(parts(old), parts(new))]
    is_function = bool(old.co_flags & inspect.CO_OPTIMIZED)
    if is_function:
        yield old, new, outermost
    elif itself(old) != itself(new) or any(None in pair for pair in pairs):
        raise NotReplaceable(old.co_qualname)
    for old_part, new_part in pairs:
        if old_part is not None and new_part is not None:
            yield from different_functions(
                old_part, new_part, outermost=outermost and not is_function
            )


def does_the_same(old: CodeType, new: CodeType) -> bool:
    pairs = [*zip_longest(parts(old), parts(new))]
    return itself(old) == itself(new) and all(
        a is not None and b is not None and does_the_same(a, b) for a, b in pairs
    )


def parts(code: CodeType) -> list[CodeType]:
    return [constant for constant in code.co_consts if isinstance(constant, CodeType)]


def itself(code: CodeType) -> tuple:
    """What a piece of code does, but for the pieces within it and the lines it stands on."""
    constants = [
        (type(constant), repr(constant))
        for constant in code.co_consts
        if not isinstance(constant, CodeType)
    ]
    names = (code.co_name, code.co_names, code.co_varnames, code.co_freevars, code.co_cellvars)
    return code.co_code, constants, names, code.co_exceptiontable
