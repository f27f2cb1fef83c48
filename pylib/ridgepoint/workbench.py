"""The view-model: everything a learner can set, as parameters, without a widget in sight."""

import param

__all__ = ["CONFIDENCES", "Answer", "PredictionForm"]

CONFIDENCES = (0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
"""Offered levels: from a coin toss to certain; fewer levels calibrate better than a slider."""


class Answer(param.Parameterized):
    """One question of the lock, with the choice and the confidence given so far."""

    question = param.Parameter(constant=True, doc="The question, with its choices")
    choice = param.Selector(default=None, allow_None=True, doc="Id of the chosen answer")
    confidence = param.Selector(default=None, allow_None=True, doc="Probability that the choice is right")

    def __init__(self, **params):
        super().__init__(**params)
        self.param.choice.objects = {choice.text: choice.id for choice in self.question.choices}
        self.param.confidence.objects = {f"{level:.0%}": level for level in CONFIDENCES}


class PredictionForm(param.Parameterized):
    """The lock's questions; a submission with gaps says which, and keeps what was given."""

    answers = param.Tuple(constant=True, doc="One Answer a question, in the order asked")
    message = param.String(doc="What is still missing, in words")
    submit = param.Event(doc="The learner locks the predictions in")

    def __init__(self, questions, **params):
        super().__init__(answers=tuple(Answer(question=question) for question in questions), **params)

    def missing(self):
        """List, in words, what has not been answered."""
        gaps = []
        for number, answer in enumerate(self.answers, 1):
            if answer.choice is None:
                gaps.append(f"an answer to question {number}")
            if answer.confidence is None:
                gaps.append(f"how sure you are of question {number}")
        return gaps
