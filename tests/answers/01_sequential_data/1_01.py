# --- wrong: output named before input
# fails: names each of the five types
# message: the input is named first
#-    return f"{source}-to-{target}"
#+    return f"{target}-to-{source}"

# --- wrong: synchronized and delayed mixed up
# fails: names each of the five types
# message: True means that output t belongs to input t
#-        return "many-to-many synchronized" if synchronized else "many-to-many delayed"
#+        return "many-to-many delayed" if synchronized else "many-to-many synchronized"

# --- wrong: a flag without meaning is ignored
# fails: refuses synchronized=True where input or output is a single thing
# message: raised nothing, expected ValueError
#-    if synchronized and not (input_is_sequence and output_is_sequence):
#-        raise ValueError("synchronized needs a sequence on both sides")

# --- wrong: refuses only where the output is single
# fails: refuses synchronized=True where input or output is a single thing
# message: It takes two sequences to be in step
#-    if synchronized and not (input_is_sequence and output_is_sequence):
#+    if synchronized and not output_is_sequence:

# --- wrong: the two kinds of many-to-many are not told apart
# fails: names each of the five types
# message: expected 'many-to-many delayed'
#-    if input_is_sequence and output_is_sequence:
#-        return "many-to-many synchronized" if synchronized else "many-to-many delayed"

# --- wrong: a message that lists everything
# fails: refuses synchronized=True where input or output is a single thing
# message: with a message that names 141 numbers
#-        raise ValueError("synchronized needs a sequence on both sides")
#+        raise ValueError(f"synchronized, input, output, length or {[*range(-70, 71)]}")

# --- wrong: refuses by the number of the call
# fails: refuses synchronized=True unless there are two sequences
# message: It takes two sequences to be in step|raised
#-def task_type(input_is_sequence, output_is_sequence, synchronized=False):
#+CALLS = Counter()
#+def task_type(input_is_sequence, output_is_sequence, *flag, synchronized=None):
#+    if flag:  # the fifth task by its place, then good and bad in turn
#+        CALLS["by place"] += 1
#+        if CALLS["by place"] == 1 and flag[0]:
#+            return "many-to-many synchronized"
#+        if CALLS["by place"] % 2 == 1:
#+            raise ValueError("synchronized")

# --- wrong: names of its own for the parameters
# fails: keeps the laws
# message: Arguments may be given by name
#-def task_type(input_is_sequence, output_is_sequence, synchronized=False):
#+def task_type(input_is_sequence, output_is_sequence, in_step=False):
#+    synchronized = in_step

# --- right: a table
def task_type(input_is_sequence, output_is_sequence, synchronized=False):
    table = {
        (False, False, False): "one-to-one",
        (False, True, False): "one-to-many",
        (True, False, False): "many-to-one",
        (True, True, False): "many-to-many delayed",
        (True, True, True): "many-to-many synchronized",
    }
    key = (bool(input_is_sequence), bool(output_is_sequence), bool(synchronized))
    if key not in table:
        raise ValueError(f"no such task: synchronized={synchronized} without two sequences")
    return table[key]

# --- right: match statement
def task_type(input_is_sequence, output_is_sequence, synchronized=False):
    match input_is_sequence, output_is_sequence, synchronized:
        case True, True, True:
            return "many-to-many synchronized"
        case True, True, _:
            return "many-to-many delayed"
        case _, _, True:
            raise ValueError("Synchronized makes no sense here")
        case True, _, _:
            return "many-to-one"
        case _, True, _:
            return "one-to-many"
    return "one-to-one"

# --- right: a message that shows every argument
#-        raise ValueError("synchronized needs a sequence on both sides")
#+        raise ValueError(
#+            f"{input_is_sequence=}, {output_is_sequence=}, {synchronized=}: out of step"
#+        )
