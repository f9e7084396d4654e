"""Numbers as people write them: ``1 234,5`` in Swedish, ``1,234.5`` in English."""

from __future__ import annotations

_HARD_SPACE = "\u00a0"


def number(value: float, language: str, decimals: int = 0) -> str:
    """Write a number with its thousands apart; the space is one that doesn't break a line."""
    text = f"{value:,.{decimals}f}"
    if language == "en":
        return text
    return text.replace(",", _HARD_SPACE).replace(".", ",")


def percent(share: float, language: str) -> str:
    """Write a share 0–1 in percent; never 0 or 100 for what is only near it."""
    hundredths = 100 * share
    decimals = 1 if 0 < hundredths < 9.95 or 99 < hundredths < 100 else 0
    if 0 < hundredths < 0.1:
        return f"<{_HARD_SPACE}{number(0.1, language, 1)}{_percent_sign(language)}"
    if 99.9 < hundredths < 100:
        return f">{_HARD_SPACE}{number(99.9, language, 1)}{_percent_sign(language)}"
    return number(hundredths, language, decimals) + _percent_sign(language)


def _percent_sign(language: str) -> str:
    return "%" if language == "en" else f"{_HARD_SPACE}%"


def hours(value: float, language: str) -> str:
    """Write hours: a decimal below ten, none above; a few minutes are never none."""
    if 0 < value < 0.05:
        return f"<{_HARD_SPACE}{number(0.1, language, 1)}"
    return number(value, language, 1 if 0 < value < 10 else 0)
