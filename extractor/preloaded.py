"""Imported by the process from which workers are started: all of them then share one loaded pipeline, by the package's own rules."""

import gc

from extractor.nlp import extract_text
from extractor.rules import load_rules
from extractor.workers import pipeline

_TEXT = "Sáng ngày 09/01, đồng chí Nguyễn Văn An, Chủ tịch UBND huyện, chủ trì hội nghị giao chỉ tiêu 500 ha năm 2023."
# Much is loaded only when a text first asks for it: the word segmenter's model, the tables of each extractor.
extract_text(pipeline(None, load_rules().version), _TEXT)
# The collector of cycles would write into each object, and so copy its page in every worker.
gc.freeze()
