using ServeFlow.Cascade.Bundles;
using ServeFlow.Training.Datasets;

namespace ServeFlow.Training.Evaluation;

/// <summary>
/// The flows of captures that a bundle was not trained on, told by the captures' bytes, not their names; where it was
/// trained by groups of flows, those of other groups.
/// </summary>
static class UnseenFlows
{
    /// <exception cref="InputException">There is none.</exception>
    public static FlowSample Find(DataSet data, BundleData trainedOn)
    {
        var trained = trainedOn.Trained.Select(c => c.Sha256).ToHashSet();
        var groups = data.Groups.Count > 0 ? trainedOn.Groups?.Trained.ToHashSet() : null;
        var unseen = FlowSample.All(data).Where(flow => groups is null
            ? !trained.Contains(data.Captures[flow.Capture].Sha256)
            : !groups.Contains(data.Groups[flow.Group]));
        return unseen.Count > 0
            ? unseen
            : throw new InputException($"every {data.GroupWord} was used to train this bundle, so nothing can be "
                + "learned from evaluating it on them; hold some back from training, or give others")
            {
                Settings = [Setting.HoldOut],
            };
    }
}
