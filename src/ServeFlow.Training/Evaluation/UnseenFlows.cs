using ServeFlow.Cascade.Bundles;
using ServeFlow.Training.Datasets;

namespace ServeFlow.Training.Evaluation;

/// <summary>
/// The flows of captures that a bundle was not trained on, told by the captures' bytes, not their names.
/// </summary>
static class UnseenFlows
{
    /// <exception cref="InputException">There is none.</exception>
    public static FlowSample Find(DataSet data, BundleData trainedOn)
    {
        var trained = trainedOn.Trained.Select(c => c.Sha256).ToHashSet();
        var unseen = FlowSample.All(data).Where(flow => !trained.Contains(data.Captures[flow.Capture].Sha256));
        return unseen.Count > 0
            ? unseen
            : throw new InputException("every capture was used to train this bundle, so nothing can be learned from "
                + "evaluating it on them; hold some back from training, or give others")
            {
                Settings = [Setting.HoldOut],
            };
    }
}
