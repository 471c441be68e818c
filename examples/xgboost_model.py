"""Trains XGBoost on a matrix and saves its JSON: python3 xgboost_model.py matrix.npz model.json [--packets N]"""
import argparse

import xgboost

from matrix import Matrix

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("matrix")
parser.add_argument("model", help="ends in .json")
parser.add_argument("--packets", type=int, help="first packets of each flow; all of the matrix where not given")
parser.add_argument("--rounds", type=int, default=60)
parser.add_argument("--name", default="xgb", help="what train calls the model")
parser.add_argument("--seed", type=int, default=1)
parser.add_argument("--threads", type=int, default=0, help="0 is all")
options = parser.parse_args()

matrix = Matrix(options.matrix, options.packets)
model = xgboost.XGBClassifier(n_estimators=options.rounds, max_depth=6, tree_method="hist", n_jobs=options.threads,
                              random_state=options.seed)
model.fit(matrix.X[matrix.train], matrix.y[matrix.train])
if len(matrix.calibrate):
    matrix.report(model.predict(matrix.X[matrix.calibrate]))

# Names are checked against the schema when the model is loaded; without them columns are taken by place.
model.get_booster().feature_names = matrix.columns
model.save_model(options.model)
matrix.write_sidecar(options.model, options.name)
