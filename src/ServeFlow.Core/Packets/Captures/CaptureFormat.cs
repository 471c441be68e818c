using ServeFlow.Packets.Captures.Formats;
using ServeFlow.Packets.Captures.Reading;
using ServeFlow.Telemetry;

namespace ServeFlow.Packets.Captures;

/// <summary>Tells the capture formats apart by their first bytes.</summary>
static class CaptureFormat
{
    const int MagicLength = 4;

    /// <summary>Parts of names behind a dot that promise a capture; also pcap1, pcapng and the like.</summary>
    static readonly string[] Extensions = ["pcap", "cap", "dmp", "dump", "snoop", "erf", "ntar", "trc"];

    /// <summary>The reader for what the window holds.</summary>
    /// <exception cref="CaptureException">It is no capture.</exception>
    public static IRecordReader CreateReader(CaptureWindow window, DamageLog damage,
        Tally<SkippedBlock> skipped, string path)
    {
        if (!window.TryBuffer(MagicLength, mayMove: true))
        {
            throw window.Available.IsEmpty || damage.Places.Count > 0 || IsCaptureName(path)
                ? Unreadable(window, damage, path)
                : NoCapture(window, path);
        }

        if (PcapngSection.IsMagic(window.Available))
        {
            return window.TryBuffer(PcapngSection.MinLength, mayMove: true)
                ? new PcapngReader(window, damage, skipped)
                : throw Unreadable(window, damage, path);
        }

        if (!PcapFormat.IsMagic(window.Available))
        {
            throw NoCapture(window, path);
        }

        window.TryBuffer(PcapFormat.HeaderLength, mayMove: true);
        if (!PcapFormat.TryRead(window.Available, out var format))
        {
            throw Unreadable(window, damage, path);
        }

        window.Advance(PcapFormat.HeaderLength);
        return new PcapReader(window, format, damage);
    }

    public static string Name(string path) => path == CaptureFile.StandardInput ? "standard input" : path;

    static CaptureException NoCapture(CaptureWindow window, string path)
    {
        var start = Convert.ToHexString(window.Available[..Math.Min(MagicLength, window.Available.Length)]);
        return new(IsCaptureName(path) ? SkipReason.NotACapture : SkipReason.OtherFile,
            $"{Name(path)}: not a capture (begins with {start}); expected pcap or pcapng, "
            + "plain, gzip or zstd: give a capture file or a directory of them");
    }

    static bool IsCaptureName(string path) => Path.GetFileName(path).Split('.').Skip(1)
        .Any(part => Extensions.Any(known => part.StartsWith(known, StringComparison.OrdinalIgnoreCase)));

    static CaptureException Unreadable(CaptureWindow window, DamageLog damage, string path)
    {
        if (damage.Places is [var first, ..])
        {
            var reason = first.Reason == DamageReason.ReadFailed ? SkipReason.ReadFailed
                : SkipReason.CorruptCompression;
            return new(reason, $"{Name(path)}: cannot be read ({first.Reason.Text()} at byte {first.Offset}): "
                + "copy the capture again");
        }

        var length = window.Available.Length;
        return length == 0
            ? new(SkipReason.Empty, $"{Name(path)}: empty, no capture in it: record it again or leave it out")
            : new(SkipReason.CutHeader,
                $"{Name(path)}: ends at byte {length}, inside the capture's file header: copy the capture again");
    }
}
