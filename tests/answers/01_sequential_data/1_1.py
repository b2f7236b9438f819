# --- wrong: output named before input
# fails: names each of the five types
# message: the input is named first
def task_type(input_is_sequence, output_is_sequence, synchronized=False):
    if synchronized and not (input_is_sequence and output_is_sequence):
        raise ValueError("synchronized needs two sequences")
    if input_is_sequence and output_is_sequence:
        return "many-to-many synchronized" if synchronized else "many-to-many delayed"
    if input_is_sequence:
        return "one-to-many"
    if output_is_sequence:
        return "many-to-one"
    return "one-to-one"


# --- wrong: synchronized and delayed mixed up
# fails: names each of the five types
# message: True means that output t belongs to input t
def task_type(input_is_sequence, output_is_sequence, synchronized=False):
    if synchronized and not (input_is_sequence and output_is_sequence):
        raise ValueError("synchronized needs two sequences")
    if input_is_sequence and output_is_sequence:
        return "many-to-many delayed" if synchronized else "many-to-many synchronized"
    return ("many" if input_is_sequence else "one") + "-to-" + ("many" if output_is_sequence else "one")


# --- wrong: a flag without meaning is ignored
# fails: refuses synchronized=True where the output is a single thing
# message: raised nothing, expected ValueError
def task_type(input_is_sequence, output_is_sequence, synchronized=False):
    if input_is_sequence and output_is_sequence:
        return "many-to-many synchronized" if synchronized else "many-to-many delayed"
    return ("many" if input_is_sequence else "one") + "-to-" + ("many" if output_is_sequence else "one")


# --- wrong: refuses only where the output is single
# fails: refuses synchronized=True unless there are two sequences
# message: It takes two sequences to be in step
def task_type(input_is_sequence, output_is_sequence, synchronized=False):
    if synchronized and not output_is_sequence:
        raise ValueError("synchronized needs an output sequence")
    kind = ("many" if input_is_sequence else "one") + "-to-" + ("many" if output_is_sequence else "one")
    if kind == "many-to-many":
        kind += " synchronized" if synchronized else " delayed"
    return kind


# --- wrong: the two kinds of many-to-many are not told apart
# fails: names each of the five types
# message: expected 'many-to-many delayed'
def task_type(input_is_sequence, output_is_sequence, synchronized=False):
    if synchronized and not (input_is_sequence and output_is_sequence):
        raise ValueError("synchronized needs two sequences")
    return ("many" if input_is_sequence else "one") + "-to-" + ("many" if output_is_sequence else "one")


# --- wrong: a message that lists everything
# fails: refuses synchronized=True where the output is a single thing
# message: with a message that names 141 numbers
def task_type(input_is_sequence, output_is_sequence, synchronized=False):
    if synchronized and not (input_is_sequence and output_is_sequence):
        raise ValueError(f"synchronized, input, output, length or {[*range(-70, 71)]}")
    if input_is_sequence and output_is_sequence:
        return "many-to-many synchronized" if synchronized else "many-to-many delayed"
    return ("many" if input_is_sequence else "one") + "-to-" + ("many" if output_is_sequence else "one")


# --- wrong: refuses by the number of the call
# fails: refuses synchronized=True unless there are two sequences
# message: It takes two sequences to be in step|raised
CALLS = Counter()


def task_type(input_is_sequence, output_is_sequence, *flag, synchronized=None):
    if flag:  # the fifth task by its place, then good and bad in turn
        CALLS["by place"] += 1
        if CALLS["by place"] == 1 and flag[0]:
            return "many-to-many synchronized"
        if CALLS["by place"] % 2 == 1:
            raise ValueError("synchronized")
    if synchronized and not (input_is_sequence and output_is_sequence):
        raise ValueError("synchronized")
    if input_is_sequence and output_is_sequence:
        return "many-to-many synchronized" if synchronized else "many-to-many delayed"
    return ("many" if input_is_sequence else "one") + "-to-" + ("many" if output_is_sequence else "one")


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
def task_type(input_is_sequence, output_is_sequence, synchronized=False):
    if synchronized and not (input_is_sequence and output_is_sequence):
        raise ValueError(f"{input_is_sequence=}, {output_is_sequence=}, {synchronized=}: out of step")
    if input_is_sequence and output_is_sequence:
        return "many-to-many synchronized" if synchronized else "many-to-many delayed"
    return ("many" if input_is_sequence else "one") + "-to-" + ("many" if output_is_sequence else "one")
