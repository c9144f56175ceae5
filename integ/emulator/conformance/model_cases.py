"""Inputs at and beyond every bound of a service's model, made from botocore's own copy of it."""

from dataclasses import dataclass
from typing import Any, Iterator

from patterns import fits as fit, sample, variants

# Strings that only mean something in their place: a sample that merely fits would stop the call before the member under test is looked at.
WELL_FORMED = {'ResourcePolicy': '{"Version":"2012-10-17","Statement":[]}', 'KeyStorePasswordType': 'Password1'}


@dataclass(frozen=True)
class Case:
    title: str
    operation: str
    input: dict
    """Whether the service takes the form of it; what it then says of the content is another matter."""
    fits: bool


def cases(model, operations: list) -> list:
    return [case for name in operations for case in _of_operation(name, model.operation_model(name).input_shape)]


def valid_input(shape) -> dict:
    return {name: valid(shape.members[name]) for name in shape.required_members}


def valid(shape) -> Any:
    if shape.type_name == 'structure':
        return valid_input(shape)
    if shape.type_name == 'list':
        return [valid(shape.member) for _ in range(max(1, shape.metadata.get('min', 1)))]
    if shape.type_name == 'map':
        return {}
    if shape.type_name in ('integer', 'long'):
        return shape.metadata.get('min', 1)
    if shape.type_name == 'boolean':
        return False
    if shape.type_name != 'string':
        raise ValueError(f'no sample of {shape.type_name} {shape.name}')
    if shape.enum:
        return shape.enum[0]
    if shape.name in WELL_FORMED:
        return WELL_FORMED[shape.name]
    text = sample(shape.metadata['pattern']) if 'pattern' in shape.metadata else 'a'
    return text + (text[-1:] or 'a') * (shape.metadata.get('min', 0) - len(text))


def _of_operation(operation: str, shape) -> Iterator[Case]:
    base = valid_input(shape)
    for name in shape.required_members:
        yield Case(f'{operation} without {name}', operation, {key: value for key, value in base.items() if key != name}, False)
    for name, member in shape.members.items():
        for title, value, fits in _values(member):
            yield Case(f'{operation} {name}{title}', operation, {**base, name: value}, fits)


def _values(shape) -> Iterator[tuple]:
    """(title, value, fits) for a shape and everything in it."""
    if shape.type_name == 'structure':
        base = valid_input(shape)
        for name in shape.required_members:
            yield f' without {name}', {key: value for key, value in base.items() if key != name}, False
        for name, member in shape.members.items():
            for title, value, fits in _values(member):
                yield f'.{name}{title}', {**base, name: value}, fits
    elif shape.type_name == 'list':
        item = valid(shape.member)
        yield from _counts(shape, lambda count: [item] * count)
        for title, value, fits in _values(shape.member):
            yield f'[]{title}', [value], fits
    elif shape.type_name == 'map':
        yield from _counts(shape, lambda count: {f'key{index}': ['value'] for index in range(count)})
        for title, key, fits in _values(shape.key):
            yield f' key{title}', {key: ['value']}, fits
    elif shape.type_name in ('integer', 'long'):
        yield from _counts(shape, lambda number: number)
    elif shape.type_name == 'string':
        yield from _strings(shape)


def _counts(shape, make) -> Iterator[tuple]:
    low, high = shape.metadata.get('min'), shape.metadata.get('max')
    if low is not None:
        yield f' at its least, {low}', make(low), True
        if low > 0 or shape.type_name in ('integer', 'long'):
            yield f' below its least, {low - 1}', make(low - 1), False
    if high is not None:
        yield f' at its most, {high}', make(high), True
        yield f' above its most, {high + 1}', make(high + 1), False


def _strings(shape) -> Iterator[tuple]:
    if shape.enum:
        yield from ((f' {value}', value, True) for value in shape.enum)
        yield ' outside its values', 'NONE_OF_THEM', False
        return
    low, high, pattern = (shape.metadata.get(name) for name in ('min', 'max', 'pattern'))
    if pattern:
        for title, text, fits in variants(pattern):
            bounded = (low or 0) <= len(text) and (high is None or len(text) <= high)
            yield f' {title}', text, fits and bounded
    letter = 'a' if pattern is None else next((char for char in 'a1' if _all_fit(pattern, char)), None)
    if letter:
        yield from _counts(shape, lambda length: letter * length)
    elif high is not None:
        yield f' above its most, {high + 1}', sample(pattern) + 'a' * (high + 1), False


def _all_fit(pattern: str, char: str) -> bool:
    return fit(pattern, char * 7) and fit(pattern, char)
