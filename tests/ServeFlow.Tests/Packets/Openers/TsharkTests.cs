using System.ComponentModel;
using System.Diagnostics;
using ServeFlow.Packets;
using ServeFlow.Tests.Packets.Captures;
using Xunit;

namespace ServeFlow.Tests.Packets.Openers;

/// <summary>The decoder against tshark, where that is installed, on all samples and on frames made by hand.</summary>
public sealed class TsharkTests
{
    /// <summary>Samples that tshark leaves undecoded, or reassembles.</summary>
    static readonly string[] foreign = ["ah-ipv4-transport", "tiny-first-fragment", "tun-ip."];

    [Fact]
    public void Decode_SamplesAndFrames_AgreesWithTshark()
    {
        var samples = SampleTests.Packets().Where(packet => packet.LinkType < LinkType.BroadcomTag)
            .Where(packet => packet.LinkType != LinkType.User2 && !foreign.Any(packet.Name.StartsWith));
        var packets = OpenerFrame.All.Where(frame => !frame.IsForeign)
            .Select(frame => (frame.LinkType, frame.Bytes, Name: $"{frame}")).Concat(samples).ToList();
        var theirs = Ask(packets);

        Assert.Equal(packets.Count, theirs.Count);
        var differences = packets.Zip(theirs).Select(pair => (pair.First.Name, Ours: Ours(pair.First), pair.Second))
            .Where(entry => entry.Ours != entry.Second.Innermost)
            .Select(entry => $"{entry.Name}: {entry.Ours}, tshark {entry.Second.Innermost} ({entry.Second.Layers})");
        var text = string.Join('\n', differences);
        Assert.True(text.Length == 0, text);
    }

    static string Ours((LinkType LinkType, byte[] Bytes, string) packet)
    {
        var decoded = Decoded.From(packet.Bytes, packet.LinkType);
        var headers = decoded.Headers;
        return !decoded.IsDecoded ? "-"
            : $"{headers.Source} {headers.Destination} {headers.Protocol}" + (headers.Protocol is 6 or 17
                ? $" {headers.SourcePort} {headers.DestinationPort}"
                : "");
    }

    static List<(string Layers, string Innermost)> Ask(List<(LinkType LinkType, byte[] Bytes, string)> packets)
    {
        var path = Path.GetTempFileName();
        try
        {
            var builder = new PcapngBuilder().Section();
            packets.ForEach(packet => builder.Interface((int)packet.LinkType));
            foreach (var (index, packet) in packets.Index())
            {
                builder.Enhanced(index, 0, packet.Bytes);
            }

            File.WriteAllBytes(path, builder.ToArray());
            return [.. Run(path).Select(Innermost)];
        }
        finally
        {
            File.Delete(path);
        }
    }

    static IEnumerable<string> Run(string path)
    {
        string[] fields =
        [
            "frame.protocols", "ip.src", "ip.dst", "ip.proto", "ipv6.src", "ipv6.dst", "ipv6.nxt", "tcp.srcport",
            "tcp.dstport", "udp.srcport", "udp.dstport",
        ];
        var start = new ProcessStartInfo("tshark",
            [
                "-n", "-r", path, "-T", "fields", "-E", "occurrence=l",
                .. fields.SelectMany(name => new[] { "-e", name }),
            ])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            using var process = Process.Start(start)!;
            process.ErrorDataReceived += (_, _) => { };
            process.BeginErrorReadLine();
            return process.StandardOutput.ReadToEnd().TrimEnd('\n').Split('\n');
        }
        catch (Win32Exception)
        {
            Assert.Skip("tshark is not installed");
            return [];
        }
    }

    /// <summary>The last of two IP versions is the innermost.</summary>
    static (string Layers, string Innermost) Innermost(string line)
    {
        var cells = line.Split('\t');
        var layers = cells[0].Split(':');
        var (at4, at6) = (Array.LastIndexOf(layers, "ip"), Array.LastIndexOf(layers, "ipv6"));
        if (at4 < 0 && at6 < 0)
        {
            return (cells[0], "-");
        }

        var addresses = at4 > at6 ? 1 : 4;
        var ports = Array.IndexOf(layers, "tcp", Math.Max(at4, at6)) >= 0 ? $" {cells[7]} {cells[8]}"
            : Array.IndexOf(layers, "udp", Math.Max(at4, at6)) >= 0 ? $" {cells[9]} {cells[10]}" : "";
        return (cells[0], $"{cells[addresses]} {cells[addresses + 1]} {cells[addresses + 2]}{ports}");
    }
}
