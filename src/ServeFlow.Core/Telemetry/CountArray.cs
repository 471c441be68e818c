using System.Numerics;

namespace ServeFlow.Telemetry;

/// <summary>Arrays of counts that become longer while others read them.</summary>
static class CountArray
{
    /// <summary>Makes an array at least so long; what is in it stays.</summary>
    public static void Grow<T>(ref T[] counts, int length)
    {
        if (length > counts.Length)
        {
            var larger = counts;
            Array.Resize(ref larger, length);
            Volatile.Write(ref counts, larger);
        }
    }

    /// <summary>Adds each count to that of the same place.</summary>
    public static void Add<T>(ref T[] sum, T[] counts) where T : INumber<T>
    {
        Grow(ref sum, counts.Length);
        Add(sum, counts);
    }

    /// <summary>Adds each count to that of the same place in an array that is no shorter.</summary>
    public static void Add<T>(T[] sum, T[] counts) where T : INumber<T>
    {
        for (var i = 0; i < counts.Length; i++)
        {
            sum[i] += counts[i];
        }
    }
}
