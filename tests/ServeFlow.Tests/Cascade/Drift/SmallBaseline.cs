using ServeFlow.Cascade.Drift;

namespace ServeFlow.Tests.Cascade.Drift;

/// <summary>A baseline of two classes that are answered as often, with a confidence of 0.9.</summary>
static class SmallBaseline
{
    public const int WindowFlows = 100;

    public static DriftBaseline Create(string first, string second, int tiers,
        params IReadOnlyList<DriftQuestion> questions) => new()
        {
            WindowFlows = WindowFlows,
            WindowsPerAlarm = 1000,
            AlarmScore = 5,
            Flows = 1000,
            Captures = 40,
            Confidence = new(0.9, 0.02, 0.01),
            Mix = new(0, 0.2, 0.05),
            Unknown = new(0, 0.02, 0.01),
            Escalated = [.. Enumerable.Repeat(new DriftFigure(0.1, 0.1, 0.02), tiers - 1)],
            Classes = [Class(first), Class(second)],
            Questions = questions,
        };

    static DriftClass Class(string label) => new(label, new(0.5, 0.1, 0.03), new(0.9, 0.03, 0.01));
}
