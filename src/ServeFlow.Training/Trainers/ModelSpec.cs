using System.Globalization;
using ServeFlow.Cascade.Bundles;

namespace ServeFlow.Training.Trainers;

/// <summary>Represents a kind of model at a packet depth, written <c>lgbm@10</c>.</summary>
public readonly record struct ModelSpec(string Model, int Depth)
{
    /// <summary>Parses <c>dt@1,lgbm@1,lgbm@10</c>.</summary>
    /// <exception cref="InputException">A part is not MODEL@PACKETS, or packets fall from one to the next.</exception>
    public static IReadOnlyList<ModelSpec> ParseList(string text)
    {
        var tiers = text.Split(',').Select(part => Parse(part.Trim(), text)).ToList();
        for (var t = 1; t < tiers.Count; t++)
        {
            if (tiers[t].Depth < tiers[t - 1].Depth)
            {
                throw new InputException($"tiers {text}: {tiers[t]} comes after {tiers[t - 1]}, which waits for more "
                    + "packets; order the tiers by packets")
                {
                    Settings = [Setting.Tiers],
                };
            }
        }

        return tiers.Distinct().Count() == tiers.Count
            ? tiers
            : throw new InputException($"tiers {text}: a tier occurs twice; name each once")
            {
                Settings = [Setting.Tiers],
            };
    }

    public override string ToString() => $"{Model}@{Depth}";

    static ModelSpec Parse(string part, string whole)
    {
        var at = part.IndexOf('@');
        return at > 0
            && int.TryParse(part.AsSpan(at + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var depth)
            && depth is >= 1 and <= BundleLimits.MaxPackets
                ? new(part[..at], depth)
                : throw new InputException($"tiers {whole}: '{part}' is not MODEL@PACKETS with 1 to "
                    + $"{BundleLimits.MaxPackets} packets; write it like lgbm@10")
                {
                    Settings = [Setting.Tiers],
                };
    }
}
