using System.Text.Json.Serialization;

namespace ServeFlow.Training.Metrics;

/// <summary>Represents answers of about the same confidence.</summary>
/// <param name="Confidence">Their mean confidence.</param>
/// <param name="Accuracy">The share of them that is right.</param>
/// <param name="Flows">How many there are; at least one.</param>
public readonly record struct ReliabilityBin(double Confidence, double Accuracy, int Flows);

/// <summary>
/// Shows whether answers are right as often as they claim: by confidence, the share that is right. On the diagonal the
/// two agree; below it the model is too sure of itself.
/// </summary>
public sealed class ReliabilityDiagram
{
    /// <summary>
    /// Limits the bins, as in Guo, Pleiss, Sun and Weinberger, "On Calibration of Modern Neural Networks" (2017).
    /// </summary>
    public const int MaxBins = 15;

    ReliabilityDiagram(IReadOnlyList<ReliabilityBin> bins) => Bins = bins;

    /// <summary>Gets the bins, of equal width and by rising confidence; those without a flow are left out.</summary>
    public IReadOnlyList<ReliabilityBin> Bins { get; }

    /// <summary>Gets the interval of the expected calibration error; null where none was computed.</summary>
    [JsonPropertyOrder(-1)]
    public Interval? EceInterval { get; init; }

    [JsonIgnore]
    public int Flows => Bins.Sum(bin => bin.Flows);

    /// <summary>
    /// Expected calibration error: the distance of confidence and accuracy, on average over the flows. 0 where there
    /// are none.
    /// </summary>
    [JsonPropertyName("ece")]
    [JsonPropertyOrder(-2)]
    public double ExpectedCalibrationError => Flows == 0
        ? 0
        : Bins.Sum(bin => bin.Flows * Math.Abs(bin.Confidence - bin.Accuracy)) / Flows;

    /// <summary>Gets the bin that a confidence falls into, from 0.</summary>
    public static int Bin(float confidence) => Math.Clamp((int)(confidence * MaxBins), 0, MaxBins - 1);

    /// <summary>Gets the same diagram with the interval of its error.</summary>
    public ReliabilityDiagram With(Interval? interval) => new(Bins) { EceInterval = interval };

    /// <param name="answers">Confidence of each answer, in [0, 1], and whether it is right.</param>
    public static ReliabilityDiagram From(IEnumerable<(float Confidence, bool IsRight)> answers)
    {
        var (flows, right, confidence) = (new int[MaxBins], new int[MaxBins], new double[MaxBins]);
        foreach (var answer in answers)
        {
            var bin = Bin(answer.Confidence);
            flows[bin]++;
            right[bin] += answer.IsRight ? 1 : 0;
            confidence[bin] += answer.Confidence;
        }

        return new([.. Enumerable.Range(0, MaxBins).Where(b => flows[b] > 0).Select(b =>
            new ReliabilityBin(confidence[b] / flows[b], (double)right[b] / flows[b], flows[b]))]);
    }
}
