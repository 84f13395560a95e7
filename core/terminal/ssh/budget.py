"""How much may come in: bytes of a connection, keys of a person."""

from dataclasses import dataclass


@dataclass(slots=True)
class Budget:
    """A bucket that fills at `rate` a second up to `burst`."""

    rate: float
    burst: float
    left: float
    at: float
    """When `left` was right, in seconds of a clock that only goes forward."""

    def spend(self, count: int, now: float) -> float:
        """Take `count`, also if there is less; the seconds until the bucket is out of debt, 0 when it is not."""
        self.left = min(self.burst, self.left + (now - self.at) * self.rate) - count
        self.at = now
        return max(0.0, -self.left / self.rate)

    def allows(self, now: float) -> bool:
        """Take one if there is one; whether there was."""
        self.spend(0, now)
        if self.left < 1:
            return False
        self.left -= 1
        return True


def full(rate: float, burst: float, now: float) -> Budget:
    """A bucket that nothing was taken from yet."""
    return Budget(rate, burst, burst, now)
