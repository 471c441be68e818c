using System.Runtime.InteropServices;

namespace ServeFlow.Models.BitSliced;

/// <summary>Compiles a validated forest for <see cref="BitSlicedScorer"/>.</summary>
public static class BitSlicedCompiler
{
    /// <summary>
    /// Largest error of a class's summed score that still keeps probabilities within 1e-6: softmax moves a
    /// probability by at most a quarter of what a score moves, and sums err by far less than their bound.
    /// </summary>
    const double ScoreTolerance = 4e-6;

    public static BitSlicedForest Compile(Forest forest)
    {
        var planes = new Dictionary<Predicate, int>();
        var branches = new List<Branch>();
        var parts = new List<TreePart>();
        var starts = new List<int>();
        var outputs = forest.TreesPerIteration;
        var offsets = new double[outputs];
        for (var output = 0; output < outputs; output++)
        {
            starts.Add(parts.Count);
            for (var t = output; t < forest.Trees.Count; t += outputs)
            {
                offsets[output] += forest.Trees[t].LeafValues.Min();
                parts.AddRange(TreePart.Of(forest.Trees[t], planes, branches));
            }
        }

        starts.Add(parts.Count);
        return Finish(forest, planes, branches, parts, [.. starts], offsets);
    }

    static BitSlicedForest Finish(Forest forest, Dictionary<Predicate, int> planes, List<Branch> branches,
        List<TreePart> parts, int[] starts, double[] offsets)
    {
        var iterations = forest.AverageOutput ? forest.Trees.Count / forest.TreesPerIteration : 1;
        var digits = DigitsNeeded(parts, starts);
        var scales = new double[starts.Length - 1];
        var tables = new byte[parts.Count * digits * LeafCodes.Count];
        for (var output = 0; output < scales.Length; output++)
        {
            var ofOutput = CollectionsMarshal.AsSpan(parts)[starts[output]..starts[output + 1]];
            scales[output] = Unit(ofOutput, digits);
            for (var i = 0; i < ofOutput.Length; i++)
            {
                var table = tables.AsSpan((starts[output] + i) * digits * LeafCodes.Count);
                WriteDigits(ofOutput[i], scales[output], digits, table);
            }

            scales[output] /= iterations;
            offsets[output] /= iterations;
        }

        return new()
        {
            Predicates = [.. planes.Keys],
            Classes = forest.Classes,
            Transform = forest.Transform,
            SigmoidScale = forest.SigmoidScale,
            Outputs = forest.TreesPerIteration,
            Trees = [.. parts.Select(part => part.Shape)],
            OutputStarts = starts,
            Branches = [.. branches],
            Digits = digits,
            Tables = tables,
            Scales = scales,
            Offsets = offsets,
        };
    }

    static int DigitsNeeded(List<TreePart> parts, int[] starts)
    {
        for (var output = 0; output + 1 < starts.Length; output++)
        {
            var ofOutput = CollectionsMarshal.AsSpan(parts)[starts[output]..starts[output + 1]];
            if (Unit(ofOutput, 4) / 2 * ofOutput.Length > ScoreTolerance)
            {
                return 5;
            }
        }

        return 4;
    }

    /// <summary>What one step of the least digit is worth, so that the largest leaf value still fits.</summary>
    static double Unit(ReadOnlySpan<TreePart> parts, int digits)
    {
        var largest = 0.0;
        foreach (var part in parts)
        {
            largest = Math.Max(largest, part.Values.Max());
        }

        return largest == 0 ? 1 : largest / ((1L << (digits * BitSlicedForest.DigitBits)) - 1);
    }

    static void WriteDigits(TreePart part, double unit, int digits, Span<byte> table)
    {
        for (var code = 0; code < LeafCodes.Count; code++)
        {
            var value = (long)Math.Round(part.Values[code] / unit);
            for (var digit = 0; digit < digits; digit++)
            {
                table[(digit * LeafCodes.Count) + code] =
                    (byte)((value >> (digit * BitSlicedForest.DigitBits)) & ((1 << BitSlicedForest.DigitBits) - 1));
            }
        }
    }
}
