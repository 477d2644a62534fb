"""S010: write the number master of a synthetic world (試験データ)."""

from chosho.fixtures import number_file
from chosho.fixtures.world import World
from chosho.step import Step


def run(step: Step) -> None:
    """Draw the registrations of every contract, in key order, into a new generation of the number master."""
    world = World(
        contracts=int(step.parameters["CONTRACTS"]),
        seed=int(step.parameters["SEED"]),
        tax_year=int(step.parameters["TAX_YEAR"]),
    )
    writer = step.writer("NUMMAST")
    step.set_count("written", 0)
    for block in number_file.blocks(world):
        writer.write(block)
        step.count("written", len(block))
        step.progress(step.counts["written"], world.contracts)
