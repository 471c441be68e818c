using ServeFlow.Cascade.Scoring;
using ServeFlow.Training.Datasets;
using ServeFlow.Training.Scoring;

namespace ServeFlow.Training.Imports;

/// <summary>Joins a model made elsewhere to a data set: whose classes its are, and what its numbers mean.</summary>
sealed class ImportJoin(DataSet data, IReadOnlyList<string>? labels, ICollection<string> warnings)
{
    /// <summary>Real flows that outputs are looked at on.</summary>
    const int Probes = IBatchScorer.Capacity;

    /// <summary>Single precision, and half where a graph was quantised.</summary>
    const float Tolerance = 1e-3f;

    /// <exception cref="InputException">Labels, columns or outputs do not fit.</exception>
    public ImportedModel Join(ImportFile file)
    {
        var model = file.Model.Bind(data.Schema, file.Spec.Depth);
        var output = OutputOf(file, model);
        var import = new BundleImport(file.Format.Name, output, ClassesOf(file));
        return new(file, import.Apply(model, data.Labels.Count), import);
    }

    int[] ClassesOf(ImportFile file)
    {
        var names = file.Sidecar?.Labels ?? labels ?? AssumedLabels(file);
        if (names.Count != file.Model.Classes || names.Distinct().Count() != names.Count)
        {
            throw new InputException($"{file.Path}: has {file.Model.Classes} classes, but its labels are {names.Count} "
                + $"({names.Distinct().Count()} different); name each once, in the order of its output");
        }

        var places = data.Labels.Index().ToDictionary(l => l.Item, l => l.Index);
        if (names.FirstOrDefault(name => !places.ContainsKey(name)) is { } foreign)
        {
            throw new InputException(
                $"{file.Path}: knows a class '{InputException.Quote(foreign)}' that the labels do not "
                + "have; train it on the classes of these captures");
        }

        if (names.Count < places.Count)
        {
            warnings.Add($"{file.Spec}: knows {names.Count} of {places.Count} classes; it is wrong on all others");
        }

        return [.. names.Select(name => places[name])];
    }

    IReadOnlyList<string> AssumedLabels(ImportFile file)
    {
        warnings.Add(
            $"{file.Spec}: nothing says which classes its outputs are; taken to be the labels in sorted order. "
            + $"Say so in {file.Path}.json, or beside the import");
        return data.Labels;
    }

    /// <summary>Trees know what they give; of others real rows must show it.</summary>
    ModelOutput OutputOf(ImportFile file, ITierModel model)
    {
        var said = file.Sidecar?.Output;
        var (count, odd) = Probe(file, model);
        if (odd is { } row && row.Any(value => !float.IsFinite(value)))
        {
            throw new InputException(
                $"{file.Path}: gives a value that is no number for a flow of these captures; a model "
                + "that does is not served");
        }

        return (said, odd) switch
        {
            (ModelOutput.Logits, null) when count > 0 => throw new InputException(
                $"{file.Path}: {file.Path}.json says that it gives logits, but its rows sum to 1; say probabilities"),
            (ModelOutput.Logits, _) => ModelOutput.Logits,
            (_, null) => ModelOutput.Probabilities,
            (_, var shown) =>
                throw new InputException($"{file.Path}: gives rows that are no probabilities (one sums to "
                + $"{shown.Sum():G4}); end the model with a softmax, or write \"output\": \"logits\" into "
                + $"{file.Path}.json"),
        };
    }

    /// <returns>Rows looked at, and one of them that is no probabilities.</returns>
    (int Count, float[]? Odd) Probe(ImportFile file, ITierModel model)
    {
        var flows = FlowSample.All(data).EvenlySampled(Probes);
        var predictions = new FlowScorer(file.Spec.Depth, data.WaitLimit, model.CreateScorer)
            .Score(flows, model.Classes, CancellationToken.None);
        return (flows.Count, Enumerable.Range(0, flows.Count).Select(i => predictions[i].ToArray())
            .FirstOrDefault(row => !IsProbabilities(row)));
    }

    static bool IsProbabilities(float[] row) =>
        row.All(value => value >= -Tolerance && value <= 1 + Tolerance) && Math.Abs(row.Sum() - 1) <= Tolerance;
}
