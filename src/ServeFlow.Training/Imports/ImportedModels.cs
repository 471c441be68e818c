using ServeFlow.Cascade.Bundles;
using ServeFlow.Training.Datasets;
using ServeFlow.Training.Trainers;

namespace ServeFlow.Training.Imports;

/// <summary>
/// The models made elsewhere that take part in a training, and which flows none of them was trained on: only there may
/// anything be measured or calibrated, because only there are their answers honest.
/// </summary>
sealed class ImportedModels
{
    readonly DataSet data;
    readonly List<string> warnings = [];
    readonly IReadOnlyList<ImportedModel> models;
    readonly HashSet<string> seen;

    /// <param name="data">The data set that the models are joined to.</param>
    /// <param name="files">The models that were asked for.</param>
    /// <param name="labels">Class names of models that do not say them, in the order of their outputs.</param>
    public ImportedModels(DataSet data, IReadOnlyList<ImportFile> files, IReadOnlyList<string>? labels)
    {
        this.data = data;
        var join = new ImportJoin(data, labels, warnings);
        models = [.. files.Select(join.Join)];
        seen = [.. models.SelectMany(m => m.Trained)];
        foreach (var model in models.Where(m => !m.Trained.Any()))
        {
            warnings.Add(
                $"{model.Spec}: nothing says which captures it was trained on. If any of them is among these, its "
                + "score and the thresholds are better than they will be in use. "
                + $"Name them in {model.File.Path}.json (\"trained\"), as examples/ does");
        }
    }

    public IEnumerable<ImportedModel> All => models;

    /// <summary>Gets what the user should know before believing a figure.</summary>
    public IReadOnlyList<string> Warnings => warnings;

    public ImportedModel? Find(ModelSpec spec) => models.FirstOrDefault(m => m.Spec == spec);

    /// <summary>Gets those of some flows that no imported model was trained on.</summary>
    /// <param name="what">What they are needed for, for the error.</param>
    /// <exception cref="InputException">There is none.</exception>
    public FlowSample Unseen(FlowSample flows, string what)
    {
        var unseen = flows.Where(flow => !IsSeen(flow));
        return unseen.Count > 0 || flows.Count == 0
            ? unseen
            : throw new InputException($"every flow to {what} is of captures that "
                + $"{string.Join(", ", models.Where(m => m.Trained.Any()).Select(m => m.Spec))} was trained on; train "
                + "it on "
                + "fewer: a feature matrix marks the captures to leave out")
            {
                Settings = [Setting.Import, Setting.CaptureParts],
            };
    }

    /// <summary>Says what the imports cost: captures that were to be held out, classes that are left without flows.
    /// </summary>
    public void Warn(FlowSample flows, FlowSample unseen)
    {
        if (models.Count == 0)
        {
            return;
        }

        var lost = FlowSample.All(data).Except(flows).Where(IsSeen).Captures.Distinct().Count();
        if (lost > 0)
        {
            warnings.Add(
                $"{lost} captures that were to be held out are among those that imported models were trained on; "
                + "evaluate leaves them out. Mark them in the feature matrix, by the same share and seed as here");
        }

        var classes = unseen.Labels.ToHashSet();
        var missing = data.Labels.Where((_, label) => !classes.Contains(label)).ToArray();
        if (missing.Length > 0)
        {
            warnings.Add($"calibrating on {unseen.Count} flows that no imported model was trained on; none is of "
                + string.Join(", ", missing));
        }
    }

    /// <summary>Returns the captures that a placed model was trained on, beside those of the data set.</summary>
    public IEnumerable<BundleCapture> TrainedOn(IEnumerable<ModelSpec> placed) =>
        placed.Select(Find).OfType<ImportedModel>()
        .SelectMany(m => m.File.Sidecar?.Trained ?? []).Select(c => c with { Sha256 = c.Sha256.ToLowerInvariant() })
        .DistinctBy(c => c.Sha256);

    bool IsSeen(LabelledFlow flow) => seen.Contains(data.Captures[flow.Capture].Sha256);
}
