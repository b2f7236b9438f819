"""Models of the lessons, in their full form: classifiers of text in PyTorch and in Keras.

>>> from seqkit.models import TextClassifier
>>> sum(p.numel() for p in TextClassifier(1000, 16, 32).parameters())
22433
"""

from seqkit.models.classifier import POOLINGS, TextClassifier
from seqkit.models.in_keras import keras_classifier
from seqkit.models.segments import SegmentClassifier
from seqkit.models.vectors import word_vectors

__all__ = ["POOLINGS", "SegmentClassifier", "TextClassifier", "keras_classifier", "word_vectors"]
