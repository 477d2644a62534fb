"""The step (ステップ): what a step program sees of the world, and its channel to the supervisor.

A program gets one :class:`Step` and nothing else: no paths, no keys by name, no database, no clock.
"""

from chosho.step.step import Step

__all__ = ["Step"]
