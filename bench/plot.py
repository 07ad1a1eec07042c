"""Small SVG plots for the bench's report: a line plot of a few series. Nothing more is needed, so no library is."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import Final

WIDTH: Final = 640
HEIGHT: Final = 300
_LEFT, _RIGHT, _TOP, _BOTTOM = 60, 20, 40, 45
_COLOURS: Final = ("#28407a", "#b9822f", "#8e2f2f")


@dataclass(frozen=True, slots=True)
class Series:
    """One line: its name and its points."""

    name: str
    points: list[tuple[float, float]]


def line_plot(title: str, x_label: str, y_label: str, series: list[Series]) -> str:
    """An SVG with both axes from zero."""
    xs = [x for line in series for x, _ in line.points]
    ys = [y for line in series for _, y in line.points]
    x_max, y_max = max(xs) * 1.05, max(ys) * 1.15
    plot_width, plot_height = WIDTH - _LEFT - _RIGHT, HEIGHT - _TOP - _BOTTOM

    def place(x: float, y: float) -> tuple[float, float]:
        return _LEFT + x / x_max * plot_width, HEIGHT - _BOTTOM - y / y_max * plot_height

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}"',
        ' font-family="sans-serif" font-size="12">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#f6efe3"/>',
        f'<text x="{_LEFT}" y="20" font-size="14" fill="#22201c">{escape(title)}</text>',
        f'<text x="{WIDTH / 2}" y="{HEIGHT - 8}" fill="#22201c">{escape(x_label)}</text>',
        f'<text x="6" y="{_TOP - 6}" fill="#22201c">{escape(y_label)}</text>',
    ]
    for step in range(5):
        value = y_max * step / 4
        _, y = place(0, value)
        parts.append(f'<line x1="{_LEFT}" x2="{WIDTH - _RIGHT}" y1="{y:.1f}" y2="{y:.1f}" stroke="#d8cdb8"/>')
        parts.append(f'<text x="{_LEFT - 8}" y="{y + 4:.1f}" text-anchor="end" fill="#22201c">{value:.3g}</text>')
    for x in sorted(set(xs)):
        at, _ = place(x, 0)
        parts.append(f'<text x="{at:.1f}" y="{HEIGHT - _BOTTOM + 16}" text-anchor="middle" fill="#22201c">{x:g}</text>')
    for number, line in enumerate(series):
        colour = _COLOURS[number % len(_COLOURS)]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in (place(*point) for point in line.points))
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        for x, y in (place(*point) for point in line.points):
            parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>')
        at = WIDTH - _RIGHT - 10
        parts.append(
            f'<text x="{at}" y="{20 + 15 * number}" text-anchor="end" fill="{colour}">{escape(line.name)}</text>'
        )
    return "\n".join([*parts, "</svg>"])
