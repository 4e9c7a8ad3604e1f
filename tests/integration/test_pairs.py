"""Random pairs of schemas: the plan from one to the other leads there; `make pairs` runs more."""

from __future__ import annotations

import os
import random

import pytest

from tests.conftest import Server
from tests.integration.pairs.build import random_pair
from tests.integration.pairs.proof import Trial, prepare
from tests.integration.pairs.states import pair_of_states

SEED = int(os.environ.get("SCHEMA_TOOL_SEED", "2101"))
SAMPLE = 4


@pytest.mark.parametrize("seed", range(SEED, SEED + SAMPLE))
def test_the_plan_of_a_random_pair_leads_there(any_server: Server, seed: int) -> None:
    """What fails is reduced by `make pairs COUNT=1 SEED=…`."""
    prepare(any_server)
    pair = random_pair(seed, any_server.major)
    Trial(server=any_server, pair=pair, online=seed % 2 == 0).run(rng=random.Random(seed))


def test_pairs_of_states_are_the_same_for_a_seed() -> None:
    """`make states` runs them; which ones a seed means changes with each case that is added."""
    pairs = [pair_of_states(seed, 18) for seed in range(30)]
    assert pairs == [pair_of_states(seed, 18) for seed in range(30)]
    assert sum(before != after for before, after in pairs) > 20
