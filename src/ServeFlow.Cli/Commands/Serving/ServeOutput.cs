using ServeFlow.Cascade;
using ServeFlow.Sinks;
using ServeFlow.Sinks.Files;

namespace ServeFlow.Cli.Commands.Serving;

/// <summary>Says where a sensor writes records, and which.</summary>
sealed record ServeOutput(string Format, string Path)
{
    /// <summary>Gets the names of labels; empty for all.</summary>
    public IReadOnlyList<string> Labels { get; init; } = [];

    public double MinConfidence { get; init; }

    public bool HasPredictions { get; init; } = true;

    public bool HasFlows { get; init; } = true;

    /// <summary>Gets how the output is bounded, apart from the records that are wanted.</summary>
    public RecordLimits Limits { get; init; } = new();

    bool IsChosen => Labels.Count > 0 || MinConfidence > 0 || !HasPredictions || !HasFlows;

    /// <summary>Gets how the output is bounded, and which records are wanted.</summary>
    /// <param name="plans">The plans that answer later; null for none.</param>
    /// <exception cref="InputException">The bundle has no such label.</exception>
    public RecordLimits Compile(CascadePlan plan, ServedPlans? plans = null)
    {
        if (!IsChosen)
        {
            return Limits;
        }

        try
        {
            return Limits with
            {
                Choice = RecordChoice.Compile(Labels, MinConfidence, HasPredictions, HasFlows, plan, plans),
            };
        }
        catch (InputException e)
        {
            throw new InputException($"labels of {Format} {Path}: {e.Message}", e);
        }
    }
}
