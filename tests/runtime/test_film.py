"""A film is evenly thinned and always ends with the newest picture."""

from __future__ import annotations

import itertools

from genlab.runtime.film import Film


def test_thinned_by_halves_with_the_newest_kept() -> None:
    film: Film[int] = Film(8)
    for k in range(1000):
        film.add(k, k)
        kept = film.items()
        assert len(kept) <= 8
        assert kept[0] == 0
        assert kept[-1] == k
        gaps = {b - a for a, b in itertools.pairwise(kept[:-1])}
        assert len(gaps) <= 1


def test_cut_forgets_what_came_after() -> None:
    film: Film[str] = Film(8)
    for k in range(6):
        film.add(10 * k, str(k))
    film.cut(20)
    assert film.items() == ["0", "1", "2"]
    film.add(25, "again")
    assert film.items() == ["0", "1", "2", "again"]
