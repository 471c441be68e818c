using ServeFlow.Cascade.Bundles;
using ServeFlow.Features;

namespace ServeFlow.Cli.Models;

/// <summary>Scores flows with every tier of a bundle: one without packets, and some of random headers.</summary>
static class TierSmokeTest
{
    const int Flows = 64;

    /// <summary>Single precision.</summary>
    const double Tolerance = 1e-3;

    /// <exception cref="InputException">A tier gives rows that are no probabilities.</exception>
    public static void Run(Bundle bundle)
    {
        foreach (var (i, tier) in bundle.Plan.Tiers.Index())
        {
            var scorer = tier.CreateScorer();
            var random = new Random(1);
            for (var flow = 0; flow < Flows; flow++)
            {
                scorer.Add(flow, Draw(random, flow == 0 ? 0 : tier.PacketDepth));
            }

            var probabilities = new float[Flows * scorer.Classes];
            scorer.Score(Flows, probabilities);
            if (probabilities.Chunk(scorer.Classes).Any(row => !(Math.Abs(row.Sum() - 1) < Tolerance)))
            {
                throw new InputException(
                    $"{Path.Combine(bundle.Folder, bundle.Manifest.Tiers[i].File)}: gives rows that "
                    + "are no probabilities; restore the bundle from its original, or train it again");
            }
        }
    }

    static HeaderRecord[] Draw(Random random, int packets)
    {
        var records = new HeaderRecord[packets];
        foreach (ref var record in records.AsSpan())
        {
            random.NextBytes(record.Bits);
            (record.Ipv4Length, record.Direction, record.Size) = (20, (byte)random.Next(2), (ushort)random.Next(1500));
            (record.TcpLength, record.UdpLength) = random.Next(2) == 0 ? ((byte)20, (byte)0) : ((byte)0, (byte)8);
        }

        return records;
    }
}
