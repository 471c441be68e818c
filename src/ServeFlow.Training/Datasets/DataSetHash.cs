using System.Security.Cryptography;
using System.Text;

namespace ServeFlow.Training.Datasets;

/// <summary>Names a data set by content.</summary>
static class DataSetHash
{
    /// <summary>SHA-256 over captures and labels: equal for the same flows of the same files, whatever else
    /// changed.</summary>
    public static string Compute(IReadOnlyList<Capture> captures, IReadOnlyList<string> labels,
        IReadOnlyList<LabelledFlow> flows)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var capture in captures)
        {
            Append(hash, $"{capture.Path}\t{capture.Sha256}\n");
        }

        foreach (var label in labels)
        {
            Append(hash, $"{label}\n");
        }

        foreach (var flow in flows)
        {
            Append(hash, $"{flow.Capture}\t{flow.FirstNs}\t{flow.Label}\t{flow.KeptPackets}\n");
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    static void Append(IncrementalHash hash, string line) => hash.AppendData(Encoding.UTF8.GetBytes(line));
}
