"""When a reader will be through, by days that are made up."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from radrate.studies.board import forecast

DAYS = st.dates(date(2026, 1, 1), date(2027, 12, 31))
MONDAY = date(2026, 11, 23)


@given(DAYS, st.integers(-5, 400))
def test_working_days_are_the_days_that_are_counted_one_by_one(start, span):
    end = start + timedelta(span)
    counted = sum((start + timedelta(k)).weekday() < 5 for k in range(max(0, span + 1)))
    assert forecast.working_days(start, end) == counted


@given(DAYS, st.integers(1, 300))
def test_the_nth_working_day_after_a_day_has_n_working_days_up_to_it(day, count):
    found = forecast.after_working_days(day, count)
    assert found.weekday() < 5
    assert forecast.working_days(day + timedelta(1), found) == count


@given(DAYS, DAYS)
def test_the_window_has_ten_working_days_or_begins_with_the_reader(today, began):
    start = forecast.window_start(today, began)
    assert forecast.working_days(start, today) <= 10
    assert start <= today
    assert forecast.working_days(start, today) == 10 or start == min(began, today)


def test_ten_cases_a_day_and_fifty_left_is_a_week():
    read = {MONDAY - timedelta(k): 10 for k in (3, 4, 5, 6, 7)} | {MONDAY: 10}
    end = forecast.predicted_end(read, remaining=50, today=MONDAY, began=MONDAY - timedelta(7))
    assert end == MONDAY + timedelta(7)


def test_nothing_is_said_without_recent_reading_or_beyond_a_year():
    long_ago = {MONDAY - timedelta(60): 100}
    began = MONDAY - timedelta(60)
    assert forecast.predicted_end(long_ago, remaining=5, today=MONDAY, began=began) is None
    slow = {MONDAY: 1}
    assert forecast.predicted_end(slow, remaining=3000, today=MONDAY, began=began) is None
    assert forecast.predicted_end(slow, remaining=0, today=MONDAY, began=began) is None


@given(
    st.dictionaries(st.integers(0, 30), st.integers(1, 40), min_size=1),
    st.integers(1, 500),
)
def test_more_cases_left_never_end_sooner(ago, remaining):
    read = {MONDAY - timedelta(days): count for days, count in ago.items()}
    first, second = (
        forecast.predicted_end(read, remaining=left, today=MONDAY, began=min(read))
        for left in (remaining, remaining + 10)
    )
    if second is not None:
        assert MONDAY < first <= second


@given(st.lists(st.one_of(st.none(), DAYS)))
def test_the_study_ends_with_its_last_reader_and_only_if_all_are_known(ends):
    found = forecast.last_end(ends)
    assert found == (max(ends) if ends and None not in ends else None)


@given(st.dictionaries(st.integers(0, 40), st.integers(0, 30)), st.integers(1, 300))
def test_the_line_only_rises_and_stays_in_the_picture(by_day, top):
    start = MONDAY
    read = {start + timedelta(days): count for days, count in by_day.items()}
    end = start + timedelta(40)
    corners = forecast.points(read, start=start, end=end, top=top, size=(180, 48))
    assert len(corners) == 42
    assert corners[0] == (0, 48)
    assert corners[-1][0] == 180
    assert [x for x, _y in corners] == sorted(x for x, _y in corners)
    heights = [y for _x, y in corners]
    assert heights == sorted(heights, reverse=True)
    assert corners[-1][1] == round(48 * (1 - min(1, sum(by_day.values()) / top)), 1)
