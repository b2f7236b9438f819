# --- wrong: the seed's numbering: a word and padding are both 0
# fails: keeps id 0 for padding alone
# message: A word has id 0, which belongs to padding
#-            row.append(word_index.setdefault(word, len(word_index) + 1))  # 0 stays padding's
#+            row.append(word_index.setdefault(word, len(word_index)))

# --- wrong: words numbered by the alphabet
# fails: keeps id 0 for padding alone
# message: in the order in which words first appear
#-    word_index: dict[str, int] = {}
#+    words = sorted(set(" ".join(sentences).split()))
#+    word_index = {word: i for i, word in enumerate(words, start=1)}

# --- wrong: a new number for every occurrence
# fails: gives a word one id, wherever it stands
# message: a word has one id
#-            row.append(word_index.setdefault(word, len(word_index) + 1))  # 0 stays padding's
#+            word_index[word] = sum(map(len, rows)) + len(row) + 1
#+            row.append(word_index[word])

# --- wrong: filled on the left
# fails: keeps id 0 for padding alone
# message: ids in order, then 0 to the end of the row
#-        ids[i, : len(row)] = row
#+        ids[i, ids.shape[1] - len(row) :] = row

# --- wrong: lower case
# fails: gives a word one id, wherever it stands
# message: case and punctuation kept
#-        for word in sentence.split():
#+        for word in sentence.lower().split():

# --- wrong: filled with -1, words still from 0
# fails: keeps id 0 for padding alone
# message: A word has id 0
#-            row.append(word_index.setdefault(word, len(word_index) + 1))  # 0 stays padding's
#+            row.append(word_index.setdefault(word, len(word_index)))
#
#-    ids = np.zeros((len(rows), max(map(len, rows), default=0)), dtype=np.int64)  # (B, T)
#+    ids = np.full((len(rows), max(map(len, rows), default=0)), -1, dtype=np.int64)  # (B, T)

# --- wrong: split at single blanks
# fails: gives a word one id, wherever it stands
# message: as str.split\(\) gives them
#-        for word in sentence.split():
#+        for word in sentence.split(" ") if sentence else []:

# --- wrong: takes words that agree in 16 letters for one
# fails: keeps the laws
# message: expected|str.split\(\) gives them
#-            row.append(word_index.setdefault(word, len(word_index) + 1))  # 0 stays padding's
#+            row.append(word_index.setdefault(word[:16], len(word_index) + 1))

# --- wrong: one index for all calls
# fails: keeps the laws
# message: What the first call returned changed
#+KNOWN = {}
#=def encode_sentences(sentences):
#-    word_index: dict[str, int] = {}
#+    word_index = KNOWN
#+    word_index.clear()

# --- right: dict.fromkeys and zip_longest
def encode_sentences(sentences):
    from itertools import chain, zip_longest

    split = [sentence.split() for sentence in sentences]
    word_index = {w: i + 1 for i, w in enumerate(dict.fromkeys(chain.from_iterable(split)))}
    columns = list(zip_longest(*([word_index[w] for w in words] for words in split), fillvalue=0))
    if not columns:
        return np.zeros((len(sentences), 0), dtype=np.int64), word_index
    return np.array(columns, dtype=np.int64).T, word_index

# --- right: written into the array word by word
def encode_sentences(sentences):
    T = 0
    for sentence in sentences:
        T = max(T, len(sentence.split()))
    ids = np.zeros((len(sentences), T), dtype="int64")
    word_index = {}
    for i in range(len(sentences)):
        for t, word in enumerate(sentences[i].split()):
            if word not in word_index:
                word_index[word] = 1 + len(word_index)
            ids[i, t] = word_index[word]
    return ids, {word: np.int64(number) for word, number in word_index.items()}

# --- wrong: split at blanks and tabs alone
# fails: gives a word one id, wherever it stands
# message: as str.split\(\) gives them
#-        for word in sentence.split():
#+        for word in sentence.replace("\t", " ").replace("\n", " ").split(" "):
#+            if not word:
#+                continue

# --- right: a dict that numbers what it lacks
#-    word_index: dict[str, int] = {}
#+    from collections import defaultdict
#+
#+    word_index = defaultdict(lambda: len(word_index) + 1)
#
#-            row.append(word_index.setdefault(word, len(word_index) + 1))  # 0 stays padding's
#+            row.append(word_index[word])
