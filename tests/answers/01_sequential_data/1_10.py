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
