"""Weights: how much each feature speaks for (above 0) or against a candidate, in natural logarithms of odds.

They are maximum-likelihood estimates of the chain of `attribution`, rounded. Fitted by stochastic gradient ascent
(AdaGrad, twelve passes, a ridge of 3e-5) to who speaks in fifteen English novels of ten authors, with their list of
characters and with the planner's own; the annotations are not part of this repository. Then a name right beside the
words was raised by 2, and one that leads into them by 1: what is said outright counts before the rhythm of a talk.
No feature knows a name or a book: fitted without an author's books, the weights attribute them about as well
(docs/benchmarks.md).
"""

from collections.abc import Mapping

WEIGHTS: Mapping[str, float] = {
    "again:0": -1.06, "again:1": 1.53, "again:2": 0.93, "again:3": 0.39, "again:in": 2.36,
    "ago:0": 1.48, "ago:1": -0.14, "ago:6-12": -0.10, "ago:far": -0.27,
    "called-before0": 1.86, "called-before1": 0.42, "called-here": -2.87, "called-next0": 0.81,
    "called-next1": 0.22,
    "does:first:no": 1.09, "does:first:yes": -1.90, "does:many": -0.58, "does:name:maybe": 1.05,
    "does:name:no": -0.25, "does:name:yes": 0.62, "does:noun:no": -1.37, "does:noun:open": -0.74,
    "does:noun:yes": -0.97, "does:pronoun:latest": 0.34, "does:pronoun:no": -0.53, "does:pronoun:open": -0.72,
    "does:pronoun:yes": 0.27,
    "lead:first": 1.04, "lead:last": -0.45, "lead:other": 0.61,
    "named-before0": -0.50, "named-here": -2.18, "named-next0": -0.53, "named-next1": 0.19,
    "own:first": 0.18,
    "rank:0": 0.38, "rank:1": 0.19, "rank:2": -0.10, "rank:3": -0.23, "rank:4": -0.60,
    "return:00": 2.63, "return:01": 1.30, "return:10": 1.08, "return:11": 0.92, "return:far": 0.54,
    "return:in": 0.73,
    "says-after:first:no": -1.65, "says-after:first:yes": 2.09, "says-after:many": 0.58,
    "says-after:name:maybe": 1.12, "says-after:name:no": -2.04, "says-after:name:yes": 1.88,
    "says-after:noun:no": 0.81, "says-after:noun:yes": -0.19, "says-after:pronoun:latest": 0.64,
    "says-after:pronoun:no": -1.24, "says-after:pronoun:open": -1.17, "says-after:pronoun:yes": 0.63,
    "says-before:first:no": -1.61, "says-before:first:yes": 0.87, "says-before:many": 0.41,
    "says-before:name:maybe": 1.32, "says-before:name:no": -0.89, "says-before:name:yes": 1.19,
    "says-before:noun:no": -0.70, "says-before:noun:open": -0.36, "says-before:noun:yes": -0.97,
    "says-before:pronoun:latest": 1.31, "says-before:pronoun:no": -1.66, "says-before:pronoun:open": -0.79,
    "says-before:pronoun:yes": 0.75,
    "says-into:first:no": -0.32, "says-into:first:yes": -0.66, "says-into:many": -1.30,
    "says-into:name:maybe": -0.58, "says-into:name:no": -1.86, "says-into:name:yes": 3.06,
    "says-into:noun:no": -1.34, "says-into:noun:open": 0.51, "says-into:noun:yes": 1.73,
    "says-into:pronoun:latest": 1.30, "says-into:pronoun:no": -2.44, "says-into:pronoun:open": -1.23,
    "says-into:pronoun:yes": 0.76,
    "says-lead:first:no": 0.53, "says-lead:first:yes": -0.50, "says-lead:many": 1.06, "says-lead:name:maybe": 1.57,
    "says-lead:name:no": -1.25, "says-lead:name:yes": 2.64, "says-lead:noun:no": -1.10, "says-lead:noun:open": 0.90,
    "says-lead:noun:yes": 0.35, "says-lead:pronoun:latest": 1.67, "says-lead:pronoun:no": -1.89,
    "says-lead:pronoun:open": -0.40, "says-lead:pronoun:yes": 0.84,
    "says-next:first:no": -3.45, "says-next:first:yes": 4.00, "says-next:many": -1.58, "says-next:name:maybe": 3.22,
    "says-next:name:no": -4.01, "says-next:name:yes": 4.86, "says-next:noun:no": -4.24, "says-next:noun:open": 0.24,
    "says-next:noun:yes": 1.84, "says-next:pronoun:latest": 1.54, "says-next:pronoun:no": -3.91,
    "says-next:pronoun:open": -0.72, "says-next:pronoun:yes": 0.97,
    "share:high": 0.21, "share:rare": -0.19,
    "sir-beside:other": -0.18, "sir-beside:same": 0.27,
    "sir-here:same": -0.30,
    "somebody:many": 1.14, "somebody:name": -0.92, "somebody:noun": 1.00, "somebody:pronoun": -0.17,
    "somebody:untagged": -0.54,
}  # fmt: skip
