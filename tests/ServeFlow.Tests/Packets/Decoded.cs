using ServeFlow.Packets;
using ServeFlow.Packets.Headers;
using ServeFlow.Telemetry;

namespace ServeFlow.Tests.Packets;

/// <summary>What the decoder made of one packet, from bytes of exactly its length.</summary>
sealed unsafe class Decoded
{
    readonly PacketHeaders headers;

    Decoded(bool isDecoded, in PacketHeaders headers, Tally<IgnoreReason> ignored) =>
        (IsDecoded, this.headers, Ignored) = (isDecoded, headers, ignored);

    public bool IsDecoded { get; }

    public ref readonly PacketHeaders Headers => ref headers;

    public Tally<IgnoreReason> Ignored { get; }

    /// <summary>The one reason that was counted.</summary>
    public IgnoreReason Why => Ignored.NonZero().Single().Reason;

    public string Tuple =>
        $"{headers.Source}:{headers.SourcePort}>{headers.Destination}:{headers.DestinationPort}/{headers.Protocol}";

    public static Decoded From(ReadOnlySpan<byte> bytes, LinkType linkType = LinkType.Ethernet, int? original = null)
    {
        var ignored = new Tally<IgnoreReason>();
        fixed (byte* data = bytes)
        {
            var slot = new PacketSlot(data, bytes.Length, original ?? bytes.Length, 0, linkType, 0, 1);
            var isDecoded = PacketDecoder.TryDecode(slot, out var headers, ignored);
            return new(isDecoded, headers, ignored);
        }
    }
}
