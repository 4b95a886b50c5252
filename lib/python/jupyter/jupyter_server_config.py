"""What `make lab` asks of JupyterLab besides its options: it begins in the folder for
notebooks of one's own, and saves those of the study without outputs.

Read by Jupyter, from JUPYTER_CONFIG_PATH.
"""


def without_outputs(model, path, **_):
    """Those in folders of one's own keep theirs; of the study, `make` keeps them in build/notebooks."""
    if model["type"] != "notebook" or "/" in path.strip("/"):
        return
    # As `make format` writes it.
    language = {"file_extension": ".ts", "mimetype": "text/typescript", "name": "typescript"}
    model["content"]["metadata"]["language_info"] = language
    for cell in model["content"]["cells"]:
        for field in ("collapsed", "execution", "scrolled"):
            cell["metadata"].pop(field, None)
        if cell["cell_type"] == "code":
            cell.update(outputs=[], execution_count=None)


c.ContentsManager.pre_save_hook = without_outputs  # noqa: F821: Jupyter gives `c`.
c.ContentsManager.preferred_dir = "scratch"  # noqa: F821
