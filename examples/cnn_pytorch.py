"""Trains a small CNN on a matrix and exports ONNX: python3 cnn_pytorch.py matrix.npz model.onnx [--packets N]"""
import argparse

import numpy
import torch
from torch import nn

from matrix import Matrix

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("matrix")
parser.add_argument("model", help="ends in .onnx")
parser.add_argument("--packets", type=int, help="first packets of each flow; all of the matrix where not given")
parser.add_argument("--epochs", type=int, default=15)
parser.add_argument("--name", default="cnn", help="what train calls the model")
parser.add_argument("--seed", type=int, default=1)
parser.add_argument("--threads", type=int, default=0, help="0 is all")
options = parser.parse_args()

torch.manual_seed(options.seed)
if options.threads:
    torch.set_num_threads(options.threads)

matrix = Matrix(options.matrix, options.packets)
# A row is packet after packet, so that it reads as [packets, bits]: packets are the channels of a convolution over bits.
X = torch.from_numpy(numpy.ascontiguousarray(matrix.X).reshape(-1, matrix.packets, matrix.bits))
y = torch.from_numpy(matrix.y)


class Cnn(nn.Module):
    def __init__(self, packets, bits, classes):
        super().__init__()
        self.convolutions = nn.Sequential(
            nn.Conv1d(packets, 32, kernel_size=8, stride=4), nn.ReLU(),
            nn.Conv1d(32, 64, kernel_size=4, stride=2), nn.ReLU(),
            nn.Flatten())
        width = self.convolutions(torch.zeros(1, packets, bits)).shape[1]
        self.dense = nn.Sequential(nn.Linear(width, 128), nn.ReLU(), nn.Dropout(0.3), nn.Linear(128, classes))

    def forward(self, rows):
        return self.dense(self.convolutions(rows))


model = Cnn(matrix.packets, matrix.bits, len(matrix.labels))
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
loss = nn.CrossEntropyLoss()
for epoch in range(options.epochs):
    model.train()
    total = 0.0
    for batch in torch.from_numpy(matrix.train)[torch.randperm(len(matrix.train))].split(128):
        optimizer.zero_grad()
        error = loss(model(X[batch].float()), y[batch])
        error.backward()
        optimizer.step()
        total += error.item() * len(batch)
    print(f"epoch {epoch + 1} of {options.epochs}: loss {total / len(matrix.train):.4f}")

# The softmax belongs into the model: what it gives are then probabilities, whoever runs it.
served = nn.Sequential(model, nn.Softmax(dim=1)).eval()
with torch.no_grad():
    if len(matrix.calibrate):
        predicted = [served(X[rows].float()).argmax(dim=1) for rows in torch.from_numpy(matrix.calibrate).split(512)]
        matrix.report(torch.cat(predicted).numpy())

torch.onnx.export(served, torch.zeros(1, matrix.packets, matrix.bits), options.model, opset_version=13,
                  input_names=["rows"], output_names=["probabilities"],
                  dynamic_axes={"rows": {0: "batch"}, "probabilities": {0: "batch"}})
matrix.write_sidecar(options.model, options.name)
