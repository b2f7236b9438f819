# --- wrong: the ranks themselves
# fails: begins with 1 and gives each word its rank + 3, or 2 where that is too high or unknown
# message: the ranks themselves came back
#-    numbers = [word_index.get(word, num_words) + 3 for word in words if word]
#+    numbers = [word_index.get(word, num_words) for word in words if word]

# --- wrong: no start
# fails: begins with 1 and gives each word its rank + 3, or 2 where that is too high or unknown
# message: the start is missing
#-    return [1] + [number if number < num_words else 2 for number in numbers]
#+    return [number if number < num_words else 2 for number in numbers]

# --- wrong: the rank is compared, not the number
# fails: begins with 1 and gives each word its rank + 3, or 2 where that is too high or unknown
# message: the rank was compared with num_words
#-    return [1] + [number if number < num_words else 2 for number in numbers]
#+    return [1] + [number if number - 3 < num_words else 2 for number in numbers]

# --- wrong: num_words itself is allowed
# fails: begins with 1 and gives each word its rank + 3, or 2 where that is too high or unknown
# message: a number may be num_words
#-    return [1] + [number if number < num_words else 2 for number in numbers]
#+    return [1] + [number if number <= num_words else 2 for number in numbers]

# --- wrong: a word that the index lacks is an error
# fails: begins with 1 and gives each word its rank + 3, or 2 where that is too high or unknown
# message: raised KeyError
#-    numbers = [word_index.get(word, num_words) + 3 for word in words if word]
#+    numbers = [word_index[word] + 3 for word in words if word]

# --- wrong: letters are numbered
# fails: begins with 1 and gives each word its rank + 3, or 2 where that is too high or unknown
# message: First 1; then for each word
#-    numbers = [word_index.get(word, num_words) + 3 for word in words if word]
#+    numbers = [word_index.get(letter, num_words) + 3 for letter in text.lower()]

# --- wrong: the words of 4.1
# fails: splits the text as Keras split it
# message: the text was split as in 4.1
#-    filters = '!"#$%&()*+,-./:;<=>?@[\\]^_`{|}~\t\n'
#-    words = text.lower().translate(str.maketrans(filters, " " * len(filters))).split(" ")
#+    words = tokenize(text)

# --- wrong: all punctuation, the apostrophe too
# fails: splits the text as Keras split it
# message: apostrophes were dropped, or words cut at them
#-    filters = '!"#$%&()*+,-./:;<=>?@[\\]^_`{|}~\t\n'
#+    import string
#+    filters = string.punctuation + "\t\n"

# --- wrong: a few marks alone
# fails: splits the text as Keras split it
# message: each of the filters a space
#-    filters = '!"#$%&()*+,-./:;<=>?@[\\]^_`{|}~\t\n'
#+    filters = '!"(),-./:;<>?\t\n'

# --- wrong: cut at blanks of all kinds
# fails: splits the text as Keras split it
# message: cut at every blank there is
#-    words = text.lower().translate(str.maketrans(filters, " " * len(filters))).split(" ")
#+    words = text.lower().translate(str.maketrans(filters, " " * len(filters))).split()

# --- wrong: empty strings are words
# fails: splits the text as Keras split it
# message: empty strings between two spaces
#-    numbers = [word_index.get(word, num_words) + 3 for word in words if word]
#+    numbers = [word_index.get(word, num_words) + 3 for word in words]

# --- wrong: case stays
# fails: splits the text as Keras split it
# message: upper case stays
#-    words = text.lower().translate(str.maketrans(filters, " " * len(filters))).split(" ")
#+    words = text.translate(str.maketrans(filters, " " * len(filters))).split(" ")

# --- wrong: a list of texts is joined
# fails: refuses what is not one string
# message: The text is one string
#-    if not isinstance(text, str):
#-        raise TypeError(f"text must be one string, got {type(text).__name__}")
#+    text = text if isinstance(text, str) else " ".join(text)

# --- wrong: lists alone are refused
# fails: refuses what is not one string
# message: The text is one string
#-    if not isinstance(text, str):
#+    if isinstance(text, list):

# --- wrong: the kinds alone that were shown
# fails: refuses what is not one string, and nothing else
# message: The text is one string
#-    if not isinstance(text, str):
#+    if text is None or isinstance(text, list | tuple | bytes | int):
#=        raise TypeError(f"text must be one string, got {type(text).__name__}")
#+    text = str(text)

# --- wrong: words that have no number get one
# fails: keeps the laws
# message: caller's word_index was changed
#-    numbers = [word_index.get(word, num_words) + 3 for word in words if word]
#+    numbers = [word_index.setdefault(word, num_words) + 3 for word in words if word]

# --- wrong: two hundred words
# fails: keeps the laws
# message: any size
#-    return [1] + [number if number < num_words else 2 for number in numbers]
#+    return [1] + [number if number < num_words else 2 for number in numbers[:200]]

# --- wrong: ranks by their order
# fails: begins with 1 and gives each word its rank + 3, or 2 where that is too high or unknown
# message: its rank \+ 3
#=    filters = '!"#$%&()*+,-./:;<=>?@[\\]^_`{|}~\t\n'
#+    word_index = {w: k for k, w in enumerate(sorted(word_index, key=word_index.get), start=1)}

# --- wrong: the shifted index is kept
# fails: keeps the laws
# message: other ranks in it
KEPT = {}


def encode_review(text, word_index, num_words):
    if not isinstance(text, str):
        raise TypeError("one string")
    if (id(word_index), len(word_index)) not in KEPT:
        shifted = {word: rank + 3 for word, rank in word_index.items()}
        KEPT[id(word_index), len(word_index)] = shifted
    known = KEPT[id(word_index), len(word_index)]
    filters = '!"#$%&()*+,-./:;<=>?@[\\]^_`{|}~\t\n'
    words = text.lower().translate(str.maketrans(filters, " " * len(filters))).split(" ")
    numbers = [known.get(word, num_words) for word in words if word]
    return [1] + [number if number < num_words else 2 for number in numbers]

# --- right: character by character
def encode_review(text, word_index, num_words):
    if type(text) is not str:
        raise TypeError("one text at a time")
    numbers, word = [1], ""
    for letter in text.lower() + " ":
        if letter not in '!"#$%&()*+,-./:;<=>?@[\\]^_`{|}~\t\n ':
            word += letter
        elif word:
            number = word_index[word] + 3 if word in word_index else num_words
            numbers.append(number if number < num_words else 2)
            word = ""
    return numbers

# --- right: with a pattern, into an array
def encode_review(text, word_index, num_words):
    if not isinstance(text, str):
        raise TypeError(type(text))
    words = re.findall(r"""[^ !"#$%&()*+,\-./:;<=>?@\[\\\]^_`{|}~\t\n]+""", text.lower())
    ranks = np.array([0, *(word_index.get(word, -1) for word in words)])
    numbers = np.where((ranks >= 0) & (ranks + 3 < num_words), ranks + 3, 2)
    numbers[0] = 1
    return numbers

# --- right: a smaller index first
def encode_review(text, word_index, num_words):
    if isinstance(text, str):
        known = {word: rank + 3 for word, rank in word_index.items() if rank < num_words - 3}
        cleaned = "".join(" " if c in '!"#$%&()*+,-./:;<=>?@[\\]^_`{|}~\t\n' else c for c in text)
        return [1, *(known.get(word, 2) for word in cleaned.lower().split(" ") if word != "")]
    raise TypeError("text is no string")
