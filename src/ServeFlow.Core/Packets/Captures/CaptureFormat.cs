using ServeFlow.Packets.Captures.Formats;
using ServeFlow.Packets.Captures.Reading;
using ServeFlow.Telemetry;

namespace ServeFlow.Packets.Captures;

/// <summary>Tells the capture formats apart by their first bytes.</summary>
static class CaptureFormat
{
    const int MagicLength = 4;

    /// <summary>The reader for what the window holds.</summary>
    /// <exception cref="InputException">It is no capture.</exception>
    public static IRecordReader CreateReader(CaptureWindow window, DamageLog damage,
        Tally<SkippedBlock> skipped, string path)
    {
        if (!window.TryBuffer(MagicLength, mayMove: true))
        {
            throw new InputException(Unreadable(window, damage, path));
        }

        if (PcapngSection.IsMagic(window.Available))
        {
            return window.TryBuffer(PcapngSection.MinLength, mayMove: true)
                ? new PcapngReader(window, damage, skipped)
                : throw new InputException(Unreadable(window, damage, path));
        }

        if (!PcapFormat.IsMagic(window.Available))
        {
            var start = Convert.ToHexString(window.Available[..MagicLength]);
            throw new InputException($"{Name(path)}: not a capture (begins with {start}); expected pcap or pcapng, " +
                                     "plain, gzip or zstd: give a capture file or a directory of them");
        }

        window.TryBuffer(PcapFormat.HeaderLength, mayMove: true);
        if (!PcapFormat.TryRead(window.Available, out var format))
        {
            throw new InputException(Unreadable(window, damage, path));
        }

        window.Advance(PcapFormat.HeaderLength);
        return new PcapReader(window, format, damage);
    }

    public static string Name(string path) => path == CaptureFile.StandardInput ? "standard input" : path;

    static string Unreadable(CaptureWindow window, DamageLog damage, string path)
    {
        if (damage.Places is [var first, ..])
        {
            return $"{Name(path)}: cannot be read ({first.Reason.Text()} at byte {first.Offset}): "
                + "copy the capture again";
        }

        var length = window.Available.Length;
        return length == 0
            ? $"{Name(path)}: empty, no capture in it: record it again or leave it out"
            : $"{Name(path)}: ends at byte {length}, inside the capture's file header: copy the capture again";
    }
}
