"""The matrix that `serveflow features --format npz` writes, and the sidecar that `serveflow train --import` reads."""
import json

import numpy


class Matrix:
    """The first packets of labelled flows, a row a flow.

    X [flows, packets * bits] is -1 where a header, an option or a whole packet is absent, else 0 or 1. Absent is a
    value like the others: there is no NaN, and a model must not be told that -1 or 0 is missing.
    """

    def __init__(self, path, packets=None):
        data = numpy.load(path)
        columns = data["columns"]
        there = int(str(columns[-1]).split("_")[0][1:])
        self.packets = packets or there
        self.bits = len(columns) // there
        if self.packets > there:
            raise SystemExit(f"{path}: has {there} packets of each flow: write it with --packets {self.packets}")

        self.X = data["X"][:, :self.packets * self.bits]
        self.columns = [str(name) for name in columns[:self.packets * self.bits]]
        self.features, self.mask = (str(text) for text in data["schema"][:2])
        self.captures = [{"path": str(path), "sha256": str(sha256)}
                         for path, sha256 in zip(data["pcaps"], data["pcap_sha256"])]
        part = data["pcap_part"][data["pcap"]]
        self.train = numpy.flatnonzero(part == "train")
        self.calibrate = numpy.flatnonzero(part == "calibrate")
        self.trained = numpy.unique(data["pcap"][self.train])
        # Classes that no capture to train on has cannot be learned; train knows that from the sidecar's labels.
        known = numpy.unique(data["y"][self.train])
        self.labels = [str(data["labels"][label]) for label in known]
        place = numpy.full(len(data["labels"]), -1)
        place[known] = numpy.arange(len(known))
        self.y = place[data["y"]]

    def write_sidecar(self, model, name):
        """Says beside a model what its file does not: above all which captures it has seen."""
        sidecar = {
            "name": name,
            "packets": self.packets,
            "features": self.features,
            "mask": self.mask,
            "labels": self.labels,
            "output": "probabilities",
            "trained": [self.captures[capture] for capture in self.trained],
        }
        with open(f"{model}.json", "w", encoding="utf-8") as file:
            json.dump(sidecar, file, indent=2)
            file.write("\n")

    def report(self, predicted):
        """Prints the accuracy on the captures that were left for train to calibrate on."""
        if len(self.calibrate):
            right = numpy.mean(predicted == self.y[self.calibrate])
            print(f"{len(self.labels)} classes, {len(self.train)} flows trained on; accuracy {right:.3f} on "
                  f"{len(self.calibrate)} flows of other captures")
