"""How good clips are: held against what was asked for, and against real ones.

`pairs(path)` reads which clip was made for which words; `evaluate(pairs, toolbox, executor)` measures them. The figures
themselves, `frechet`, `divergence` and `inception`, are functions of arrays.
"""

from .divergence import divergence
from .evaluation import Evaluation, Score, evaluate
from .frechet import frechet
from .inception import inception
from .pair import Pair, pairs

__all__ = ["Evaluation", "Pair", "Score", "divergence", "evaluate", "frechet", "inception", "pairs"]
