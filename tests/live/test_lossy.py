"""Visitors who talk on bad lines: the short form of `python -m bench.lossy`, on this process's own server."""

from __future__ import annotations

from bench.lossy import FAULTS, rehearse
from bench.proxy import Weather
from tests.live.support import ORIGIN, Alley

VISITORS = 15
SIDE_M = 40.0


async def test_cut_lines_lose_and_double_nothing() -> None:
    async with Alley().open() as alley:
        found = await rehearse(
            alley.port,
            ORIGIN,
            SIDE_M,
            visitors=VISITORS,
            seconds=8.0,
            weather=Weather(delay_s=0.01, jitter_s=0.03, mean_life_s=1.5),
            silence_s=0.5,
            seed=7,
        )
        assert {fault: found[fault] for fault in FAULTS} == dict.fromkeys(FAULTS, 0)
        assert set(found["cuts_by_end"]) == {"both", "client", "server"}
        assert found["resumes"] > VISITORS
        assert found["rejoins"] == 0
        assert found["chats"] > VISITORS
        # What was heard is what was kept: nobody was told anything else.
        assert len(alley.kept) == found["chats"]
