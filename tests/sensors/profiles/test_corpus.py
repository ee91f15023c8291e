"""Every family of sensors on its corpus: what each payload says, and that nothing is left untried."""

import pytest

from sensors.profiles import PROFILES, problems
from sensors.readings import PAYLOAD_MAX, Refusal
from tests.sensors.profiles.cases import CORPORA, Case, heard, reading, sayable

_ALL = [pytest.param(name, one, id=f"{name}: {one.about}") for name, cases in CORPORA.items() for one in cases]


@pytest.mark.parametrize(("name", "case"), _ALL)
def test_a_payload_says_what_its_maker_means_by_it(name: str, case: Case) -> None:
    assert reading(PROFILES[name], case)(case.payload) == case.said


@pytest.mark.parametrize("name", PROFILES)
def test_nothing_is_wrong_with_the_settings_of_the_corpus(name: str) -> None:
    for case in CORPORA[name]:
        assert list(problems(PROFILES[name], case.setting)) == [], case.about


@pytest.mark.parametrize("name", PROFILES)
def test_everything_that_a_family_claims_to_say_is_in_its_corpus_and_nothing_else(name: str) -> None:
    said = {sayable(word.what) for one in CORPORA[name] if not isinstance(one.said, Refusal) for word in one.said}
    assert said == PROFILES[name].says


@pytest.mark.parametrize("name", PROFILES)
def test_every_topic_of_every_family_has_a_payload_that_says_something_and_one_that_is_refused(name: str) -> None:
    profile = PROFILES[name]
    parts = {one.part for case in CORPORA[name] for one in profile.hearings(case.setting)}
    answered = {
        part
        for case in CORPORA[name]
        for part in (
            one.part for one in profile.hearings(case.setting) if one.topic == (case.topic or case.setting.topic)
        )
        if case.said and not isinstance(case.said, Refusal)
    }
    assert answered == parts
    refused = {one.said for one in CORPORA[name] if isinstance(one.said, Refusal)}
    assert {Refusal.TOO_LARGE} < refused


@pytest.mark.parametrize("name", PROFILES)
def test_a_megabyte_is_refused_on_every_topic(name: str) -> None:
    just_too_large, megabyte = b"x" * (PAYLOAD_MAX + 1), b'{"a":"' + b"x" * 1_000_000
    for one in heard(name):
        assert one.read(just_too_large) is Refusal.TOO_LARGE
        assert one.read(megabyte) is Refusal.TOO_LARGE


@pytest.mark.parametrize("name", PROFILES)
def test_a_sensor_listens_to_a_topic_once_and_two_of_equal_settings_alike(name: str) -> None:
    for case in CORPORA[name]:
        hearings = PROFILES[name].hearings(case.setting)
        assert len({one.topic for one in hearings}) == len(hearings)
        assert hearings == PROFILES[name].hearings(case.setting)
        assert len({*hearings, *PROFILES[name].hearings(case.setting)}) == len(hearings)
