"""The data sets of the course: shipped, generated, or fetched once and checked.

>>> from seqkit.corpora import load_series
>>> load_series("sunspots").values.shape
(309,)
"""

from seqkit.corpora.encoded import EncodedReviews, EncodedSplit, load_encoded
from seqkit.corpora.fetching import DataError, data_home
from seqkit.corpora.listing import DataSet, available, fetch
from seqkit.corpora.reviews import Reviews, ReviewSplit, load_reviews
from seqkit.corpora.shipped import (
    Intent,
    Labelled,
    Questions,
    Series,
    Unrelated,
    load_questions,
    load_series,
)
from seqkit.corpora.stories import Story, make_stories
from seqkit.corpora.texts import load_text, strip_gutenberg

__all__ = [
    "DataError",
    "DataSet",
    "EncodedReviews",
    "EncodedSplit",
    "Intent",
    "Labelled",
    "Questions",
    "ReviewSplit",
    "Reviews",
    "Series",
    "Story",
    "Unrelated",
    "available",
    "data_home",
    "fetch",
    "load_encoded",
    "load_questions",
    "load_reviews",
    "load_series",
    "load_text",
    "make_stories",
    "strip_gutenberg",
]
