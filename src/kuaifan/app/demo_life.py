"""The switches of the demo (演示开关): from what the web asks to the simulated people."""

from __future__ import annotations

from kuaifan.kernel.errors import BadInputError
from kuaifan.twin.life import ROLES, CityLife, LifeWish
from kuaifan.web.desk import LifeState


class DemoLife:
    """Who is simulated, read and changed by a page (城市生活开关)."""

    def __init__(self, life: CityLife) -> None:
        self._life = life

    def get(self) -> LifeState:
        """What is on."""
        settings = self._life.settings()
        return LifeState(
            speed=settings.speed,
            roles={str(role): is_on for role, is_on in settings.roles.items()},
            units_human=settings.units_human,
        )

    def set(self, change: LifeState) -> LifeState:
        """Change what is named; raises BadInputError in words."""
        named = change.roles or {}
        unknown = sorted(set(named) - set(ROLES))
        if unknown:
            raise BadInputError(
                f"there is no role {', '.join(unknown)}: there are {', '.join(ROLES)}"
            )
        roles = {role: named[role] for role in ROLES if role in named}
        self._life.change(LifeWish(speed=change.speed, roles=roles, units_human=change.units_human))
        return self.get()
