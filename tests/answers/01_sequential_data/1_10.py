# --- wrong: never adapted
# fails: numbers words by frequency, 1 for words it does not know
# message: has not seen any text yet
#-    layer.adapt(np.array(texts))

# --- wrong: rows as long as the longest text of the batch
# fails: cuts long texts and fills short ones to the length
# message: exactly `length` ids, in any batch
#-    layer = keras.layers.TextVectorization(max_tokens=max_tokens, output_sequence_length=length)
#+    layer = keras.layers.TextVectorization(max_tokens=max_tokens)

# --- wrong: no bound on the vocabulary
# fails: keeps no more than max_tokens entries, the commonest words
# message: the rarest words drop out
#-    layer = keras.layers.TextVectorization(max_tokens=max_tokens, output_sequence_length=length)
#+    layer = keras.layers.TextVectorization(output_sequence_length=length)

# --- wrong: padding and unknown not counted
# fails: keeps no more than max_tokens entries, the commonest words
# message: counted
#-    layer = keras.layers.TextVectorization(max_tokens=max_tokens, output_sequence_length=length)
#+    layer = keras.layers.TextVectorization(max_tokens=max_tokens + 2, output_sequence_length=length)

# --- wrong: no cleaning
# fails: numbers words by frequency, 1 for words it does not know
# message: lower case, punctuation dropped
#-    layer = keras.layers.TextVectorization(max_tokens=max_tokens, output_sequence_length=length)
#+    layer = keras.layers.TextVectorization(
#+        max_tokens=max_tokens, output_sequence_length=length, standardize=None
#+    )

# --- wrong: letters instead of words
# fails: numbers words by frequency, 1 for words it does not know
# message: then words by their frequency
#-    layer = keras.layers.TextVectorization(max_tokens=max_tokens, output_sequence_length=length)
#+    layer = keras.layers.TextVectorization(
#+        max_tokens=max_tokens, output_sequence_length=length, split="character"
#+    )

# --- wrong: counts instead of a sequence
# fails: numbers words by frequency, 1 for words it does not know
# message: Every row has exactly `length` ids
#-    layer = keras.layers.TextVectorization(max_tokens=max_tokens, output_sequence_length=length)
#+    layer = keras.layers.TextVectorization(max_tokens=max_tokens, output_mode="count")

# --- wrong: words in order of appearance
# fails: gives any text the right ids in rows of the right length
# message: by their frequency
def text_vectorizer(texts, max_tokens, length):
    words = list(dict.fromkeys(" ".join(texts).lower().replace(",", "").replace("!", "").split()))
    return keras.layers.TextVectorization(
        max_tokens=max_tokens, output_sequence_length=length, vocabulary=words[: max_tokens - 2]
    )

# --- wrong: the ids of the texts instead of the layer
# fails: numbers words by frequency, 1 for words it does not know
# message: Return the layer itself
#-    return layer
#+    return layer(np.array(texts))

# --- wrong: no Keras layer
# fails: numbers words by frequency, 1 for words it does not know
# message: a keras.layers.TextVectorization, adapted
import re


class Vectorizer:
    def __init__(self, texts, max_tokens, length):
        counts = Counter(word for text in texts for word in self.words(text))
        self.table = (["", "[UNK]"] + [word for word, _ in counts.most_common()])[:max_tokens]
        self.length = length

    def words(self, text):
        return re.sub(r"[^\w\s]", "", str(text).lower()).split()

    def get_vocabulary(self):
        return self.table

    def __call__(self, texts):
        known = self.table[2:]
        rows = [[known.index(w) + 2 if w in known else 1 for w in self.words(t)] for t in texts]
        return np.array([[*row, *[0] * self.length][: self.length] for row in rows])


def text_vectorizer(texts, max_tokens, length):
    return Vectorizer(texts, max_tokens, length)

# --- wrong: a layer that is named so
# fails: numbers words by frequency, 1 for words it does not know
# message: Return the layer itself
class TextVectorization:
    def __init__(self, inner):
        self.get_vocabulary = inner.get_vocabulary
        self.inner = inner

    def __call__(self, texts):
        return self.inner(texts).numpy()


def text_vectorizer(texts, max_tokens, length):
    layer = keras.layers.TextVectorization(max_tokens=max_tokens, output_sequence_length=length)
    layer.adapt(texts)
    return TextVectorization(layer)

# --- wrong: one layer for all calls
# fails: keeps the laws, and is the layer of Keras
# message: Every layer has a vocabulary of its own
#+LAYERS = {}
#=def text_vectorizer(texts, max_tokens, length):
#-    layer = keras.layers.TextVectorization(max_tokens=max_tokens, output_sequence_length=length)
#-    layer.adapt(np.array(texts))
#+    made = keras.layers.TextVectorization(max_tokens=max_tokens, output_sequence_length=length)
#+    layer = LAYERS.setdefault("layer", made)
#+    layer._max_tokens = layer._lookup_layer.max_tokens = max_tokens
#+    layer._output_sequence_length = length
#+    layer.adapt(np.array(texts))

# --- right: adapted to a list, options spelled out
def text_vectorizer(texts, max_tokens, length):
    layer = keras.layers.TextVectorization(
        max_tokens=max_tokens,
        standardize="lower_and_strip_punctuation",
        split="whitespace",
        output_mode="int",
        output_sequence_length=length,
    )
    layer.adapt(list(texts))
    return layer

# --- right: adapted to a data set in batches
def text_vectorizer(texts, max_tokens, length):
    import tensorflow as tf

    layer = tf.keras.layers.TextVectorization(max_tokens, output_sequence_length=length)
    layer.adapt(tf.data.Dataset.from_tensor_slices(list(texts)).batch(2))
    return layer

# --- wrong: a text that comes twice is counted once
# fails: keeps the laws, and is the layer of Keras
# message: also one that comes twice
#-    layer.adapt(np.array(texts))
#+    layer.adapt(list(dict.fromkeys(texts)))

# --- wrong: learns from what rows can hold
# fails: numbers words by frequency, 1 for words it does not know
# message: by their frequency
#-    layer.adapt(np.array(texts))
#+    layer.adapt([" ".join(text.split()[:length]) for text in texts])

# --- wrong: words found by a pattern of its own
# fails: numbers words by frequency, 1 for words it does not know
# message: cleaned .* and split by Keras
import re


def text_vectorizer(texts, max_tokens, length):
    counts = Counter(word for text in texts for word in re.findall(r"\w+", text.lower()))
    words = [word for word, _ in counts.most_common(max_tokens - 2)]
    return keras.layers.TextVectorization(
        max_tokens=max_tokens, output_sequence_length=length, vocabulary=words
    )

# --- right: a class made from it
class Adapted(keras.layers.TextVectorization):
    def __init__(self, texts, **options):
        super().__init__(**options)
        self.adapt(np.array(texts))


def text_vectorizer(texts, max_tokens, length):
    return Adapted(texts, max_tokens=max_tokens, output_sequence_length=length)
