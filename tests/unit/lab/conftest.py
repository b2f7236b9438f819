"""Locks between kernels lie in the temporary folder: here in one that goes away again."""

import tempfile

import pytest


@pytest.fixture(scope="module", autouse=True)
def temporary(tmp_path_factory):
    folder = str(tmp_path_factory.mktemp("temporary"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tempfile, "tempdir", folder)
        patch.setenv("TMPDIR", folder)
        yield
