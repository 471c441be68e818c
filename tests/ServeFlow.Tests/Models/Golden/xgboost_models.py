"""Trains small XGBoost models and writes them beside their own predictions: python3 xgboost_models.py FOLDER.

NAME.xgboost.json is the model, NAME.xgboost.csv a row a line: its values, a comma, predict_proba's answer.
"""
import pathlib
import sys

import numpy
import xgboost

folder = pathlib.Path(sys.argv[1])
random = numpy.random.default_rng(1)
rows = numpy.column_stack([random.integers(-1, 2, (300, 6)), random.integers(40, 1500, 300)]).astype(numpy.float32)
label = (rows[:, 0] + 2 * (rows[:, 1] > 0) + (rows[:, 6] > 500)).astype(int) % 3
shown = rows[:40].copy()
shown[30:, ::2] = numpy.nan  # goes each node's default way


def write(name, model, names=None):
    model.get_booster().feature_names = names
    model.save_model(folder / f"{name}.xgboost.json")
    lines = (f"{' '.join(f'{v:.9g}' for v in row)},{' '.join(f'{p:.9g}' for p in predicted)}"
             for row, predicted in zip(shown, model.predict_proba(shown)))
    (folder / f"{name}.xgboost.csv").write_text("\n".join(lines) + "\n")


def train(target, **parameters):
    parameters = {"n_estimators": 4, "max_depth": 3, "gamma": 0.2, "n_jobs": 1} | parameters
    return xgboost.XGBClassifier(**parameters).fit(rows, target)


write("softprob", train(label))
write("named", train(label), [f"p1_column_{i}" for i in range(7)])
write("logistic", train(label > 0, base_score=0.3))
write("parallel", train(label, num_parallel_tree=3, subsample=0.5, n_estimators=2))
# Noise alone: the second half of the rows says soon that more trees are worse.
noise = random.integers(0, 3, 300)
early = xgboost.XGBClassifier(n_estimators=6, max_depth=3, n_jobs=1, early_stopping_rounds=2)
write("early", early.fit(rows[:150], noise[:150], eval_set=[(rows[150:], noise[150:])], verbose=False))
