using ServeFlow.Serving.Workers;

namespace ServeFlow.Service.Live;

/// <summary>Holds what a sensor had counted at one moment. Counts only rise; rates are differences of two.</summary>
/// <param name="At">When that was, by a clock that may be set meanwhile.</param>
/// <param name="Elapsed">The time from the sensor's start to that moment, which no setting of a clock changes.</param>
/// <param name="Packets">Packets handed to the workers.</param>
/// <param name="Dropped">Packets lost before they were read, by the kernel or by an interface.</param>
/// <param name="Lost">Records that an output did not get.</param>
/// <param name="Account">What the workers have counted.</param>
public sealed record SensorSample(DateTime At, TimeSpan Elapsed, long Packets, long Dropped, long Lost,
    Account Account)
{
    /// <summary>Gets the answers of a label, by its number; the last number is that of unknown.</summary>
    public long AnswersOf(int label, int labels) => label == labels ? Account.Answers.Unknown
        : label < Account.Answers.Labels.Length ? Account.Answers.Labels[label] : 0;

    /// <summary>Gets the answers of a tier; 0 for one that came later.</summary>
    public long AnswersOfTier(int tier) =>
        tier < Account.DecisionsByTier.Length ? Account.DecisionsByTier[tier] : 0;

    /// <summary>Gets the answers of a tier that it would have passed on but for the load.</summary>
    public long ShedByTier(int tier) => tier < Account.ShedByTier.Length ? Account.ShedByTier[tier] : 0;
}
