"""The crew of a cluster: actors on Ray hold the models, whichever machine they are on; the store is shared."""

from wavagent.run.cluster.crew import Cluster

__all__ = ["Cluster"]
