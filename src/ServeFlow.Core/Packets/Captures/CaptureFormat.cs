using ServeFlow.Packets.Captures.Formats;
using ServeFlow.Packets.Captures.Reading;
using ServeFlow.Telemetry;

namespace ServeFlow.Packets.Captures;

/// <summary>Tells the capture formats apart by their first bytes.</summary>
static class CaptureFormat
{
    const int MagicLength = 4;

    /// <summary>Lists the parts of names behind a dot that promise a capture; also pcap1, pcapng and the
    /// like.</summary>
    static readonly string[] Extensions = ["pcap", "cap", "dmp", "dump", "snoop", "erf", "ntar", "trc"];

    /// <summary>Returns the reader for what the window holds.</summary>
    /// <param name="mayWait">Whether more may be read to tell variants of a format apart; a pipe may wait long.</param>
    /// <exception cref="CaptureException">It is no capture.</exception>
    public static IRecordReader CreateReader(CaptureWindow window, DamageLog damage,
        Tally<SkippedBlock> skipped, string path, bool mayWait)
    {
        if (!window.TryBuffer(MagicLength, mayMove: true))
        {
            throw window.Available.IsEmpty || damage.Places.Count > 0 || IsCaptureName(path)
                ? Unreadable(window, damage, path)
                : NoCapture(window, path, mayWait);
        }

        var bytes = window.Available;
        return PcapngSection.IsMagic(bytes) ? OpenPcapng(window, damage, skipped, path)
            : PcapFormat.IsMagic(bytes) ? OpenPcap(window, damage, skipped, path, mayWait)
            : TryBuffer(window, SnoopLayout.FileHeaderLength) && SnoopLayout.IsMagic(window.Available)
                ? OpenSnoop(window, damage, skipped, path, mayWait)
            : ErfLayout.IsErf(window) ? new RecordReader<ErfLayout>(window, default, damage, skipped)
            : throw NoCapture(window, path, mayWait);
    }

    static PcapngReader OpenPcapng(CaptureWindow window, DamageLog damage, Tally<SkippedBlock> skipped, string path)
    {
        if (!TryBuffer(window, PcapngSection.MinLength))
        {
            throw Unreadable(window, damage, path);
        }

        if (PcapngSection.TryReadOrder(window.Available, out var bigEndian)
            && !PcapngSection.IsSupported(window.Available, bigEndian))
        {
            var (major, minor) = PcapngSection.ReadVersion(window.Available, bigEndian);
            throw Unsupported(path, $"pcapng version {major}.{minor} is not read; version 1.0 is: write it again with "
                + "a current tool");
        }

        return new(window, damage, skipped);
    }

    static RecordReader<PcapLayout> OpenPcap(CaptureWindow window, DamageLog damage, Tally<SkippedBlock> skipped,
        string path, bool mayWait)
    {
        if (!TryBuffer(window, PcapFormat.MinLength) || !PcapFormat.TryRead(window.Available, out var format)
            || !TryBuffer(window, format.HeaderLength))
        {
            throw Unreadable(window, damage, path);
        }

        if (format.FindObjection() is { } objection)
        {
            throw Unsupported(path, objection);
        }

        window.Advance(format.HeaderLength);
        return new(window, new(PcapVariant.Find(window, format, mayWait)), damage, skipped);
    }

    static RecordReader<SnoopLayout> OpenSnoop(CaptureWindow window, DamageLog damage, Tally<SkippedBlock> skipped,
        string path, bool mayWait)
    {
        if (SnoopLayout.ReadVersion(window.Available) is var version and not (>= 2 and <= 5))
        {
            throw Unsupported(path, $"snoop version {version} is not read; versions 2 to 5 are");
        }

        window.TryBuffer(SnoopLayout.FileHeaderLength + default(SnoopLayout).HeaderLength, mayWait);
        var layout = SnoopLayout.Create(window.Available);
        window.Advance(SnoopLayout.FileHeaderLength);
        return new(window, layout, damage, skipped);
    }

    static bool TryBuffer(CaptureWindow window, int length) => window.TryBuffer(length, mayMove: true);

    static CaptureException Unsupported(string path, string why) =>
        new(SkipReason.UnsupportedFormat, $"{Name(path)}: {why}");

    /// <summary>Gets what messages call a capture.</summary>
    public static string Name(string path) =>
        path == CaptureFile.StandardInput ? "standard input" : PrintableText.Escape(path);

    static CaptureException NoCapture(CaptureWindow window, string path, bool mayWait)
    {
        window.TryBuffer(ForeignFormat.MaxLength, mayWait);
        if (ForeignFormat.Find(window.Available) is { } foreign)
        {
            return new(!foreign.IsArchive ? SkipReason.UnsupportedFormat
                : IsCaptureName(path) ? SkipReason.NotACapture : SkipReason.OtherFile,
                $"{Name(path)}: {foreign.Name}, which is not read: {foreign.Remedy}");
        }

        var start = Convert.ToHexString(window.Available[..Math.Min(MagicLength, window.Available.Length)]);
        return new(IsCaptureName(path) ? SkipReason.NotACapture : SkipReason.OtherFile,
            $"{Name(path)}: not a capture (begins with {start}); expected pcap, pcapng, "
            + "snoop or ERF, plain or compressed: give a capture file or a directory of them");
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
