namespace ServeFlow.Training.Datasets;

/// <summary>
/// Tells which captures an imported model may be trained on, so that <c>train</c> with the same seed can judge it: it
/// holds the same captures out, and finds others that the model has not seen to calibrate on.
/// </summary>
public static class CaptureParts
{
    /// <summary>The capture is for training.</summary>
    public const string Train = "train";

    /// <summary>The capture is left for train to measure and calibrate on.</summary>
    public const string Calibrate = "calibrate";

    /// <summary>The capture is left for evaluate.</summary>
    public const string HeldOut = "held_out";

    /// <param name="holdOut">Share of the captures, as for a training.</param>
    /// <param name="calibrate">Share of the others.</param>
    /// <returns>The part of each of the data set's captures.</returns>
    /// <exception cref="InputException">There are too few captures to divide.</exception>
    public static IReadOnlyList<string> Assign(DataSet data, double holdOut, double calibrate, SplitKind split,
        int seed)
    {
        var training = HoldOutSplit.TrainingFlows(data, holdOut, split, seed);
        var left = calibrate > 0 ? HoldOutSplit.SplitFlows(training, calibrate, split, seed).Train : training;
        var (mayTrain, mayJudge) = (CapturesOf(left), CapturesOf(training));
        return
        [
            .. Enumerable.Range(0, data.Captures.Count).Select(capture =>
                mayTrain.Contains(capture) ? Train : mayJudge.Contains(capture) ? Calibrate : HeldOut),
        ];

        HashSet<int> CapturesOf(FlowSample flows) => [.. flows.Captures];
    }
}
