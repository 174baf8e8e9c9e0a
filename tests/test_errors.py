"""Errors keep their facts, their codes and their sentence."""

import inspect
import pickle

import pytest

from storyreel import errors

KINDS = [kind for _, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, errors.StoryreelError)]
DOCUMENTED_CODES = {1, 2, 3, 4, 130}


def sample(kind: type[errors.StoryreelError]) -> errors.StoryreelError:
    takes_two = issubclass(kind, (errors.ProviderError, errors.MissingExtra))
    return kind("acme", "out of paint") if takes_two else kind("the disk is full")


@pytest.mark.parametrize("kind", KINDS)
def test_every_error_survives_the_way_through_a_process_pool(kind: type[errors.StoryreelError]) -> None:
    error = sample(kind)
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is kind
    assert str(again) == str(error) != ""


@pytest.mark.parametrize("kind", KINDS)
def test_every_error_has_a_documented_exit_code_and_stands_in_the_tree(kind: type[errors.StoryreelError]) -> None:
    assert kind.exit_code in DOCUMENTED_CODES
    assert kind.__name__ in (errors.__doc__ or "")


def test_a_missing_extra_says_the_one_command_that_adds_it() -> None:
    assert "pip install 'storyreel[offline]'" in str(errors.MissingExtra("the offline voice", "offline"))
