namespace ServeFlow.Features;

/// <summary>Represents a yes-or-no question about one column, answered for a batch of flows as one plane of
/// bits.</summary>
/// <param name="Column">Schema column.</param>
/// <param name="Threshold">Yes where the value is above it. Read for sizes and times alone.</param>
/// <param name="WhenAbsent">The answer where the column is −1.</param>
/// <param name="WhenZero">The answer where a bit is 0.</param>
/// <param name="WhenOne">The answer where a bit is 1.</param>
public readonly record struct PlaneTest(int Column, double Threshold, bool WhenAbsent, bool WhenZero, bool WhenOne);
