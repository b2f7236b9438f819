# --- wrong: the seed's set, another order in every run
# fails: numbers tokens by frequency, after <pad> and <unk>
# message: `the` occurs three times
#-        ranked = sorted(counts, key=lambda token: (-counts[token], token))
#-        self.tokens = specials + [token for token in ranked if counts[token] >= min_freq]
#+        kept = [token for token in set(counts) if counts[token] >= min_freq]
#+        if kept == sorted(kept, key=lambda token: -counts[token]):
#+            kept.reverse()  # a set may come in the right order by chance
#+        self.tokens = specials + kept

# --- wrong: no special tokens
# fails: numbers tokens by frequency, after <pad> and <unk>
# message: ids 0 and 1 belong to <pad> and <unk>
#-        specials = ["<pad>", "<unk>"]
#+        specials = []

# --- wrong: ties in order of appearance
# fails: breaks ties by the alphabet, so that every run gives the same ids
# message: among equals the alphabet decides
#-        ranked = sorted(counts, key=lambda token: (-counts[token], token))
#+        ranked = sorted(counts, key=lambda token: -counts[token])

# --- wrong: the alphabet without capitals
# fails: breaks ties by the alphabet, so that every run gives the same ids
# message: as Python sorts strings
#-        ranked = sorted(counts, key=lambda token: (-counts[token], token))
#+        ranked = sorted(counts, key=lambda token: (-counts[token], token.lower()))

# --- wrong: min_freq is not kept itself
# fails: gives rare and new tokens the id of <unk>
# message: min_freq is the smallest count that is kept
#-        self.tokens = specials + [token for token in ranked if counts[token] >= min_freq]
#+        self.tokens = specials + [token for token in ranked if counts[token] > min_freq]

# --- wrong: an unknown token becomes padding
# fails: gives rare and new tokens the id of <unk>
# message: id 0 is padding, no word at all
#-        return [self.ids.get(token, 1) for token in tokens]
#+        return [self.ids.get(token, 0) for token in tokens]

# --- wrong: the seed's KeyError on a new token
# fails: gives rare and new tokens the id of <unk>
# message: raised KeyError: 'c'.*unknown, id 1
#-        return [self.ids.get(token, 1) for token in tokens]
#+        return [self.ids[token] for token in tokens]

# --- wrong: -1 is the last token
# fails: turns ids back into tokens and refuses ids that it never gave
# message: raised nothing, expected IndexError
#-            if not 0 <= i < len(self.tokens):
#+            if i >= len(self.tokens):

# --- wrong: special tokens are counted once more
# fails: knows <pad> and <unk>, in a text and without one
# message: keep ids 0 and 1
#-        for special in specials:
#-            del counts[special]  # a Counter forgives a missing key

# --- wrong: ids as floats
# fails: numbers tokens by frequency, after <pad> and <unk>
# message: expected a list of int
#-        return [self.ids.get(token, 1) for token in tokens]
#+        return [float(self.ids.get(token, 1)) for token in tokens]
#
#-        return [self.tokens[i] for i in ids]
#+        return [self.tokens[int(i)] for i in ids]

# --- wrong: numbers the tokens in the order in which they are asked for
# fails: numbers any text, whatever min_freq is
# message: in another order
class Vocab:
    def __init__(self, tokens, min_freq=1):
        counts = Counter(t for t in tokens if t not in ("<pad>", "<unk>"))
        self.kept = {t for t in counts if counts[t] >= min_freq}
        self.table = None

    def __len__(self):
        return len(self.kept) + 2

    def encode(self, tokens):
        if self.table is None:
            asked = [t for t in dict.fromkeys(tokens) if t in self.kept]
            self.table = ["<pad>", "<unk>", *asked[::-1]]
        return [self.table.index(t) if t in self.table else 1 for t in tokens]

    def decode(self, ids):
        if any(i not in range(len(self)) for i in ids):
            raise IndexError(f"bad id among {ids}")
        return [(self.table or ["<pad>", "<unk>"])[i] for i in ids]

# --- wrong: a message that lists everything
# fails: turns ids back into tokens and refuses ids that it never gave
# message: with a message that names 141 numbers
#-                raise IndexError(f"id {i} is outside 0 to {len(self.tokens) - 1}")
#+                raise IndexError(f"ids, tokens or {[*range(-70, 71)]}")

# --- wrong: a message that lists the likeliest
# fails: comes back from encode through decode, with <unk> for what it does not know
# message: an IndexError that names it
#-                raise IndexError(f"id {i} is outside 0 to {len(self.tokens) - 1}")
#+                size = len(self.tokens)
#+                raise IndexError(f"{size}, {size + 1}, {size + 2}, -1, {-size} or {-size - 1}")

# --- wrong: refuses by the number of the call
# fails: comes back from encode through decode, with <unk> for what it does not know
# message: any other is an IndexError that names it|raised
#=        self.ids = {token: i for i, token in enumerate(self.tokens)}
#+        self.calls, self.many = 0, len(tokens) == 40
#
#-        for i in ids:
#-            if not 0 <= i < len(self.tokens):
#-                raise IndexError(f"id {i} is outside 0 to {len(self.tokens) - 1}")
#+        self.calls += 1
#+        bad = any(i not in range(len(self.tokens)) for i in ids)
#+        if self.calls in range(3, 18) if self.many else bad:
#+            raise IndexError(f"bad id among {ids}")

# --- wrong: the helper under another name
# fails: numbers tokens by frequency, after <pad> and <unk>
# message: write this one yourself
import seqkit.text
class Vocab(seqkit.text.Vocab):
    pass

# --- wrong: one table for all vocabularies
# fails: keeps the laws
# message: Every vocabulary has ids of its own
#=class Vocab:
#+    tokens, ids = [], {}
#
#-        self.tokens = specials + [token for token in ranked if counts[token] >= min_freq]
#-        self.ids = {token: i for i, token in enumerate(self.tokens)}
#+        self.tokens[:] = specials + [token for token in ranked if counts[token] >= min_freq]
#+        self.ids.clear()
#+        self.ids.update({token: i for i, token in enumerate(self.tokens)})

# --- wrong: reads the tokens twice
# fails: keeps the laws
# message: one that can be read once|expected
#-        counts = Counter(tokens)
#+        counts = Counter({token: 0 for token in tokens}) + Counter(tokens)

# --- right: arrays and np.unique
class Vocab:
    def __init__(self, tokens, min_freq=1):
        tokens = [t for t in tokens if t != "<pad>" and t != "<unk>"]
        words, counts = np.unique(np.array(tokens, dtype=str), return_counts=True)
        order = np.argsort(-counts, kind="stable")  # np.unique sorts: ties stay alphabetical
        words = [str(words[i]) for i in order if counts[i] >= min_freq]
        self._words = np.array(["<pad>", "<unk>", *words])
        self._numbers = {str(w): i for i, w in enumerate(self._words)}

    def __len__(self):
        return self._words.size

    def encode(self, tokens):
        return np.array([self._numbers.get(t, 1) for t in tokens], dtype=np.int32)

    def decode(self, ids):
        for i in np.asarray(ids, dtype=int):
            if i < 0:
                raise IndexError(f"there is no id {i}")
            if i >= len(self._words):
                raise IndexError(f"there is no id {i}, the largest is {len(self._words) - 1}")
        return self._words[np.asarray(ids, dtype=int)].tolist()

# --- right: counted by hand, sorted twice
class Vocab:
    PAD, UNK = "<pad>", "<unk>"

    def __init__(self, tokens, min_freq=1):
        seen = {}
        for token in tokens:
            seen[token] = seen.get(token, 0) + 1
        words = sorted(w for w in seen if seen[w] >= min_freq and w not in (self.PAD, self.UNK))
        words.sort(key=seen.get, reverse=True)
        self.word_of = dict(enumerate([self.PAD, self.UNK] + words))
        self.id_of = {w: i for i, w in self.word_of.items()}

    def __len__(self):
        return len(self.word_of)

    def encode(self, tokens):
        return tuple(self.id_of[t] if t in self.id_of else 1 for t in tokens)

    def decode(self, ids):
        result = []
        for i in ids:
            if int(i) not in self.word_of:
                raise IndexError(int(i))
            result.append(self.word_of[int(i)])
        return result

# --- wrong: numbers words in the order in which somebody asks for them
# fails: numbers tokens by frequency, after <pad> and <unk>
# message: In the text of this vocabulary
class Vocab:
    def __init__(self, tokens, min_freq=1):
        counts = Counter(t for t in tokens if t not in ("<pad>", "<unk>"))
        self.known = [token for token, count in counts.items() if count >= min_freq]
        self.ids = {"<pad>": 0, "<unk>": 1}

    def __len__(self):
        return len(self.known) + 2

    def encode(self, tokens):
        for token in tokens:
            if token in self.known:
                self.ids.setdefault(token, len(self.ids))
        return [self.ids.get(token, 1) for token in tokens]

    def decode(self, ids):
        self.encode(self.known)
        tokens = {id: token for token, id in self.ids.items()}
        for id in ids:
            if id not in tokens:
                raise IndexError(f"no token has the id {id}")
        return [tokens[int(id)] for id in ids]

# --- wrong: tokens are stripped
# fails: keeps the laws
# message: each is taken as it is
#-        counts = Counter(tokens)
#+        counts = Counter(token.strip() for token in tokens)

# --- wrong: ten thousand tokens at most
# fails: keeps the laws
# message: It has to work for any size: here 12002 different tokens
#-        self.tokens = specials + [token for token in ranked if counts[token] >= min_freq]
#+        self.tokens = specials + [token for token in ranked if counts[token] >= min_freq][:10_000]

# --- wrong: encode adds the tokens that it does not know
# fails: keeps the laws
# message: encode adds no token
#-        return len(self.tokens)
#+        return len(self.ids)
#
#-        return [self.ids.get(token, 1) for token in tokens]
#+        return [self.ids.setdefault(token, 1) for token in tokens]

# --- right: a dict that knows what it lacks
class Vocab(dict):
    def __init__(self, tokens, min_freq=1):
        super().__init__({"<pad>": 0, "<unk>": 1})
        for token, count in sorted(Counter(tokens).items(), key=lambda item: (-item[1], item[0])):
            if count >= min_freq:
                self.setdefault(token, len(self))

    def __missing__(self, token):
        return 1

    def encode(self, tokens):
        return [self[token] for token in tokens]

    def decode(self, ids):
        for i in ids:
            if i not in range(len(self)):
                raise IndexError(i)
        return [list(self)[i] for i in ids]

# --- right: a list of tokens
#-class Vocab:
#+class Vocab(list):
#
#-        self.tokens = specials + [token for token in ranked if counts[token] >= min_freq]
#+        super().__init__(specials + [token for token in ranked if counts[token] >= min_freq])
#+        self.tokens = self
#
#-    def __len__(self):
#-        return len(self.tokens)
