"""Where somebody works, as lists and figures of people say it: the same in both."""

from typing import Any

from sqlalchemy import ColumnElement, FromClause, case, func, select

from lms.storage.tables import cohorts, enrolments


def own_or_of_a_group(account: FromClause, who: ColumnElement[Any], name: str) -> ColumnElement[str]:
    """The country (or `institution_type`) that her account says; where it says nothing, what one of her groups does (of
    several always the same one), else an empty text. `account` is that of `who`, or nothing at all."""
    joined = enrolments.join(cohorts, cohorts.c.id == enrolments.c.cohort)
    groups = select(func.max(cohorts.c[name])).select_from(joined).where(enrolments.c.person == who)
    of_a_group = groups.correlate_except(enrolments, cohorts).scalar_subquery()
    own = account.c[name]
    return case((own != "", own), else_=func.coalesce(of_a_group, ""))
