"""Answers to any question, by author's keys."""

from typing import Any

from lms.content.question_model import (
    BlanksQuestion,
    ChoiceQuestion,
    MatchQuestion,
    OrderQuestion,
    Question,
    TextQuestion,
)


def wrong_answer(question: Question) -> Any:
    """An answer of which nothing is right."""
    match question:
        case ChoiceQuestion():
            return [option.key for option in question.options if not option.right][:1]
        case MatchQuestion():
            targets = [target.key for target in question.targets]
            return {pair.key: next(key for key in targets if key != pair.target) for pair in question.pairs}
        case OrderQuestion():
            keys = [item.key for item in question.items]
            return [*keys[1:], keys[0]]
        case BlanksQuestion():
            return {
                gap.key: next((option.key for option in gap.options if not option.right), "zzz")
                for gap in question.gaps
            }
        case TextQuestion():
            return "99999" if question.kind == "numeric" else "zzz"
