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
        if (!window.TryHold(MagicLength, mayMove: true))
        {
            throw Unreadable(window, damage, path);
        }

        if (PcapngSection.IsMagic(window.Available))
        {
            return window.TryHold(PcapngSection.MinLength, mayMove: true)
                ? new PcapngReader(window, damage, skipped)
                : throw Unreadable(window, damage, path);
        }

        if (!PcapFormat.IsMagic(window.Available))
        {
            throw new InputException($"{Name(path)}: not a capture (begins with {Convert.ToHexString(window.Available[..4])
                }); expected pcap or pcapng, plain, gzip or zstd: give a capture file or a directory of them");
        }

        window.TryHold(PcapFormat.HeaderLength, mayMove: true);
        if (!PcapFormat.TryRead(window.Available, out var format))
        {
            throw Unreadable(window, damage, path);
        }

        window.Advance(PcapFormat.HeaderLength);
        return new PcapReader(window, format, damage);
    }

    public static string Name(string path) => path == CaptureFile.StandardInput ? "standard input" : path;

    static InputException Unreadable(CaptureWindow window, DamageLog damage, string path)
    {
        var length = window.Available.Length;
        return new(damage.Counts.Total > 0
            ? $"{Name(path)}: cannot be read ({damage.Places[0].Reason.Text()} at byte {damage.Places[0].Offset
                }): copy the capture again"
            : length == 0
                ? $"{Name(path)}: empty, no capture in it: record it again or leave it out"
                : $"{Name(path)}: ends at byte {length}, inside the capture's file header: copy the capture again");
    }
}
