"""`kuaifan plan` (规划): where to stand."""

from __future__ import annotations

from cyclopts import App

from kuaifan.app.cli_plan_demand import demand

app = App(name="plan", help="Where to stand (规划).")
app.command(demand)
