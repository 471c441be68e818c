using System.Runtime.InteropServices;
using System.Text.Json.Serialization;

namespace ServeFlow.Training.Datasets;

/// <summary>
/// Held-back flows whose visible columns are the same, bit for bit, as those of a training flow: what a model can
/// know by heart. Some are honest (a device that always asks the same way); many are a leak.
/// </summary>
public static class NearDuplicates
{
    /// <summary>Counts them among <paramref name="rest"/>.</summary>
    /// <param name="depth">Packets that are compared.</param>
    public static NearDuplicateReport Count(FlowSample train, FlowSample rest, int depth)
    {
        var perClass = new int[rest.Classes.Count];
        var contradicting = 0;
        var twins = DuplicateLabels(train, rest, depth);
        foreach (var (label, twin) in rest.Labels.Zip(twins).Where(pair => pair.Second >= 0))
        {
            perClass[label]++;
            contradicting += train.Classes[twin] == rest.Classes[label] ? 0 : 1;
        }

        var classes = rest.Classes.Zip(perClass).Where(entry => entry.Second > 0)
            .OrderByDescending(entry => entry.Second).ThenBy(entry => entry.First, StringComparer.Ordinal);
        return new(depth, perClass.Sum(), rest.Count, contradicting, [.. classes]);
    }

    /// <summary>Finds the first training flow that looks like each of <paramref name="rest"/>.</summary>
    /// <returns>The label by position in <paramref name="rest"/>; −1 where there is none.</returns>
    public static int[] DuplicateLabels(FlowSample train, FlowSample rest, int depth)
    {
        var known = new Dictionary<UInt128, int>();
        foreach (var (label, hash) in train.Labels.Zip(Hashes(train, depth)))
        {
            known.TryAdd(hash, label);
        }

        return [.. Hashes(rest, depth).Select(hash => known.GetValueOrDefault(hash, -1))];
    }

    static UInt128[] Hashes(FlowSample flows, int depth)
    {
        var hashes = new UInt128[flows.Count];
        Parallel.For(0, hashes.Length, () => new float[flows.Data.Schema.ColumnsPerPacket * depth], (i, _, row) =>
        {
            hashes[i] = HashOf(flows, i, depth, row);
            return row;
        }, _ => { });
        return hashes;
    }

    /// <summary>128 bits, so that 500,000 flows collide with a probability below 1e-27.</summary>
    static UInt128 HashOf(FlowSample flows, int position, int depth, float[] row)
    {
        var packets = flows.Packets(position);
        flows.Data.Schema.ExtractAll(packets[..Math.Min(depth, packets.Length)], row);
        // Two lanes with different multipliers (the golden ratio's and SplitMix64's), each over all words.
        var (a, b) = (0x9E37_79B9_7F4A_7C15UL, 0xBF58_476D_1CE4_E5B9UL);
        foreach (var value in MemoryMarshal.Cast<float, uint>(row))
        {
            a = ulong.RotateLeft((a ^ value) * 0x9E37_79B9_7F4A_7C15, 29);
            b = ulong.RotateLeft((b + value) * 0x94D0_49BB_1331_11EB, 31) ^ (b >> 7);
        }

        return new(a, b);
    }
}

/// <summary>Near-duplicates across a split.</summary>
/// <param name="Depth">Packets that were compared.</param>
/// <param name="Flows">Held-back flows that have a twin in the training part.</param>
/// <param name="TotalFlows">Held-back flows in all.</param>
/// <param name="Contradicting">Those of them whose first twin carries another label.</param>
/// <param name="Classes">Their number in each class that has any, most first.</param>
public sealed record NearDuplicateReport([property: JsonPropertyName("packets")] int Depth, int Flows,
    [property: JsonPropertyName("of")] int TotalFlows, int Contradicting,
    [property: JsonIgnore] IReadOnlyList<(string Label, int Flows)> Classes)
{
    [JsonIgnore]
    public double Share => TotalFlows == 0 ? 0 : (double)Flows / TotalFlows;

    /// <summary>Formats the report in one line, with the three classes that have most.</summary>
    public override string ToString() => Format("held-back flows", "a training flow");

    /// <summary>Formats the report of one fold, as training sees it, in one line: the captures that are held out are
    /// not among its flows.</summary>
    public string FormatFold() => Format("flows of a fold", "one of the other folds");

    string Format(string flows, string trained) =>
        $"{Flows:N0} of {TotalFlows:N0} {flows} ({Share:P1}) look like {trained} in their first "
        + $"{(Depth == 1 ? "packet" : $"{Depth} packets")}, {Contradicting:N0} of them under another label"
        + (Classes.Count == 0 ? "" : $" ({string.Join(", ", Classes.Take(3).Select(c => $"{c.Label} {c.Flows:N0}"))})");
}
