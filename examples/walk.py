#!/usr/bin/env python3
"""A walk through an evaluation, cell by cell: open it in Jupyter or VS Code ("# %%" starts a cell), or run it whole.

    python3 examples/walk.py flows.csv matrix.npz [matrix.parquet]

It reads the rows of `serveflow evaluate --predictions` and the matrix of `serveflow features --labels` in NumPy's
format, and, where it is given, the same matrix in Parquet. It needs NumPy and pandas: Debian's python3-numpy and
python3-pandas. Parquet also needs pyarrow, which Debian has from version 13 on (python3-pyarrow); without it, give
flows.csv.
"""
import sys

import numpy as np
import pandas as pd

DRAWS = 1000


# %% Scores as `evaluate` prints them: every labelled flow counts, each class by its share of the flows.
def weighted_f1(truth, answer):
    flows = pd.DataFrame({"truth": truth, "answer": answer})
    support = flows.truth.value_counts()
    named = flows.answer.value_counts().reindex(support.index, fill_value=0)
    right = flows.truth[flows.truth == flows.answer].value_counts().reindex(support.index, fill_value=0)
    return float((support * 2 * right / (support + named)).sum() / len(flows))


def read_flows(path):
    """Reads predictions; a class may be called "NA" or "null", so that nothing stands for a missing value."""
    if path.endswith(".parquet"):
        return pd.read_parquet(path)
    return pd.read_csv(path, keep_default_na=False)


def tiers_of(flows):
    return [name[:-len("_answer")] for name in flows.columns if name.endswith("_answer")]


def scores(flows):
    names = ["answer"] + [f"{tier}_answer" for tier in tiers_of(flows)]
    times = ["ms"] + [f"{tier}_ms" for tier in tiers_of(flows)]
    return pd.DataFrame({
        "weighted F1": [weighted_f1(flows.truth, flows[name]) for name in names],
        "accuracy": [(flows.truth == flows[name]).mean() for name in names],
        "mean ms": [flows[time].mean() for time in times],
        "under 16 ms": [(flows[time] < 16).mean() for time in times],
    }, index=["cascade"] + tiers_of(flows))


# %% The loss on other captures: whole captures are drawn again, because flows of one capture resemble one another.
def loss_interval(flows, draws=DRAWS, seed=1):
    slow = f"{tiers_of(flows)[-1]}_answer"
    places = [np.flatnonzero(flows.pcap == pcap) for pcap in flows.pcap.unique()]
    random = np.random.default_rng(seed)
    truth, cascade, last = (flows[name].to_numpy() for name in ("truth", "answer", slow))
    losses = []
    for _ in range(draws):
        drawn = np.concatenate([places[i] for i in random.integers(len(places), size=len(places))])
        losses.append(weighted_f1(truth[drawn], last[drawn]) - weighted_f1(truth[drawn], cascade[drawn]))
    return np.quantile(losses, [0.025, 0.975])


# %% Whether an answer is right as often as its confidence says.
def reliability(flows, bins=5):
    edges = np.linspace(0, 1, bins + 1)
    bin_of = pd.cut(flows.confidence.astype(float), edges, include_lowest=True)
    groups = flows.assign(right=flows.truth == flows.answer).groupby(bin_of, observed=True)
    return groups.agg(flows=("right", "size"), confidence=("confidence", "mean"), right=("right", "mean"))


def most_confused(flows):
    wrong = flows[(flows.truth != flows.answer) & (flows.answer != "unknown")]
    return tuple(wrong.groupby(["truth", "answer"]).size().idxmax()) if len(wrong) else None


# %% What tells two classes apart: the columns whose mean differs most between their flows.
def read_matrix(path):
    with np.load(path) as data:
        X = pd.DataFrame(data["X"], columns=[str(name) for name in data["columns"]])
        return X, pd.Series([str(data["labels"][label]) for label in data["y"]], name="label")


def telling_columns(X, y, one, other, most=5):
    differences = (X[y == one].mean() - X[y == other].mean()).abs()
    return differences.sort_values(ascending=False, kind="stable").head(most)


# %% All of it.
def main(flows_path, matrix_path, parquet_path=None):
    flows = read_flows(flows_path)
    table = scores(flows)
    print(f"{len(flows)} flows of {flows.pcap.nunique()} captures\n{table.to_string(float_format='%.4f')}\n")
    low, high = loss_interval(flows)
    loss = table["weighted F1"].iloc[-1] - table["weighted F1"].iloc[0]
    print(f"loss {loss:.4f}, 95 % interval {low:.4f} to {high:.4f}\n")
    print(f"answers by tier\n{flows.groupby('tier').agg(flows=('ms', 'size'), mean_ms=('ms', 'mean')).round(2)}\n")
    print(f"reliability\n{reliability(flows).round(3)}\n")

    X, y = read_matrix(matrix_path)
    print(f"matrix {X.shape[0]} flows x {X.shape[1]} columns, {(X.nunique() > 1).sum()} of which vary")
    one, other = most_confused(flows) or y.value_counts().index[:2]
    print(f"most told apart {one} from {other}\n{telling_columns(X, y, one, other).round(3)}")

    if parquet_path:
        same = pd.read_parquet(parquet_path)
        assert (same[X.columns].to_numpy() == X.to_numpy()).all() and list(same.label) == list(y)
        print(f"{parquet_path} has the same {X.size} values")


if __name__ == "__main__":
    if len(sys.argv) not in (3, 4):
        sys.exit("usage: walk.py flows.csv|flows.parquet matrix.npz [matrix.parquet]")
    main(*sys.argv[1:])
