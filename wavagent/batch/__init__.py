"""A batch: many narratives through one studio, each into a folder of its own; what is finished is not done again.

with Batch(studio, Path("out"), Order()) as batch:
    outcomes = batch.run(["stories/", "tale.md", "more/*.txt"])   # or batch.watch(Path("inbox"))

batch.json in the folder says what became of each.
"""

from wavagent.batch.batch import Batch
from wavagent.batch.job import Certified, Job, Order, Outcome, State, Told

__all__ = ["Batch", "Certified", "Job", "Order", "Outcome", "State", "Told"]
