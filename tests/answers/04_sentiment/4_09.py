# --- wrong: no mask
# fails: gives the same logit with any padding, and a finite one for padding alone
# message: the embedding makes the mask
#-            keras.layers.Embedding(vocab_size, embedding_dim, mask_zero=True),
#+            keras.layers.Embedding(vocab_size, embedding_dim),

# --- wrong: not built
# fails: is built from an embedding, one LSTM with its default settings and a head
# message: begins with keras.Input
#-            keras.Input((None,), dtype="int64"),

# --- wrong: a probability
# fails: gives the logits that its weights say: the head of the last state
# message: a sigmoid was taken
#-            keras.layers.Dense(1),
#+            keras.layers.Dense(1, activation="sigmoid"),

# --- wrong: the mean of all states, which is nan for padding alone
# fails: gives the same logit with any padding, and a finite one for padding alone
# message: A row of padding alone gives a finite number|all states were pooled
#-            keras.layers.LSTM(hidden_dim),
#+            keras.layers.LSTM(hidden_dim, return_sequences=True),
#+            keras.layers.GlobalAveragePooling1D(),

# --- wrong: every model starts alike
# fails: is built from an embedding, one LSTM with its default settings and a head
# message: no seed is set
#=def keras_sentiment(vocab_size, embedding_dim, hidden_dim):
#+    keras.utils.set_random_seed(0)

# --- wrong: padded to two hundred, cut to two hundred
# fails: gives the same logit with any padding, for long rows too
# message: over the real words alone
#-    return keras.Sequential(
#-        [
#-            keras.Input((None,), dtype="int64"),
#-            keras.layers.Embedding(vocab_size, embedding_dim, mask_zero=True),
#-            keras.layers.LSTM(hidden_dim),
#-            keras.layers.Dense(1),
#-        ]
#-    )
#+    ids = keras.Input((None,), dtype="int64")
#+    words = keras.layers.Embedding(vocab_size, embedding_dim, mask_zero=True)(ids[:, :200])
#+    return keras.Model(ids, keras.layers.Dense(1)(keras.layers.LSTM(hidden_dim)(words)))

# --- wrong: a SimpleRNN that is called LSTM
# fails: is built from an embedding, one LSTM with its default settings and a head
# message: one LSTM and Dense
#-            keras.layers.LSTM(hidden_dim),
#+            keras.layers.SimpleRNN(hidden_dim, name="lstm"),

# --- wrong: another activation in the layer
# fails: gives the logits that its weights say: the head of the last state
# message: default settings
#-            keras.layers.LSTM(hidden_dim),
#+            keras.layers.LSTM(hidden_dim, activation="relu"),

# --- wrong: no bias of 1 for the forget gate
# fails: is built from an embedding, one LSTM with its default settings and a head
# message: a bias of 1 for the forget gate
#-            keras.layers.LSTM(hidden_dim),
#+            keras.layers.LSTM(hidden_dim, unit_forget_bias=False),

# --- wrong: the embedding is frozen
# fails: keeps the laws: any size, and every weight can be trained
# message: whose embedding stays as it is
#-            keras.layers.Embedding(vocab_size, embedding_dim, mask_zero=True),
#+            keras.layers.Embedding(vocab_size, embedding_dim, mask_zero=True, trainable=False),

# --- wrong: weights are held small
# fails: is built from an embedding, one LSTM with its default settings and a head
# message: left as Keras sets it
#-            keras.layers.LSTM(hidden_dim),
#+            keras.layers.LSTM(hidden_dim, kernel_regularizer="l2"),

# --- wrong: dropout before the head
# fails: is built from an embedding, one LSTM with its default settings and a head
# message: and no others
#-            keras.layers.Dense(1),
#+            keras.layers.Dropout(0.5),
#+            keras.layers.Dense(1),

# --- right: by calls of layers
def keras_sentiment(vocab_size, embedding_dim, hidden_dim):
    ids = keras.Input(shape=(None,))
    words = keras.layers.Embedding(vocab_size, embedding_dim, mask_zero=True)(ids)
    state = keras.layers.LSTM(hidden_dim, activation="tanh", recurrent_activation="sigmoid")(words)
    return keras.Model(inputs=ids, outputs=keras.layers.Dense(1, activation="linear")(state))

# --- right: added one by one, built afterwards
def keras_sentiment(vocab_size, embedding_dim, hidden_dim):
    model = keras.Sequential()
    model.add(keras.layers.Embedding(vocab_size, embedding_dim, mask_zero=True))
    model.add(keras.layers.LSTM(units=hidden_dim))
    model.add(keras.layers.Dense(1, activation=None))
    model.build((None, None))
    return model

# --- right: the last of all states, by the layer's second result
def keras_sentiment(vocab_size, embedding_dim, hidden_dim):
    ids = keras.Input((None,), dtype="int32")
    words = keras.layers.Embedding(vocab_size, embedding_dim, mask_zero=True)(ids)
    _, h, _ = keras.layers.LSTM(hidden_dim, return_sequences=True, return_state=True)(words)
    return keras.Model(ids, keras.layers.Dense(1)(h))

# --- right: a class of its own, called once
class Sentiment(keras.Model):
    def __init__(self, vocab_size, embedding_dim, hidden_dim):
        super().__init__()
        self.embedding = keras.layers.Embedding(vocab_size, embedding_dim, mask_zero=True)
        self.rnn = keras.layers.LSTM(hidden_dim)
        self.head = keras.layers.Dense(1)

    def call(self, ids, training=None):
        return self.head(self.rnn(self.embedding(ids)))


def keras_sentiment(vocab_size, embedding_dim, hidden_dim):
    model = Sentiment(vocab_size, embedding_dim, hidden_dim)
    model(np.array([[1, 0]]) % vocab_size)
    return model
