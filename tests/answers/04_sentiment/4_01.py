# --- wrong: line breaks are deleted
# fails: splits a review into lower-case words, `!` and `?`; a line break separates
# message: a line break was deleted
#-    text = re.sub(r"<br\s*/?>", " ", text.lower()).replace("’", "'")
#+    text = re.sub(r"<br\s*/?>", "", text.lower()).replace("’", "'")

# --- wrong: cut at blanks alone
# fails: splits a review into lower-case words, `!` and `?`; a line break separates
# message: the text was cut at blanks alone
def tokenize(text):
    return text.lower().replace("<br />", " ").split()

# --- wrong: case stays
# fails: splits a review into lower-case words, `!` and `?`; a line break separates
# message: upper case stays
#-    text = re.sub(r"<br\s*/?>", " ", text.lower()).replace("’", "'")
#+    text = re.sub(r"<br\s*/?>", " ", text, flags=re.I).replace("’", "'")

# --- wrong: one form of a line break
# fails: splits a review into lower-case words, `!` and `?`; a line break separates
# message: every <br>, <br/>, <br />
#-    text = re.sub(r"<br\s*/?>", " ", text.lower()).replace("’", "'")
#+    text = text.lower().replace("<br />", " ").replace("’", "'")

# --- wrong: every tag is dropped
# fails: splits a review into lower-case words, `!` and `?`; a line break separates
# message: no other tag
#-    text = re.sub(r"<br\s*/?>", " ", text.lower()).replace("’", "'")
#+    text = re.sub(r"<[^>]*>", " ", text.lower()).replace("’", "'")

# --- wrong: the underscore is a letter
# fails: splits a review into lower-case words, `!` and `?`; a line break separates
# message: underscore was taken for a letter
#-    return re.findall(r"[^\W_]+(?:'[^\W_]+)*|[!?]", text)
#+    return re.findall(r"\w+(?:'\w+)*|[!?]", text)

# --- wrong: letters from a to z
# fails: splits a review into lower-case words, `!` and `?`; a line break separates
# message: letters of any alphabet
#-    return re.findall(r"[^\W_]+(?:'[^\W_]+)*|[!?]", text)
#+    return re.findall(r"[a-z0-9]+(?:'[a-z0-9]+)*|[!?]", text)

# --- wrong: marks are lost
# fails: splits a review into lower-case words, `!` and `?`; a line break separates
# message: ! and \? are missing
#-    return re.findall(r"[^\W_]+(?:'[^\W_]+)*|[!?]", text)
#+    return re.findall(r"[^\W_]+(?:'[^\W_]+)*", text)

# --- wrong: marks in a row are one
# fails: splits a review into lower-case words, `!` and `?`; a line break separates
# message: each ! and
#-    return re.findall(r"[^\W_]+(?:'[^\W_]+)*|[!?]", text)
#+    return re.findall(r"[^\W_]+(?:'[^\W_]+)*|[!?]+", text)

# --- wrong: apostrophes at the ends stay
# fails: keeps apostrophes inside words alone, ’ as '; and keeps the laws
# message: apostrophes at the ends of words stay
#-    return re.findall(r"[^\W_]+(?:'[^\W_]+)*|[!?]", text)
#+    return re.findall(r"(?:[^\W_]|')+|[!?]", text)

# --- wrong: words are cut at apostrophes
# fails: keeps apostrophes inside words alone, ’ as '; and keeps the laws
# message: words are cut at the apostrophe
#-    return re.findall(r"[^\W_]+(?:'[^\W_]+)*|[!?]", text)
#+    return re.findall(r"[^\W_]+|[!?]", text)

# --- wrong: the typographic apostrophe is none
# fails: keeps apostrophes inside words alone, ’ as '; and keeps the laws
# message: ’ was not taken for an apostrophe
#-    text = re.sub(r"<br\s*/?>", " ", text.lower()).replace("’", "'")
#+    text = re.sub(r"<br\s*/?>", " ", text.lower())

# --- wrong: two apostrophes glue a word
# fails: keeps apostrophes inside words alone, ’ as '; and keeps the laws
# message: expected .*'don', 't'
def tokenize(text):
    text = re.sub(r"<br\s*/?>", " ", text.lower()).replace("’", "'")
    text = re.sub(r"(?<![^\W_])'|'(?![^\W_])", "", text)
    return re.findall(r"[^\W_]+(?:'[^\W_]+)*|[!?]", text)

# --- wrong: letters are made alike
# fails: splits a review into lower-case words, `!` and `?`; a line break separates
# message: Straße
#-    text = re.sub(r"<br\s*/?>", " ", text.lower()).replace("’", "'")
#+    text = re.sub(r"<br\s*/?>", " ", text.casefold()).replace("’", "'")

# --- wrong: a hundred words
# fails: keeps apostrophes inside words alone, ’ as '; and keeps the laws
# message: any size
#-    return re.findall(r"[^\W_]+(?:'[^\W_]+)*|[!?]", text)
#+    return re.findall(r"[^\W_]+(?:'[^\W_]+)*|[!?]", text)[:100]

# --- wrong: the course's own function
# fails: splits a review into lower-case words, `!` and `?`; a line break separates
# message: write this one yourself
def tokenize(text):
    return seqkit.text.tokenize(text)

# --- right: letter by letter
def tokenize(text):
    text = text.lower().replace("’", "'")
    for form in ("<br />", "<br/>", "<br>"):
        text = text.replace(form, "\n")
    tokens, word = [], []
    for i, letter in enumerate(text + " "):
        inside = letter == "'" and word and text[i + 1 : i + 2].isalnum() and text[i - 1].isalnum()
        if letter.isalnum() or inside:
            word.append(letter)
        else:
            if word:
                tokens.append("".join(word))
                word = []
            if letter in "!?":
                tokens.append(letter)
    return tokens

# --- right: spaces around marks, then split and strip
def tokenize(text):
    text = re.sub("<br ?/?>", " ", text, flags=re.IGNORECASE).lower().replace("’", "'")
    text = re.sub("([!?])", r" \1 ", text)
    text = re.sub(r"[^\w'!?]|_|''+", " ", text)
    return [word for word in (part.strip("'") for part in text.split()) if word]

# --- right: what is no word is looked for
def tokenize(text):
    text = re.sub(r"<br\s?/?>", " ", text.casefold() if text.isascii() else text.lower())
    found = []
    for match in re.finditer(r"(?P<mark>[?!])|(?P<word>[^\W_](?:[^\W_]|[’'](?=[^\W_])(?<=[^\W_].))*)", text):
        found.append(match.group().replace("’", "'"))
    return found
