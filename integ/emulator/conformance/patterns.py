"""Strings that a pattern takes and strings that it does not, from the pattern's own parse tree."""

import re
from functools import lru_cache
from re import _constants as kinds
from re import _parser as parser

# What the models use of Java's patterns and Python lacks.
JAVA = {r'\p{L}': 'a-zA-Z', r'\p{Z}': ' ', r'\p{N}': '0-9'}
STRANGERS = ['\u20ac', '!', ' ', 'A', 'z', '0', '-', '\n']


def _python(pattern: str) -> str:
    for java, ours in JAVA.items():
        pattern = pattern.replace(java, ours)
    return pattern


@lru_cache
def _compiled(pattern: str):
    return re.compile(_python(pattern), re.ASCII)


def fits(pattern: str, text: str) -> bool:
    return _compiled(pattern).fullmatch(text) is not None


@lru_cache
def sample(pattern: str) -> str:
    """The shortest text that fits."""
    text = _render(parser.parse(_python(pattern)), {}, [])
    assert fits(pattern, text), (pattern, text)
    return text


def variants(pattern: str) -> list:
    """(title, text, fits): the bounds of every repetition, and a character that does not belong in each place."""
    found = [('at its shortest', sample(pattern), True)]
    repeats: list = []
    _render(parser.parse(_python(pattern)), {}, repeats)
    for index, (low, high) in enumerate(repeats):
        for count in {low - 1, low, high, high + 1} if high != kinds.MAXREPEAT else {low - 1, low}:
            if count < 0:
                continue
            text = _render(parser.parse(_python(pattern)), {index: int(count)}, [])
            found.append((f'with {count} of {low} to {high} in place {index}', text, fits(pattern, text)))
    shortest = sample(pattern)
    for place in sorted({0, len(shortest) // 2, len(shortest)}):
        for stranger in STRANGERS:
            text = shortest[:place] + stranger + shortest[place:]
            if not fits(pattern, text):
                found.append((f'with {stranger!r} in place {place}', text, False))
                break
    return found


def _render(tree, counts: dict, repeats: list) -> str:
    return ''.join(_node(kind, value, counts, repeats) for kind, value in tree)


def _node(kind, value, counts: dict, repeats: list) -> str:
    if kind is kinds.LITERAL:
        return chr(value)
    if kind in (kinds.MAX_REPEAT, kinds.MIN_REPEAT):
        low, high, item = value
        index = len(repeats)
        repeats.append((low, high))
        once = _render(item, counts, repeats)
        return once * counts.get(index, low)
    if kind is kinds.SUBPATTERN:
        return _render(value[3], counts, repeats)
    if kind is kinds.BRANCH:
        return max((_render(branch, counts, []) for branch in value[1]), key=len)
    if kind is kinds.IN:
        return _member(value)
    if kind is kinds.ANY:
        return 'a'
    if kind is kinds.AT:
        return ''
    raise ValueError(f'no sample of {kind}')


def _member(choices) -> str:
    """One character of a class; letters first, as they read best."""
    for kind, value in choices:
        if kind is kinds.RANGE and value[0] <= ord('a') <= value[1]:
            return 'a'
    kind, value = choices[0]
    if kind is kinds.LITERAL:
        return chr(value)
    if kind is kinds.RANGE:
        return chr(value[0])
    if kind is kinds.CATEGORY:
        return '1' if value is kinds.CATEGORY_DIGIT else 'a'
    raise ValueError(f'no sample of {kind}')
