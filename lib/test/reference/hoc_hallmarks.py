"""Which hallmark each number of BLURB's HoC files is, by the corpus's own release; writes hoc_hallmarks.json beside this file.

    git clone https://github.com/sb895/Hallmarks-of-Cancer && git -C Hallmarks-of-Cancer checkout 3bc6e6d
    python hoc_hallmarks.py Hallmarks-of-Cancer FOLDER     FOLDER with train.tsv, dev.tsv and test.tsv

A number is the hallmark that the corpus gives to exactly the sentences that have its flag. The corpus has a file of
sentences a document and one of their labels, `<` before each sentence's, the first of a path being the hallmark.
"""

import json
import sys
from collections import defaultdict
from pathlib import Path

corpus, folder = Path(sys.argv[1]), Path(sys.argv[2])

flagged, texts = defaultdict(set), {}
for part in ("train", "dev", "test"):
    for line in (folder / f"{part}.tsv").read_text(encoding="utf-8").split("\n")[1:]:
        if line:
            flags, text, sentence = line.split("\t")
            texts[sentence] = text
            for flag in flags.split(","):
                number, on = flag.split("_")
                if on == "1":
                    flagged[number].add(sentence)

named, same_text, documents = defaultdict(set), 0, {sentence.split("_")[0] for sentence in texts}
for document in documents:
    own = [line for line in (corpus / f"text/{document}.txt").read_text(encoding="utf-8").split("\n") if line.strip()]
    labels = (corpus / f"labels/{document}.txt").read_text(encoding="utf-8").split("<")[1:]
    assert len(own) == len(labels) == sum(sentence.startswith(f"{document}_") for sentence in texts)
    for at, (text, given) in enumerate(zip(own, labels)):
        sentence = f"{document}_s{at}"
        same_text += texts[sentence].strip() == text.strip()
        for path in given.split("AND"):
            hallmark = path.split("--")[0].strip()
            if hallmark not in ("", "NULL"):
                named[hallmark].add(sentence)

hallmarks = {
    number: [hallmark for hallmark, sentences in named.items() if sentences == flagged[number]]
    for number in sorted(flagged)
}
Path(__file__).with_suffix(".json").write_text(
    json.dumps(
        {"documents": len(documents), "sentences": len(texts), "sameText": same_text, "hallmarks": hallmarks}, indent=1
    )
    + "\n"
)
