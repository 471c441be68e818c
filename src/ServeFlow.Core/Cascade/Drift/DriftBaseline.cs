namespace ServeFlow.Cascade.Drift;

/// <summary>
/// Describes what the answers to the training flows looked like, each given by models and thresholds that had not seen
/// the flow's capture, and how much windows of flows differ from that where nothing has changed. A sensor compares its
/// traffic with it. Part of a bundle's manifest.
/// </summary>
public sealed record DriftBaseline
{
    /// <summary>Specifies the number of flows of a window: a change is noticed within two windows.</summary>
    public const int DefaultWindowFlows = 1_000;

    /// <summary>
    /// Specifies the number of windows without drift for each false alarm: 100 weeks of a window each ten minutes.
    /// </summary>
    public const int DefaultWindowsPerAlarm = 100 * 7 * 24 * 6;

    /// <summary>Limits the classes that are watched one by one, the most frequent first.</summary>
    public const int MaxClasses = 64;

    /// <summary>Limits the questions of trees whose answers are watched.</summary>
    public const int MaxQuestions = 32;

    /// <summary>Gets the number of flows of a window.</summary>
    public required int WindowFlows { get; init; }

    /// <summary>Gets how many windows without drift there are for each false alarm.</summary>
    public required int WindowsPerAlarm { get; init; }

    /// <summary>Gets the score above which a window raises an alarm.</summary>
    public required double AlarmScore { get; init; }

    /// <summary>Gets the number of flows that this was measured on.</summary>
    public required int Flows { get; init; }

    /// <summary>Gets the number of captures that the flows are of.</summary>
    public required int Captures { get; init; }

    /// <summary>Gets the mean confidence of the answers.</summary>
    public required DriftFigure Confidence { get; init; }

    /// <summary>Gets the population stability index of the classes answered; its value is 0 by definition.</summary>
    public required DriftFigure Mix { get; init; }

    /// <summary>Gets the share of the flows that are answered <c>unknown</c>.</summary>
    public required DriftFigure Unknown { get; init; }

    /// <summary>Gets the share of the flows that each tier but the last passes on.</summary>
    public required IReadOnlyList<DriftFigure> Escalated { get; init; }

    /// <summary>Gets the most frequent classes.</summary>
    public required IReadOnlyList<DriftClass> Classes { get; init; }

    /// <summary>Gets the questions that the trees ask most about the packets of the first tier.</summary>
    public required IReadOnlyList<DriftQuestion> Questions { get; init; }
}

/// <summary>Represents a figure of the answers, and how much it differs from window to window.</summary>
/// <param name="Value">The figure over all flows.</param>
/// <param name="Usual">The deviation that one window in a hundred exceeds.</param>
/// <param name="Spread">The mean amount by which such a window exceeds it; above 0.</param>
public sealed record DriftFigure(double Value, double Usual, double Spread)
{
    /// <summary>Expresses a deviation by what is usual: above 0 one window in a hundred lies, and each further unit
    /// makes a window about 2.7 times as rare.</summary>
    public double Score(double deviation) => (deviation - Usual) / Spread;
}

/// <summary>Represents a class as training answered it.</summary>
/// <param name="Label">Its name.</param>
/// <param name="Share">Its share of the answers, from 0 to 1.</param>
/// <param name="Confidence">The mean confidence of its answers.</param>
public sealed record DriftClass(string Label, DriftFigure Share, DriftFigure Confidence);

/// <summary>Represents a question that trees ask: whether a column's value is above a threshold.</summary>
/// <param name="Column">The column's name, such as <c>p1_ipv4_ttl_0</c>.</param>
/// <param name="Threshold">The value that it is compared with.</param>
/// <param name="Share">The share of the flows whose value is above it.</param>
public sealed record DriftQuestion(string Column, double Threshold, DriftFigure Share);
