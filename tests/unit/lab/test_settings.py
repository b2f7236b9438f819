"""Whatever a notebook has set in its libraries, a right answer stays right, and stays set."""

import json
import os
import subprocess
import sys

import pytest

from seqkit import ROOT

#: What a notebook sets, how it takes it back, what to look at, which exercises it turned red.
SETTINGS = {
    "device": ("torch.set_default_device('cpu')", "torch.set_default_device(None)",
               "torch._GLOBAL_DEVICE_CONTEXT.device_context is not None", ["3.4", "3.5"]),
    "no gradients": ("torch.set_grad_enabled(False)", "torch.set_grad_enabled(True)",
                     "not torch.is_grad_enabled()", ["3.4", "3.5"]),
    "inference": ("mode = torch.inference_mode(); mode.__enter__()",
                  "mode.__exit__(None, None, None)",
                  "torch.is_inference_mode_enabled()", ["3.4", "3.5"]),
    "dtype": ("torch.set_default_dtype(torch.float64)", "torch.set_default_dtype(torch.float32)",
              "torch.get_default_dtype() == torch.float64", ["2.3", "3.5", "3.8"]),
    "errors": ("old = np.seterr(all='raise')", "np.seterr(**old)",
               "np.geterr()['under'] == 'raise'", ["2.5"]),
    "floatx": ("keras.config.set_floatx('float16')", "keras.config.set_floatx('float32')",
               "keras.config.floatx() == 'float16'", ["2.12", "3.10"]),
    "policy": ("keras.config.set_dtype_policy('mixed_bfloat16')",
               "keras.config.set_dtype_policy('float32')",
               "keras.config.dtype_policy().name == 'mixed_bfloat16'", ["2.12", "3.10"]),
}  # fmt: skip

#: Answers two lessons as the solutions do, then checks under each setting.
KERNEL = """
import json, sys
import seqkit.lab
from seqkit.course.catalogue import Catalogue
from seqkit.submissions.reading.layout import read_submission
import keras, numpy as np, torch
lessons, names = Catalogue().texts(), vars(sys.modules["__main__"])
root, settings = json.loads(sys.argv[1])
for lesson in ("02_rnn_math", "03_lstm_gru"):
    for cell in read_submission(f"{root}/solutions/{lesson}.ipynb", lessons).cells:
        if cell.kind in ("imports", "answer") or (cell.grade_id or "").startswith("given_"):
            exec(cell.source, names)
found = {}
for name, (set_it, take_back, look, checked) in settings.items():
    exec(set_it)
    said = {id: repr(seqkit.lab.check(id)) for id in checked}
    found[name] = [said, bool(eval(look))]
    exec(take_back)
print(json.dumps(found))
"""

#: Draws from generators of TensorFlow and Keras, with and without checks between.
DRAWS = """
import seqkit.lab, keras, tensorflow as tf
def draw():
    return [float(tf.random.uniform([])), float(keras.random.uniform([]))]
keras.utils.set_random_seed(7)
fresh = [draw() for _ in range(3)]
keras.utils.set_random_seed(7)
found = []
def rnn_step(x, h, W_xh, W_hh, b):
    return keras.random.uniform(h.shape) + tf.random.uniform(h.shape)
for _ in range(3):
    assert "not attempted" not in repr(seqkit.lab.check("2.1"))
    found.append(draw())
assert found == fresh, (found, fresh)
"""


#: Keras is there before the lab, and runs on what the shell asked for.
TOO_LATE = """
import keras, seqkit.lab
def keras_from_torch(rnn):
    return keras.layers.SimpleRNN(rnn.hidden_size)
print(repr(seqkit.lab.check("2.12")))
"""


def run(code, *words, **variables):
    """Run a program under some environment variables; return what it printed."""
    done = subprocess.run(
        [sys.executable, "-c", code, *words],
        capture_output=True,
        text=True,
        env={**os.environ, **variables},
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


@pytest.fixture(scope="module")
def found():
    """What checks say of right answers under each setting, and whether it was still set."""
    return json.loads(run(KERNEL, json.dumps([str(ROOT), SETTINGS])).splitlines()[-1])


@pytest.mark.parametrize("name", SETTINGS)
def test_a_right_answer_is_right_whatever_is_set(name, found):
    said, still_set = found[name]
    assert {id: text[0] for id, text in said.items()} == dict.fromkeys(SETTINGS[name][3], "✓"), said
    assert still_set


def test_generators_of_tensorflow_and_keras_are_given_back():
    run(DRAWS)


def test_what_the_shell_or_a_file_asks_of_keras_turns_no_right_answer_red(tmp_path):
    """Somebody's other project runs Keras on PyTorch, in float16."""
    (tmp_path / "keras.json").write_text('{"floatx": "float16", "backend": "torch"}')
    here = "(keras.config.backend(), keras.config.floatx()) == ('tensorflow', 'float16')"
    settings = {"started": ("", "", here, ["2.12", "3.10"])}
    said = run(
        KERNEL, json.dumps([str(ROOT), settings]), KERAS_BACKEND="torch", KERAS_HOME=str(tmp_path)
    )
    said, as_asked = json.loads(said.splitlines()[-1])["started"]
    assert {id: text[0] for id, text in said.items()} == {"2.12": "✓", "3.10": "✓"}, said
    assert as_asked


def test_where_keras_already_runs_on_something_else_a_red_check_says_what_to_do():
    said = run(TOO_LATE, KERAS_BACKEND="torch")
    assert said.startswith("✗ Exercise 2.12")
    assert "In this kernel Keras runs on torch" in said.splitlines()[-1]
    assert "take away what sets KERAS_BACKEND, start the kernel again" in said.splitlines()[-1]
