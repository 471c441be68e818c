using ServeFlow.Cascade.Bundles;
using ServeFlow.Training.Datasets;

namespace ServeFlow.Training.Evaluation;

/// <summary>
/// The flows of captures that a bundle was not trained on, told by the captures' bytes, not their names.
/// </summary>
static class UnseenFlows
{
    /// <exception cref="InputException">There is none.</exception>
    public static IReadOnlyList<int> Find(DataSet data, BundleData trainedOn)
    {
        var trained = trainedOn.Trained.Select(c => c.Sha256).ToHashSet();
        int[] unseen =
        [
            .. Enumerable.Range(0, data.Flows.Count)
                .Where(f => !trained.Contains(data.Captures[data.Flows[f].Capture].Sha256)),
        ];
        return unseen.Length > 0
            ? unseen
            : throw new InputException("every capture was used to train this bundle, so nothing can be learned from "
                + "evaluating it on them; hold some back with train --hold-out 0.2, or give others");
    }
}
