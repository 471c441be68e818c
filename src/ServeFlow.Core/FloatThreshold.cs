namespace ServeFlow;

/// <summary>Makes the thresholds of trees, which are doubles, comparable with features, which are floats.</summary>
public static class FloatThreshold
{
    /// <summary>Returns the largest float that is not above the threshold: floats compare with both alike.</summary>
    public static float RoundDown(double threshold)
    {
        var rounded = (float)threshold;
        return rounded > threshold ? MathF.BitDecrement(rounded) : rounded;
    }
}
